import { Suspense, lazy, useState } from 'react';
import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, getRouteApi, useNavigate } from '@tanstack/react-router';
import { useLiveResponse } from '../actions/live';
import { ActionPill } from '../actions/parts';
import { actions, asker, named, refetching } from '../actions/respond';
import { type MarsadEvent } from '../api/client';
import { useMay } from '../session/session';
import { Dialog } from '../ui/Dialog';
import { Waiting } from '../ui/EventView';
import { ago, exact, number } from '../ui/format';
import { useKeys } from '../ui/keys';
import { CopyButton, Key, ProblemBox } from '../ui/parts';
import { failed, said } from '../ui/toast';
import { EnrollDialog } from './EnrollDialog';
import { Nearby } from './Nearby';
import { OsqueryItself } from './OsqueryItself';
import { TONE, find, latestOf, page, revoke, standing, type Endpoint } from './endpoints';

const RespondButton = lazy(() => import('../actions/RespondButton'));
const route = getRouteApi('/endpoints');
const REFRESH_MS = 15_000;

/** The hosts that report: which, since when, by what, and what they said last. */
export default function EndpointsPage() {
  const search = route.useSearch();
  const nav = useNavigate({ from: '/endpoints' });
  const may = useMay('endpoints:manage');
  const asks = useMay('endpoints:query');
  const q = search.q ?? '';
  const list = useInfiniteQuery({ queryKey: ['endpoints', q], queryFn: ({ signal, pageParam }) => page(q, pageParam, signal), initialPageParam: undefined as string | undefined, getNextPageParam: (last) => last.next ?? undefined, refetchInterval: REFRESH_MS });
  const all = list.data?.pages.flatMap((p) => p.endpoints) ?? [];
  const id = search.host ?? all[0]?.id;
  const go = (change: Partial<typeof search>, replace = false) => void nav({ search: { ...search, ...change }, replace });
  const move = (d: number) => {
    const i = all.findIndex((e) => e.id === id);
    const next = all[i < 0 ? 0 : Math.max(0, Math.min(all.length - 1, i + d))];
    if (next) go({ host: next.id }, true);
  };
  useKeys([
    { keys: ['j', 'ArrowDown'], label: 'Next', group: 'Move', run: () => move(1) },
    { keys: ['k', 'ArrowUp'], label: 'Previous', group: 'Move', run: () => move(-1) },
    { keys: ['/'], label: 'Find a host', group: 'Endpoints', run: () => document.getElementById('find-host')?.focus() },
    ...(may ? [{ keys: ['n'], label: 'Let hosts in', group: 'Endpoints', run: () => go({ enroll: true }) }] : []),
    ...(asks ? [{ keys: ['x'], label: 'Ask this host', group: 'Endpoints', run: () => { if (id) void nav({ to: '/live-queries', search: { host: id } }); } }] : []),
  ]);
  const now = list.dataUpdatedAt || Date.now();
  return (
    <div className="hunts">
      <aside className="hside" aria-label="All endpoints">
        <header><h1>Endpoints</h1><span className="muted">{list.data ? `${number(all.length)}${list.hasNextPage ? '+' : ''}` : ''}</span><span className="grow1" />{may ? <button type="button" className="btn" onClick={() => go({ enroll: true })}>Let hosts in <Key k="n" /></button> : null}</header>
        <Nearby />
        <div className="pad"><input id="find-host" className="input" type="search" aria-label="Find a host by name or identifier" placeholder="Name or identifier" maxLength={255} value={q} onChange={(e) => void nav({ search: { q: e.target.value || undefined }, replace: true })} /></div>
        {list.isError ? <div className="pad"><ProblemBox problem={list.error} retry={() => void list.refetch()} /></div> : null}
        {list.isPending ? <div className="pad"><Waiting /></div> : null}
        <ul className="hlist" aria-label="Endpoints">
          {all.map((e) => {
            const s = standing(e, now);
            return (
              <li key={e.id}>
                <button type="button" aria-current={e.id === id || undefined} onClick={() => go({ host: e.id })}>
                  <span className="ht">{e.hostname}</span>
                  <span className="hm muted"><span className="ht">{e.kind} {e.software_version} · {e.platform} · {e.group}</span></span>
                  <span className="hm muted"><span className={`pill ${TONE[s]}`}>{s}</span><span className="grow1" />{ago(e.last_seen_at, now)}</span>
                </button>
              </li>
            );
          })}
          {list.hasNextPage ? <li><button type="button" onClick={() => void list.fetchNextPage()}>Show more</button></li> : null}
        </ul>
      </aside>
      <div className="hmain" tabIndex={0} role="region" aria-label="Endpoint">
        {list.data && all.length === 0 && !q ? <div className="empty"><h2>No host reports yet</h2><p className="muted">Hosts that run osquery need nothing of ours: make a secret, run one line on each, and they report what is installed, what starts by itself, who is logged in and which files change. Our own agent for Linux also acts when it is told, and relays stand between networks.</p>{may ? <div className="row"><button type="button" className="btn" data-primary onClick={() => go({ enroll: true })}>Let hosts in <Key k="n" /></button></div> : null}</div> : null}
        {list.data && all.length === 0 && q ? <div className="empty"><h2>No host is called that</h2><p className="muted">Looked for is a part of the name or the identifier.</p></div> : null}
        {id ? <Host key={id} id={id} may={may} asks={asks} /> : null}
      </div>
      {may ? <EnrollDialog opened={search.enroll === true} close={() => { go({ enroll: undefined }, true); void list.refetch(); }} /> : null}
    </div>
  );
}

