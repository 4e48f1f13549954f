import { Link } from '@tanstack/react-router';
import { label } from '../search/range';
import { ago, exact } from '../ui/format';
import { EditIcon, LockIcon, SharedIcon, TrashIcon } from '../ui/icons';
import { toSearch, type View } from './views';

type Props = {
  views: readonly View[];
  at: string | undefined;
  may: boolean;
  renaming: string | undefined;
  setRenaming: (id: string | undefined) => void;
  place: (id: string) => void;
  rename: (v: View, name: string) => void;
  share: (v: View) => void;
  drop: (v: View) => void;
};

export function ViewTable(p: Props) {
  return (
    <div className="card scrollx" tabIndex={0} role="region" aria-label="Table of saved searches">
      <table className="tbl vtable">
        <thead><tr><th scope="col">Name</th><th scope="col">Query</th><th scope="col">Time</th><th scope="col">Who sees it</th><th scope="col">Changed</th><th scope="col"><span className="vh">Acts</span></th></tr></thead>
        <tbody>{p.views.map((v) => <Row key={v.id} v={v} {...p} />)}</tbody>
      </table>
    </div>
  );
}

function Row({ v, at, may, renaming, setRenaming, place, rename, share, drop }: Props & { v: View }) {
  const edit = may && v.editable;
  const keep = (value: string) => {
    setRenaming(undefined);
    const name = value.trim();
    if (name && name !== v.name) rename(v, name);
  };
  return (
    <tr id={`view-${v.id}`} data-at={v.id === at || undefined} data-view={v.name} onClick={() => place(v.id)}>
      <td className="said">
        {renaming === v.id ? (
          <input className="input" aria-label={`New name of ${v.name}`} defaultValue={v.name} maxLength={120} autoFocus onFocus={(e) => e.target.select()} onBlur={(e) => keep(e.target.value)} onKeyDown={(e) => { if (e.key === 'Enter') keep(e.currentTarget.value); if (e.key === 'Escape') setRenaming(undefined); }} />
        ) : <Link to="/search" search={toSearch(v)}><strong>{v.name}</strong></Link>}
        {v.description ? <div className="muted small">{v.description}</div> : null}
      </td>
      <td className="vquery"><span className="mono" title={v.query}>{v.query || (v.rule ? 'events on which a rule fires' : 'everything')}</span></td>
      <td className="nowrap muted">{v.last || v.from ? label({ last: v.last ?? undefined, from: v.from ?? undefined, to: v.to ?? undefined }) : 'as it is set'}</td>
      <td className="nowrap">{v.shared ? <span className="row"><SharedIcon size={14} />everybody{v.mine ? '' : `, by ${v.owner}`}</span> : <span className="row muted"><LockIcon size={14} />only you</span>}</td>
      <td className="nowrap muted" title={exact(v.updated_at)}>{ago(v.updated_at, Date.now())}</td>
      <td className="nowrap num">
        {edit ? (
          <>
            <button type="button" className="icon" aria-label={`Rename ${v.name}`} title="Rename (r)" onClick={() => setRenaming(v.id)}><EditIcon size={15} /></button>
            <button type="button" className="icon" aria-label={v.shared ? `Keep ${v.name} to yourself` : `Share ${v.name}`} title={v.shared ? 'Only for its owner (s)' : 'Share with everybody here (s)'} onClick={() => share(v)}>{v.shared ? <LockIcon size={15} /> : <SharedIcon size={15} />}</button>
            <button type="button" className="icon" aria-label={`Delete ${v.name}`} title="Delete (d)" onClick={(e) => { e.stopPropagation(); drop(v); }}><TrashIcon size={15} /></button>
          </>
        ) : null}
      </td>
    </tr>
  );
}
