import type { MouseEvent } from 'react';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link, getRouteApi, useNavigate } from '@tanstack/react-router';
import { SPANS, instant } from '../actions/address';
import { useLiveResponse } from '../actions/live';
import { AboutLink, useNow } from '../actions/parts';
import { refetching } from '../actions/respond';
import { Waiting } from '../ui/EventView';
import { actor, exact, when } from '../ui/format';
import { useHeld } from '../ui/held';
import { CloseIcon } from '../ui/icons';
import { useKeys } from '../ui/keys';
import { Key, ProblemBox } from '../ui/parts';
import { RUN_STATUSES, readRuns, type RunsSearch } from './address';
import { RunPill } from './parts';
import { PLAYBOOKS, runsOf, took } from './runs';

const route = getRouteApi('/runs');
const PAGE = 100;
const STATUS_LABEL = { running: 'Running', waiting: 'Wait for a person', succeeded: 'Succeeded', failed: 'Failed', cancelled: 'Cancelled' } as const;

/** A link goes where it leads; the row is not chosen on the way, which would lead back. */
const stay = (e: MouseEvent) => e.stopPropagation();

/** Every run of every playbook, the newest first. */
export default function RunsPage() {
  const { at, ...filter } = readRuns(route.useSearch());
  const nav = useNavigate({ from: '/runs' });
  const goto = useNavigate();
  const now = useNow();
  const key = JSON.stringify(filter);
  const since = instant(filter.since);
  const found = useInfiniteQuery({
    queryKey: ['runs', 'list', filter, since],
    queryFn: ({ signal, pageParam }) => runsOf({ status: filter.status, playbook: filter.playbook, about: filter.about, since, limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) }, signal),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: refetching,
  });
  useLiveResponse({ run: [['runs', 'list']] });
  const playbooks = useQuery({ ...PLAYBOOKS, retry: false });
  const held = useHeld(found.isPlaceholderData ? undefined : found.data?.pages.flatMap((p) => p.runs), key, at !== undefined);
  const rows = held.rows;
  const index = rows.findIndex((r) => r.id === at);
  const change = (c: Partial<RunsSearch>) => void nav({ search: (p) => ({ ...p, ...c }), replace: true });
  const clear = () => change({ status: undefined, playbook: undefined, about: undefined, since: undefined });
  const move = (d: number) => {
    const next = rows[index < 0 ? 0 : Math.max(0, Math.min(rows.length - 1, index + d))];
    if (!next) return;
    change({ at: next.id });
    document.getElementById(`run-${next.id}`)?.scrollIntoView({ block: 'nearest' });
    if (index + d >= rows.length - 5 && found.hasNextPage && !found.isFetchingNextPage) void found.fetchNextPage();
  };
  const open = () => { const r = rows[index] ?? rows[0]; if (r) void goto({ to: '/runs/$id', params: { id: r.id } }); };
  const status = (s: (typeof RUN_STATUSES)[number]) => change({ status: filter.status === s ? undefined : s, at: undefined });
  const narrowed = key !== '{}';
  useKeys([
    { keys: ['j', 'ArrowDown'], label: 'Next run', group: 'Move', run: () => move(1) },
    { keys: ['k', 'ArrowUp'], label: 'Previous run', group: 'Move', run: () => move(-1) },
    { keys: ['o', 'Enter'], label: 'Open the run', group: 'Run', run: open },
    { keys: ['.'], label: 'Show new runs', group: 'Move', run: held.show },
    { keys: ['Escape'], label: 'Let new runs come by themselves', group: 'Move', run: () => change({ at: undefined }) },
    ...RUN_STATUSES.map((s, i) => ({ keys: [String(i + 1)], label: `Only: ${STATUS_LABEL[s].toLowerCase()}, or not`, group: 'Filter', run: () => status(s) })),
    { keys: ['0'], label: 'All filters off', group: 'Filter', run: clear },
  ]);
  return (
    <div className="casesq" data-fresh={held.fresh > 0 || undefined}>
      <header className="casehead">
        <div className="row wrap"><h1>Runs</h1><span className="muted">of all playbooks</span></div>
        <div className="row wrap">
          <div className="seg" role="group" aria-label="Status">{RUN_STATUSES.map((s, i) => <button type="button" key={s} aria-pressed={filter.status === s} onClick={() => status(s)}>{STATUS_LABEL[s]} <Key k={String(i + 1)} /></button>)}</div>
          <label className="row">Playbook<select className="input" style={{ maxWidth: 260 }} value={filter.playbook ?? ''} onChange={(e) => change({ playbook: e.target.value || undefined, at: undefined })}><option value="">any</option>{playbooks.data?.playbooks.map((p) => <option key={p.id} value={p.id}>{p.name}</option>)}{filter.playbook && !playbooks.data?.playbooks.some((p) => p.id === filter.playbook) ? <option value={filter.playbook}>{rows[0]?.name ?? filter.playbook}</option> : null}</select></label>
          <div className="seg" role="group" aria-label="Since">{[undefined, ...SPANS].map((s) => <button type="button" key={s ?? 'ever'} aria-pressed={filter.since === s} onClick={() => change({ since: s, at: undefined })}>{s ?? 'ever'}</button>)}</div>
          {filter.about ? <span className="chip">about one {filter.about.split(':')[0]} <button type="button" className="icon" aria-label="About anything" onClick={() => change({ about: undefined })}><CloseIcon size={13} /></button></span> : null}
          {narrowed ? <button type="button" className="btn" onClick={clear}>Clear <Key k="0" /></button> : null}
        </div>
      </header>
      {held.fresh > 0 ? <button type="button" className="newbar" onClick={held.show}><span role="status">{held.fresh} new {held.fresh === 1 ? 'run' : 'runs'}</span> · press <Key k="." /> to show</button> : null}
      <div className="caselist" tabIndex={0} role="region" aria-label="List of runs">
        {found.isError ? <div className="pad"><ProblemBox problem={found.error} retry={() => void found.refetch()} /></div> : null}
        {found.isPending ? <div className="pad"><Waiting /></div> : null}
        {found.data && !found.isPlaceholderData && rows.length === 0 ? <div className="empty">{narrowed ? <><h2>No run fits</h2><button type="button" className="btn" onClick={clear}>All filters off <Key k="0" /></button></> : <><h2>No playbook has run yet</h2><p className="muted">A playbook runs when its trigger fires, or when you start it: on an alert or a case press <Key k="R" /> and choose one. Each run is kept with every step, what it read and gave, and who agreed to what.</p><Link className="btn" to="/alerts">Go to the alerts</Link></>}</div> : null}
        {rows.length > 0 ? (
          <table className="tbl casetbl">
            <thead><tr><th scope="col">Started</th><th scope="col">Playbook</th><th scope="col">State</th><th scope="col">About</th><th scope="col" className="num">Steps</th><th scope="col">Took</th><th scope="col">Started by</th></tr></thead>
            <tbody>{rows.map((r) => (
              <tr key={r.id} id={`run-${r.id}`} data-gone={r.gone || undefined} aria-current={r.id === at || undefined} onClick={() => change({ at: r.id })}>
                <td className="mono nowrap" title={exact(r.started_at)}>{when(r.started_at)}</td>
                <td><Link className="caselink" to="/runs/$id" params={{ id: r.id }} onClick={stay}>{r.name}</Link>{r.parent ? <span className="muted"> called by another</span> : null}{r.retried_from ? <span className="muted"> retried</span> : null}</td>
                <td>{r.gone ? <span className="tag" title="It changed, and fits the filters no longer">changed</span> : <RunPill r={r} />}{r.reason && r.status !== 'running' ? <span className="muted"> {r.reason}</span> : null}</td>
                <td onClick={stay}>{r.about ? <AboutLink about={r.about} title={r.about_title} /> : <span className="muted">nothing</span>}</td>
                <td className="num">{r.steps_done}</td>
                <td className="nowrap muted">{took(r.started_at, r.ended_at ?? new Date(now).toISOString())}</td>
                <td className="nowrap">{r.parent ? 'another run' : actor(r.started_by)}</td>
              </tr>
            ))}</tbody>
          </table>
        ) : null}
        {found.hasNextPage ? <p className="pad"><button type="button" className="btn" disabled={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>Older ones</button></p> : null}
      </div>
      <div className="status"><span><Key k="j" /> <Key k="k" /> move</span><span><Key k="Enter" /> open</span><span><Key k="2" /> wait for a person</span><span><Key k="4" /> failed</span><span className="sep">{rows.length > 0 ? `${rows.length}${found.hasNextPage ? '+' : ''}` : ''}</span></div>
    </div>
  );
}
