import { useEffect, useMemo, useRef, useState, useSyncExternalStore, type FormEvent } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, getRouteApi, useNavigate } from '@tanstack/react-router';
import { Waiting } from '../ui/EventView';
import { ago, exact, moment, number } from '../ui/format';
import { useKeys } from '../ui/keys';
import { Key, ProblemBox, TabRow } from '../ui/parts';
import { failed, said } from '../ui/toast';
import { Following, LIVE_QUERIES, ask, cancel, columns, csv, find, names, silent, type Answered, type LiveQuery, type Targets } from './live';

const route = getRouteApi('/live-queries');
const TONE: Record<LiveQuery['state'], string> = { running: 'c-low', complete: 'c-ok', cancelled: 'c-quiet', expired: 'c-medium' };
const SHOWN = 500;

/** Puts a query to hosts and shows what they answer while they do. */
export default function LiveQueriesPage() {
  const search = route.useSearch();
  const nav = useNavigate({ from: '/live-queries' });
  const list = useQuery(LIVE_QUERIES);
  const all = list.data?.live_queries ?? [];
  const open = (query: string | undefined, replace = false) => void nav({ search: { query }, replace });
  const [again, setAgain] = useState<LiveQuery>();
  const fresh = () => { setAgain(undefined); open(undefined); };
  const move = (d: number) => {
    const i = all.findIndex((q) => q.id === search.query);
    const next = all[i < 0 ? 0 : Math.max(0, Math.min(all.length - 1, i + d))];
    if (next) open(next.id, true);
  };
  useKeys([
    { keys: ['j', 'ArrowDown'], label: 'Next', group: 'Move', run: () => move(1) },
    { keys: ['k', 'ArrowUp'], label: 'Previous', group: 'Move', run: () => move(-1) },
    { keys: ['n'], label: 'Ask something', group: 'Live query', run: fresh },
  ]);
  return (
    <div className="hunts">
      <aside className="hside" aria-label="What was asked">
        <header><h1>Live query</h1><span className="grow1" /><button type="button" className="btn" onClick={fresh}>Ask <Key k="n" /></button></header>
        {list.isError ? <div className="pad"><ProblemBox problem={list.error} retry={() => void list.refetch()} /></div> : null}
        {list.isPending ? <div className="pad"><Waiting /></div> : null}
        {list.data && all.length === 0 ? <p className="pad muted">What is asked stays here for seven days.</p> : null}
        <ul className="hlist" aria-label="Live queries">
          {all.map((q) => (
            <li key={q.id}>
              <button type="button" aria-current={q.id === search.query || undefined} onClick={() => open(q.id)}>
                <span className="ht mono">{q.sql}</span>
                <span className="hm muted"><span className={`pill ${TONE[q.state]}`}>{q.state}</span>{number(q.answered)} of {number(q.hosts)}<span className="grow1" />{ago(q.created_at, list.dataUpdatedAt)}</span>
              </button>
            </li>
          ))}
        </ul>
      </aside>
      <div className="hmain" tabIndex={0} role="region" aria-label="What it answers">
        {search.query ? <Shown key={search.query} id={search.query} again={(q) => { setAgain(q); open(undefined); }} /> : <Ask key={again?.id ?? search.host ?? ''} host={search.host} sql={again?.sql ?? ''} discovery={again?.discovery ?? ''} asked={(q) => open(q.id)} />}
      </div>
    </div>
  );
}

type Who = 'all' | 'groups' | 'text' | 'host';

