import { useRef, useState } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, getRouteApi, useNavigate } from '@tanstack/react-router';
import { answer, api } from '../api/client';
import { near } from '../search/range';
import { useMay } from '../session/session';
import { Waiting } from '../ui/EventView';
import { ago, exact, moment, number, when } from '../ui/format';
import { useKeys } from '../ui/keys';
import { CopyButton, Key, ProblemBox } from '../ui/parts';
import { UNDO_MS, failed, said } from '../ui/toast';
import { SuppressionForm } from './SuppressionForm';
import { SUPPRESSIONS, again, content, create, remove, told, type Suppression } from './suppressions';

const route = getRouteApi('/suppressions');
const TONE: Record<Suppression['state'], string> = { active: 'c-ok', waiting: 'c-low', expired: 'c-quiet' };

/** What is not to become an alert: by whom, why, until when, and what it has hidden. */
export default function SuppressionsPage() {
  const search = route.useSearch();
  const nav = useNavigate({ from: '/suppressions' });
  const client = useQueryClient();
  const may = useMay('suppressions:write');
  const list = useQuery(SUPPRESSIONS);
  const all = list.data?.suppressions ?? [];
  const id = search.suppression ?? all[0]?.id;
  const current = all.find((s) => s.id === id);
  const [changing, setChanging] = useState(false);
  const open = (suppression: string | undefined, replace = false) => void nav({ search: { suppression }, replace });
  const undo = useRef<{ until: number; run: () => void }>(undefined);
  const drop = async (s: Suppression) => {
    // It comes back with a count of its own; what has ended hides nothing and needs no way back.
    const back = () => { undo.current = undefined; void create(content(s)).then((n) => again(client).then(() => open(n.id, true))).catch((e: unknown) => failed('Not undone', e instanceof Error ? e.message : String(e))); };
    try {
      await remove(s.id);
      const ended = s.state === 'expired';
      undo.current = ended ? undefined : { until: Date.now() + UNDO_MS, run: back };
      said(ended ? 'Deleted' : 'Deleted: such alerts come again', ended ? undefined : back);
      open(undefined, true);
    } catch (e) {
      failed('It is still there', e instanceof Error ? e.message : String(e));
    }
    await again(client);
  };
  const move = (d: number) => {
    const i = all.findIndex((s) => s.id === id);
    const next = all[i < 0 ? 0 : Math.max(0, Math.min(all.length - 1, i + d))];
    if (next) open(next.id, true);
  };
  useKeys([
    { keys: ['j', 'ArrowDown'], label: 'Next', group: 'Move', run: () => move(1) },
    { keys: ['k', 'ArrowUp'], label: 'Previous', group: 'Move', run: () => move(-1) },
    ...(may ? [
      { keys: ['c'], label: 'Hide alerts', group: 'Suppression', run: () => void nav({ search: { make: true } }) },
      { keys: ['e'], label: 'Change it', group: 'Suppression', run: () => { if (current) setChanging(true); } },
      { keys: ['d'], label: 'Delete it', group: 'Suppression', run: () => { if (current) void drop(current); } },
      { keys: ['u'], label: 'Undo', group: 'Suppression', run: () => { if (undo.current && undo.current.until > Date.now()) undo.current.run(); } },
    ] : []),
  ]);
  return (
    <div className="hunts">
      <aside className="hside" aria-label="All suppressions">
        <header><h1>Suppressions</h1><span className="muted">{list.data ? number(all.length) : ''}</span><span className="grow1" />{may ? <button type="button" className="btn" onClick={() => void nav({ search: { make: true } })}>Hide alerts <Key k="c" /></button> : null}</header>
        {list.isError ? <div className="pad"><ProblemBox problem={list.error} retry={() => void list.refetch()} /></div> : null}
        {list.isPending ? <div className="pad"><Waiting /></div> : null}
        <ul className="hlist" aria-label="Suppressions">
          {all.map((s) => (
            <li key={s.id}>
              <button type="button" aria-current={s.id === id || undefined} onClick={() => open(s.id)}>
                <span className="ht" title={s.reason}>{s.reason}</span>
                <span className="hm muted"><span className="ht mono">{told(s)}</span></span>
                <span className="hm muted"><span className={`pill ${TONE[s.state]}`}>{s.state}</span>{number(s.hits)} hidden<span className="grow1" />{s.state === 'expired' ? 'since' : 'until'} {moment(s.state === 'waiting' ? s.starts_at : s.expires_at)}</span>
              </button>
            </li>
          ))}
        </ul>
      </aside>
      <div className="hmain" tabIndex={0} role="region" aria-label="Suppression">
        {list.data && all.length === 0 ? <div className="empty"><h2>Nothing is hidden</h2><p className="muted">When a rule fires on what is meant to be, a backup, a scanner, an exercise, hide just that: open such an alert and press <Key k="h" />, or write it here. Each one has a reason, an owner and an end, says first what it would have hidden, and counts what it hides.</p>{may ? <div className="row"><button type="button" className="btn" data-primary onClick={() => void nav({ search: { make: true } })}>Hide alerts <Key k="c" /></button></div> : null}</div> : null}
        {list.data && search.suppression && !current && all.length > 0 ? <div className="empty"><h2>There is no such suppression here</h2><p className="muted">It may have been deleted.</p></div> : null}
        {current ? <Detail key={current.id} of={current} may={may} change={() => setChanging(true)} drop={() => void drop(current)} /> : null}
      </div>
      {may && current ? <SuppressionForm opened={changing} close={() => setChanging(false)} of={current} saved={() => {}} /> : null}
      {may ? <SuppressionForm opened={search.make === true} close={() => open(undefined, true)} of={search} saved={(s) => open(s.id, true)} /> : null}
    </div>
  );
}