function Host({ id, may, asks }: { id: string; may: boolean; asks: boolean }) {
  const client = useQueryClient();
  const host = useQuery({ queryKey: ['endpoint', id], queryFn: ({ signal }) => find(id, signal), refetchInterval: REFRESH_MS, retry: false });
  const [sure, setSure] = useState(false);
  const e = host.data;
  if (host.isError) return <div className="pad"><ProblemBox problem={host.error} retry={() => void host.refetch()} /></div>;
  if (!e) return <div className="pad"><Waiting /></div>;
  const end = async () => {
    setSure(false);
    try {
      await revoke(id);
      said(`${e.hostname} is kept out from now on`);
    } catch (x) {
      failed('Not revoked', x instanceof Error ? x.message : String(x));
    }
    await client.invalidateQueries({ queryKey: ['endpoint', id] });
    await client.invalidateQueries({ queryKey: ['endpoints'] });
  };
  const s = standing(e, host.dataUpdatedAt);
  return (
    <>
      <header className="dhead">
        <div className="row wrap">
          <h2 className="grow1">{e.hostname}</h2>
          <span className={`pill ${TONE[s]}`}>{s}</span>
          <CopyButton text={`${window.location.origin}/endpoints?host=${id}`} label="Copy a link to this host">Link</CopyButton>
          <Link className="btn" to="/entities/$type/$value" params={{ type: 'host', value: e.hostname }}>Its risk</Link>
          {may && e.state === 'active' ? <button type="button" className="btn" onClick={() => setSure(true)}>Revoke</button> : null}
          {e.state === 'active' && e.kind === 'agent' ? <Suspense fallback={null}><RespondButton kind="host" id={id} title={e.hostname} entities={[{ type: 'host', value: e.hostname }]} /></Suspense> : null}
          {asks && e.state === 'active' && e.kind === 'osquery' ? <Link className="btn" data-primary to="/live-queries" search={{ host: id }}>Ask it <Key k="x" /></Link> : null}
        </div>
        <dl className="kv">
          <dt>Reports by</dt><dd>{e.kind} {e.software_version}</dd>
          <dt>System</dt><dd>{[e.os_version, e.platform].filter(Boolean).join(', ')}</dd>
          <dt>Group</dt><dd>{e.group}</dd>
          <dt>Last heard</dt><dd>{exact(e.last_seen_at)}{e.last_address ? <> from <span className="mono">{e.last_address}</span></> : null}</dd>
          <dt>Let in</dt><dd>{exact(e.enrolled_at)}</dd>
          {e.kind === 'agent' ? <><dt>Policy</dt><dd>{e.policy_refused ? <span className="c-bad">refused: {e.policy_refused}</span> : e.policy_version ? `version ${e.policy_version} is in force` : 'none yet'}</dd></> : null}
          {e.update_refused ? <><dt>Agent</dt><dd className="c-bad">not replaced: {e.update_refused}</dd></> : null}
          {e.lost_records ? <><dt>Lost</dt><dd><span className="c-bad">{number(e.lost_records)} records</span> that its spool could not keep</dd></> : null}
          <dt>Identifier</dt><dd className="mono">{e.host_identifier}</dd>
        </dl>
      </header>
      {e.kind === 'agent' ? <Done host={e.hostname} /> : null}
      {e.kind === 'osquery' ? <OsqueryItself e={e} /> : null}
      <Latest e={e} />
      <Dialog opened={sure} close={() => setSure(false)} title={`Revoke ${e.hostname}?`}>
        <div className="form">
          <p>Its key ends at once and it is not let in again, even with a good secret. What it reported stays. To let it in again, forget it over the API first.</p>
          <div className="row"><button type="button" className="btn" data-primary onClick={() => void end()}>Revoke it</button><button type="button" className="btn" data-autofocus onClick={() => setSure(false)}>Leave it</button></div>
        </div>
      </Dialog>
    </>
  );
}