function Ask({ host, sql, discovery, asked }: { host: string | undefined; sql: string; discovery: string; asked: (q: LiveQuery) => void }) {
  const client = useQueryClient();
  const [who, setWho] = useState<Who>(host ? 'host' : 'text');
  const form = useRef<HTMLFormElement>(null);
  const put = useMutation({
    mutationFn: (f: FormData) => {
      const typed = String(f.get('who') ?? '').trim();
      const targets: Targets = who === 'all' ? { all: true } : who === 'groups' ? { groups: names(typed) } : who === 'host' && host ? { endpoint_ids: [host] } : { text: typed };
      const only = String(f.get('discovery')).trim();
      return ask({ sql: String(f.get('sql')).trim(), targets, expires_in_seconds: Number(f.get('lasts')), ...(only ? { discovery: only } : {}) });
    },
    onSuccess: async (q) => {
      await client.invalidateQueries({ queryKey: LIVE_QUERIES.queryKey });
      asked(q);
    },
  });
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    put.mutate(new FormData(e.currentTarget));
  };
  return (
    <form className="hform" ref={form} onSubmit={submit}>
      <header className="dhead"><h2>Ask hosts</h2><p className="muted">SQL over osquery&rsquo;s tables. Hosts that are up answer within seconds; rows appear as they come, and are events, too.</p></header>
      <label className="form"><span>Query</span><textarea className="input mono" name="sql" required rows={6} maxLength={10_000} spellCheck={false} autoFocus defaultValue={sql} style={{ fontFamily: 'var(--mono)', height: 'auto' }} placeholder="SELECT pid, name, path FROM processes WHERE on_disk = 0" onKeyDown={(e) => { if (e.key === 'Enter' && (e.ctrlKey || e.metaKey)) { e.preventDefault(); form.current?.requestSubmit(); } }} /></label>
      <fieldset>
        <legend>Which hosts</legend>
        <div className="seg" role="group" aria-label="Which hosts">
          {([...(host ? [['host', 'This host']] : []), ['text', 'By name'], ['groups', 'By group'], ['all', 'All']] as [Who, string][]).map(([v, label]) => <button key={v} type="button" aria-pressed={who === v} onClick={() => setWho(v)}>{label}</button>)}
        </div>
        {who === 'text' ? <label>A part of the name or identifier <input className="input mono" name="who" required maxLength={255} autoComplete="off" /></label> : null}
        {who === 'groups' ? <label>Groups, parted by commas <input className="input" name="who" required maxLength={2000} autoComplete="off" placeholder="servers, kiosks" /></label> : null}
      </fieldset>
      <label className="form"><span>Only where this finds a row <span className="muted">(may be empty)</span></span><input className="input mono" name="discovery" maxLength={10_000} autoComplete="off" spellCheck={false} defaultValue={discovery} placeholder="SELECT 1 FROM docker_info" /></label>
      <label className="form"><span>Wait for answers</span><select className="input" name="lasts" defaultValue="900"><option value="300">5 minutes</option><option value="900">15 minutes</option><option value="3600">an hour</option><option value="86400">a day</option></select></label>
      {put.isError ? <ProblemBox problem={put.error} /> : null}
      <div className="row"><button type="submit" className="btn" data-primary disabled={put.isPending}>Ask <Key k="Ctrl Enter" /></button></div>
    </form>
  );
}

function Shown({ id, again }: { id: string; again: (q: LiveQuery) => void }) {
  const client = useQueryClient();
  const first = useQuery({ queryKey: ['live-query', id], queryFn: ({ signal }) => find(id, signal), retry: false });
  const following = useMemo(() => new Following(id), [id]);
  const come = useSyncExternalStore(following.subscribe, following.get);
  const q = come.query ?? first.data;
  const [tab, setTab] = useState<'rows' | 'hosts' | 'silent'>('rows');
  useEffect(() => { if (come.ended) void client.invalidateQueries({ queryKey: LIVE_QUERIES.queryKey }); }, [client, come.ended]);
  const stop = async () => {
    try {
      await cancel(id);
      said('Cancelled: what has come stays');
    } catch (e) {
      failed('It goes on', e instanceof Error ? e.message : String(e));
    }
  };
  useKeys([{ keys: ['c'], label: 'Cancel it', group: 'Live query', run: () => { if (q?.state === 'running') void stop(); } }]);
  if (first.isError) return <div className="pad"><ProblemBox problem={first.error} /></div>;
  if (!q) return <div className="pad"><Waiting /></div>;
  const save = () => {
    const url = URL.createObjectURL(new Blob([csv(come.answers)], { type: 'text/csv' }));
    const a = document.createElement('a');
    a.href = url;
    a.download = `live-query-${id}.csv`;
    a.click();
    URL.revokeObjectURL(url);
  };
  return (
    <>
      <header className="dhead">
        <div className="row wrap">
          <h2 className="grow1">{number(q.answered)} of {number(q.hosts)} hosts, {number(q.rows)} rows</h2>
          <span className={`pill ${TONE[q.state]}`} data-testid="state">{q.state}</span>
          <Link className="btn" to="/search" search={{ q: `metadata.log_name = 'live_query:${id}'`, last: '7d' }}>As events</Link>
          <button type="button" className="btn" disabled={come.answers.length === 0} onClick={save}>Export CSV</button>
          <button type="button" className="btn" onClick={() => again(q)}>Ask again</button>
          {q.state === 'running' ? <button type="button" className="btn" onClick={() => void stop()}>Cancel <Key k="c" /></button> : null}
        </div>
        <pre className="qtext mono">{q.sql}</pre>
        <progress style={{ width: '100%' }} max={q.hosts} value={q.answered} aria-label="Hosts that have answered" />
        <p className="muted">{q.failed > 0 ? `${number(q.failed)} failed. ` : ''}Asked {exact(q.created_at)}; answers are taken until {moment(q.expires_at)}.{q.discovery ? <> Only where <span className="mono">{q.discovery}</span> finds a row.</> : null}{come.broken ? <strong className="wrong"> The stream broke; reload to go on.</strong> : null}</p>
        <TabRow label="What to show" choices={[{ value: 'rows', label: 'Rows' }, { value: 'hosts', label: `Answered (${number(q.answered)})` }, { value: 'silent', label: `Silent (${number(q.hosts - q.answered)})` }]} value={tab} onChange={setTab} panel="answers" />
      </header>
      <div id="answers" role="tabpanel" aria-label={tab}>
        {tab === 'rows' ? <Rows answers={come.answers} running={q.state === 'running'} /> : tab === 'hosts' ? <Hosts answers={come.answers} /> : <Silent id={id} answered={q.answered} />}
      </div>
    </>
  );
}

