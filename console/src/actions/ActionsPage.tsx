import { useRef } from 'react';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, getRouteApi, useNavigate } from '@tanstack/react-router';
import { Refused } from '../api/client';
import { Waiting } from '../ui/EventView';
import { RailBox } from '../ui/RailBox';
import { Words } from '../ui/Words';
import { exact, when } from '../ui/format';
import { useHeld } from '../ui/held';
import { CloseIcon } from '../ui/icons';
import { useKeys } from '../ui/keys';
import { CopyButton, Key, ProblemBox } from '../ui/parts';
import { ActionBody, ActionHead } from './ActionView';
import { DecideButtons, useDecide } from './Decide';
import { SPANS, instant, readActions, type ActionSearch } from './address';
import { useLiveResponse } from './live';
import { ActionPill, RadiusLabel } from './parts';
import { CATALOGUE, STATUS, STATUSES, actionOf, actions, asker, isTask, named, refetching } from './respond';

const route = getRouteApi('/actions');
const PAGE = 100;

/** Everything that was asked for, and what became of it. */
export default function ActionsPage() {
  const search = readActions(route.useSearch());
  const nav = useNavigate({ from: '/actions' });
  const words = useRef<HTMLInputElement>(null);
  const { at, ...filter } = search;
  const key = JSON.stringify(filter);
  const since = instant(filter.since);
  const found = useInfiniteQuery({
    queryKey: ['actions', 'log', filter, since],
    queryFn: ({ signal, pageParam }) => actions({ status: filter.status, action: filter.action, target: filter.target, run: filter.run, since, limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) }, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: refetching,
  });
  useLiveResponse({ action: [['actions', 'log'], ['actions', 'one']] });
  const catalogue = useQuery({ ...CATALOGUE, retry: false });
  const held = useHeld(found.isPlaceholderData ? undefined : found.data?.pages.flatMap((p) => p.actions), key, at !== undefined);
  const rows = held.rows;
  const index = rows.findIndex((r) => r.id === at);
  const row = rows[index];
  const beside = useQuery({ ...actionOf(at ?? ''), enabled: at !== undefined && found.data !== undefined && (row === undefined || row.gone === true) });
  const a = row && !row.gone ? row : (beside.data ?? row);
  const change = (c: Partial<ActionSearch>) => void nav({ search: (p) => ({ ...p, ...c }), replace: true });
  const clear = () => change({ status: undefined, action: undefined, target: undefined, run: undefined, since: undefined });
  const move = (d: number) => {
    const next = rows[index < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, index + d))];
    if (!next) return;
    change({ at: next.id });
    document.getElementById(`action-${next.id}`)?.scrollIntoView({ block: 'nearest' });
    if (index + d >= rows.length - 5 && found.hasNextPage && !found.isFetchingNextPage) void found.fetchNextPage();
  };
  const decide = useDecide(a);
  const narrowed = key !== '{}';
  useKeys([
    { keys: ['j', 'ArrowDown'], label: 'Next action', group: 'Move', run: () => move(1) },
    { keys: ['k', 'ArrowUp'], label: 'Previous action', group: 'Move', run: () => move(-1) },
    { keys: ['.'], label: 'Show new actions', group: 'Move', run: held.show },
    { keys: ['Escape'], label: 'Close the details', group: 'Move', run: () => change({ at: undefined }) },
    { keys: ['/'], label: 'Target', group: 'Filter', run: () => words.current?.focus() },
    { keys: ['0'], label: 'All filters off', group: 'Filter', run: clear },
    ...decide.keys,
  ]);
  return (
    <div className="withrail">
      <div className="casesq" data-fresh={held.fresh > 0 || undefined}>
        <header className="casehead">
          <div className="row wrap"><h1>Actions log</h1><span className="grow1" /><Link className="btn" to="/approvals">What waits <Key k="g z" /></Link><Words id="action-target" label="Target, whole" q={search.target} change={(target) => change({ target })} input={words} /></div>
          <div className="row wrap">
            <label className="row">Status<select className="input" value={search.status ?? ''} onChange={(e) => change({ status: STATUSES.find((s) => s === e.target.value) })}><option value="">any</option>{STATUSES.map((s) => <option key={s} value={s}>{STATUS[s].label}</option>)}</select></label>
            <label className="row">Action<select className="input" value={search.action ?? ''} onChange={(e) => change({ action: e.target.value || undefined })}><option value="">any</option><option value="task">Tasks for people</option>{catalogue.data?.actions.map((k) => <option key={k.action} value={k.action}>{k.title}</option>)}{search.action && search.action !== 'task' && !catalogue.data?.actions.some((k) => k.action === search.action) ? <option value={search.action}>{search.action}</option> : null}</select></label>
            <div className="seg" role="group" aria-label="Since">{[undefined, ...SPANS].map((s) => <button type="button" key={s ?? 'ever'} aria-pressed={search.since === s} onClick={() => change({ since: s })}>{s ?? 'ever'}</button>)}</div>
            {search.run ? <span className="chip">of one run <button type="button" className="icon" aria-label="Of every run" onClick={() => change({ run: undefined })}><CloseIcon size={13} /></button></span> : null}
            {narrowed ? <button type="button" className="btn" onClick={clear}>Clear <Key k="0" /></button> : null}
          </div>
        </header>
        {held.fresh > 0 ? <button type="button" className="newbar" onClick={held.show}><span role="status">{held.fresh} new</span> · press <Key k="." /> to show</button> : null}
        <div className="caselist" tabIndex={0} role="region" aria-label="List of actions">
          {found.isError ? <div className="pad"><ProblemBox problem={found.error} retry={() => void found.refetch()} /></div> : null}
          {found.isPending ? <div className="pad"><Waiting /></div> : null}
          {found.data && !found.isPlaceholderData && rows.length === 0 ? <div className="empty">{narrowed ? <><h2>No action fits</h2><button type="button" className="btn" onClick={clear}>All filters off <Key k="0" /></button></> : <><h2>Nothing was asked for yet</h2><p className="muted">Whatever a playbook or a person asks for is listed here for good: what exactly, who agreed, what became of it, and how it was taken back. On an alert or case press <Key k="R" /> to respond.</p><Link className="btn" to="/alerts">Go to the alerts</Link></>}</div> : null}
          {rows.length > 0 ? (
            <table className="tbl casetbl actiontbl">
              <thead><tr><th scope="col">Asked</th><th scope="col">Action</th><th scope="col">Target</th><th scope="col">State</th><th scope="col">Blast radius</th><th scope="col">About</th><th scope="col">By</th></tr></thead>
              <tbody>{rows.map((r) => (
                <tr key={r.id} id={`action-${r.id}`} data-gone={r.gone || undefined} aria-current={r.id === at || undefined} onClick={() => change({ at: r.id })}>
                  <td className="mono nowrap" title={exact(r.requested_at)}>{when(r.requested_at)}</td>
                  <td><button type="button" className="link caselink">{named(r)}</button></td>
                  <td className="mono">{isTask(r) ? '' : r.target}</td>
                  <td className="nowrap">{r.gone ? <span className="tag" title="It changed, and fits the filters no longer">changed</span> : <ActionPill a={r} />}{r.verification?.state === 'not_so' ? <> <span className="pill c-critical">does not hold</span></> : null}</td>
                  <td className="nowrap">{isTask(r) ? '' : <RadiusLabel of={r.radius} />}</td>
                  <td>{r.about_title ?? <span className="muted">nothing</span>}</td>
                  <td className="nowrap">{asker(r)}</td>
                </tr>
              ))}</tbody>
            </table>
          ) : null}
          {found.hasNextPage ? <p className="pad"><button type="button" className="btn" disabled={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>Older ones</button></p> : null}
        </div>
        <div className="status"><span><Key k="j" /> <Key k="k" /> move</span><span><Key k="y" /> approve</span><span><Key k="n" /> refuse</span><span><Key k="a" /> answer</span><span><Key k="b" /> roll back</span><span className="sep">{rows.length > 0 ? `${rows.length}${found.hasNextPage ? '+' : ''}` : ''}</span></div>
      </div>
      {at !== undefined ? (
        <RailBox><aside className="rail" aria-label="Action">
          <div className="railhead"><div className="row"><span className="grow1" /><CopyButton text={`${window.location.origin}/actions?at=${at}`} label="Copy a link to this action" /><button type="button" className="icon" aria-label="Close the details" title="Close (Esc)" onClick={() => change({ at: undefined })}><CloseIcon size={17} /></button></div>{a ? <><ActionHead a={a} /><DecideButtons a={a} ask={decide.ask} busy={decide.busy} /></> : null}</div>
          <div className="railbody" tabIndex={0} role="region" aria-label="Details of the action" style={{ paddingTop: 14 }}>{a ? <ActionBody a={a} /> : beside.isError ? (beside.error instanceof Refused && beside.error.status === 404 ? <p>There is no such action here. It may belong to another tenant.</p> : <ProblemBox problem={beside.error} retry={() => void beside.refetch()} />) : <Waiting />}</div>
        </aside></RailBox>
      ) : null}
      {decide.windows}
    </div>
  );
}