function Detail({ of, may, change, drop }: { of: Suppression; may: boolean; change: () => void; drop: () => void }) {
  const detail = useQuery({ queryKey: ['suppression', of.id, of.hits], queryFn: ({ signal }) => answer(api.GET('/v1/suppressions/{id}', { params: { path: { id: of.id } }, signal })) });
  const newest = detail.data?.newest ?? [];
  return (
    <>
      <header className="dhead">
        <div className="row wrap">
          <h2 className="grow1">{of.reason}</h2>
          <span className={`pill ${TONE[of.state]}`}>{of.state}</span>
          <CopyButton text={`${window.location.origin}/suppressions?suppression=${of.id}`} label="Copy a link to this suppression">Link</CopyButton>
          {may ? <><button type="button" className="btn" onClick={drop}>Delete <Key k="d" /></button><button type="button" className="btn" data-primary onClick={change}>Change <Key k="e" /></button></> : null}
        </div>
        <dl className="kv">
          <dt>Rules</dt><dd>{of.rules.length === 0 ? 'any' : of.rules.map((r) => <div key={r}><Link to="/rules" search={{ rule: r }} className="mono">{r}</Link></div>)}</dd>
          <dt>Names</dt><dd className="mono">{of.entity ?? 'anybody'}</dd>
          <dt>Events</dt><dd className="mono">{of.query || 'any'}</dd>
          <dt>Time</dt><dd>{exact(of.starts_at)} to {exact(of.expires_at)}</dd>
          <dt>Owner</dt><dd>{of.owner}, {when(of.created_at)}{of.version > 1 ? `; changed ${when(of.updated_at)}` : ''}</dd>
          <dt>Hidden</dt><dd>{number(of.hits)}{of.last_hit_at ? `, the last ${ago(of.last_hit_at, Date.now())}` : ''}</dd>
        </dl>
      </header>
      {detail.isError ? <div className="pad"><ProblemBox problem={detail.error} retry={() => void detail.refetch()} /></div> : null}
      {detail.data && newest.length === 0 ? <div className="empty"><h2>It has hidden nothing yet</h2><p className="muted">What it hides is listed here, with the event that it was about.</p></div> : null}
      {newest.length > 0 ? <section className="pad"><h3 className="cap">What it hid last</h3><ul className="hist" aria-label="What it hid last">{newest.map((h) => <li key={h.event_id + h.rule_id} className="row"><span className="mono muted">{exact(h.time)}</span><span className="grow1">{h.title}</span><Link to="/search" search={{ event: h.event_id, ...near(h.time) }}>its event</Link></li>)}</ul></section> : null}
    </>
  );
}