function Rows({ answers, running }: { answers: readonly Answered[]; running: boolean }) {
  const names = useMemo(() => columns(answers.slice(0, 200)), [answers]);
  const rows: { host: string; key: string; row: Record<string, unknown> }[] = [];
  let total = 0;
  for (const a of answers) {
    total += a.rows.length;
    for (let i = 0; i < a.rows.length && rows.length < SHOWN; i++) rows.push({ host: a.hostname, key: `${a.seq} ${i}`, row: a.rows[i] as Record<string, unknown> });
  }
  if (total === 0) return <div className="empty"><h2>{running ? 'Waiting for rows' : 'No rows'}</h2><p className="muted">{running ? 'A host looks for queries every few seconds; one that is off answers when it is back, if that is in time.' : 'No host found anything, or none has answered.'}</p></div>;
  return (
    <div className="scrollx" tabIndex={0} role="region" aria-label="Rows that came">
      <table className="tbl">
        <thead><tr><th scope="col">Host</th>{names.map((n) => <th scope="col" key={n}>{n}</th>)}</tr></thead>
        <tbody>{rows.map((r) => <tr key={r.key}><td className="nowrap">{r.host}</td>{names.map((n) => <td key={n} className="mono">{r.row[n] === undefined ? '' : String(r.row[n])}</td>)}</tr>)}</tbody>
      </table>
      {total > rows.length ? <p className="pad muted">The first {number(rows.length)} of {number(total)} rows. The export has all that are kept.</p> : null}
    </div>
  );
}

function Hosts({ answers }: { answers: readonly Answered[] }) {
  const sorted = answers.toSorted((a, b) => Number(b.state === 'failed') - Number(a.state === 'failed') || a.seq - b.seq).slice(0, SHOWN);
  if (sorted.length === 0) return <div className="empty"><h2>No host has answered yet</h2></div>;
  return (
    <div className="scrollx" tabIndex={0} role="region" aria-label="Hosts that answered">
      <table className="tbl">
        <thead><tr><th scope="col">State</th><th scope="col">Host</th><th scope="col" className="num">Rows</th><th scope="col" className="num">Took</th><th scope="col">What it says</th></tr></thead>
        <tbody>{sorted.map((a) => (
          <tr key={a.seq}>
            <td><span className={`pill ${a.state === 'failed' ? 'c-failing' : 'c-ok'}`}>{a.state === 'failed' ? `failed (${a.status})` : 'answered'}</span></td>
            <td><Link to="/endpoints" search={{ host: a.endpoint_id }}>{a.hostname}</Link></td>
            <td className="num mono">{number(a.row_count)}{a.truncated ? ' (cut)' : ''}</td>
            <td className="num mono">{a.wall_ms === undefined ? '' : `${number(a.wall_ms)} ms`}</td>
            <td className="said">{a.message}</td>
          </tr>
        ))}</tbody>
      </table>
    </div>
  );
}

function Silent({ id, answered }: { id: string; answered: number }) {
  const hosts = useQuery({ queryKey: ['live-query-silent', id, Math.floor(answered / 50)], queryFn: ({ signal }) => silent(id, signal), refetchInterval: 10_000 });
  if (hosts.isError) return <div className="pad"><ProblemBox problem={hosts.error} /></div>;
  if (!hosts.data) return <div className="pad"><Waiting /></div>;
  if (hosts.data.hosts.length === 0) return <div className="empty"><h2>All have answered</h2></div>;
  return (
    <ul className="pad hist" aria-label="Hosts that have not answered">{hosts.data.hosts.map((h) => <li key={h.endpoint_id} className="row"><Link className="grow1" to="/endpoints" search={{ host: h.endpoint_id }}>{h.hostname}</Link><span className="muted">{h.state === 'sent' ? 'has the query' : 'has not asked since'}</span></li>)}</ul>
  );
}