/** What was asked for on it, and what became of it. */
function Done({ host }: { host: string }) {
  const reads = useMay('actions:read');
  const list = useQuery({ queryKey: ['actions', 'host', host], queryFn: ({ signal }) => actions({ target: host, limit: 10 }, signal), refetchInterval: refetching, enabled: reads });
  useLiveResponse({ action: [['actions', 'host', host]] });
  if (!reads || list.data?.actions.length === 0) return null;
  return (
    <section className="pad" aria-label="What was done on it">
      <div className="row"><h3 className="cap grow1">What was done on it</h3><Link to="/actions" search={{ target: host }}>all of it</Link></div>
      {list.isError ? <ProblemBox problem={list.error} retry={() => void list.refetch()} /> : null}
      {list.isPending ? <Waiting /> : null}
      <ul className="hist" aria-label="Actions on it">{list.data?.actions.map((a) => <li key={a.id} className="row wrap"><span className="mono muted nowrap">{exact(a.requested_at)}</span><Link className="grow1 ht" to="/actions" search={{ at: a.id }}>{named(a)}</Link><span className="muted">{asker(a)}</span><ActionPill a={a} /></li>)}</ul>
    </section>
  );
}

/** What it said last, of the last day. */
function Latest({ e }: { e: Endpoint }) {
  const q = `device.uid = '${e.id}'`;
  const latest = useQuery({
    queryKey: ['endpoint-events', e.id],
    queryFn: ({ signal }) => latestOf(q, signal),
    refetchInterval: REFRESH_MS,
  });
  const events = latest.data?.events ?? [];
  return (
    <section className="pad" aria-label="What it said last">
      <div className="row"><h3 className="cap grow1">What it said last</h3><Link to="/search" search={{ q, last: '24h' }}>all of the last day</Link></div>
      {latest.isError ? <ProblemBox problem={latest.error} retry={() => void latest.refetch()} /> : null}
      {latest.isPending ? <Waiting /> : null}
      {latest.data && events.length === 0 ? <p className="muted">Nothing in the last day.</p> : null}
      <ul className="hist" aria-label="Its latest events">{events.map((x) => <li key={x.id} className="row"><span className="mono muted nowrap">{exact(x.time)}</span><Link className="grow1 ht" to="/search" search={{ q, last: '24h', event: x.id }}>{told(x)}</Link></li>)}</ul>
    </section>
  );
}

/** An event in a line: the query that it came of, and what it names first. */
function told(x: MarsadEvent): string {
  const f = x.fields as Record<string, unknown>;
  const some = ['process.cmd_line', 'file.path', 'process.name', 'message'].map((k) => f[k]).find((v) => typeof v === 'string' || Array.isArray(v));
  const columns = Object.entries(f).filter(([k]) => k.startsWith('unmapped.columns.')).slice(0, 4).map(([k, v]) => `${k.slice(17)} ${String(v)}`).join(', ');
  return [String(f['metadata.log_name'] ?? x.log_source), String(some ?? columns)].filter(Boolean).join(': ');
}
