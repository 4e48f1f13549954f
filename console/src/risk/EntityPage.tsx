import './risk.css';
import { useQuery } from '@tanstack/react-query';
import { Link, getRouteApi, useNavigate } from '@tanstack/react-router';
import { ICON } from '../alerts/entity';
import { Refused, STATUSES, answer, api, type Entity } from '../api/client';
import { Waiting } from '../ui/EventView';
import { exact, number, when, words } from '../ui/format';
import { useKeys } from '../ui/keys';
import { CopyButton, Key, ProblemBox, SeverityLabel, StatusPill } from '../ui/parts';
import { CoursePlot } from './CoursePlot';
import { Connected } from './LinkGraph';
import { Score } from './parts';
import type { Span } from './address';
import { SPANS, sum, type EntityDetail } from './risk';

const route = getRouteApi('/entities/$type/$value');
const isType = (t: string): t is Entity['type'] => t in ICON;

/** All that is known of a host, a user or another entity. */
export default function EntityPage() {
  const { type, value } = route.useParams();
  if (!isType(type)) return <div className="empty"><h2>There is no such kind of entity</h2><p className="muted">Entities are hosts, users, addresses and the like.</p><Link className="btn" to="/risk">Go to the risk queue</Link></div>;
  return <Known key={`${type} ${value}`} type={type} value={value} />;
}

function Known({ type, value }: { type: Entity['type']; value: string }) {
  const search = route.useSearch();
  const nav = useNavigate({ from: '/entities/$type/$value' });
  const span = search.span ?? '7d';
  const page = useQuery({ queryKey: ['entity', type, value, span], queryFn: ({ signal }) => answer(api.GET('/v1/entities/{type}/{value}', { params: { path: { type, value }, query: { span } }, signal })), placeholderData: (before) => before, retry: false });
  const setSpan = (s: Span) => void nav({ search: { ...search, span: s === '7d' ? undefined : s }, replace: true });
  const setHops = (h: 1 | 2) => void nav({ search: { ...search, hops: h === 2 ? 2 : undefined }, replace: true });
  useKeys([
    { keys: ['['], label: 'Shorter time', group: 'Entity', run: () => setSpan(span === '30d' ? '7d' : '1d') },
    { keys: [']'], label: 'Longer time', group: 'Entity', run: () => setSpan(span === '1d' ? '7d' : '30d') },
    { keys: ['2'], label: 'Two alerts far, or one', group: 'Entity', run: () => setHops(search.hops === 2 ? 1 : 2) },
    { keys: ['b'], label: 'Back to the risk queue', group: 'Entity', run: () => void nav({ to: '/risk', search: {} }) },
  ]);
  const Icon = ICON[type];
  const d = page.data;
  if (page.error instanceof Refused && page.error.status === 404) return <div className="empty"><h2>No alert names it</h2><p className="muted">There is no alert here about the {type} <span className="mono">{value}</span>. Its events may still be found by searching.</p><Link className="btn" to="/search" search={{ q: JSON.stringify(value) }}>Search for it</Link></div>;
  return (
    <div className="page" tabIndex={0} role="region" aria-label="Entity">
      <div className="pagehead">
        <Icon size={18} aria-hidden /><span className="muted">{type}</span><h1 className="mono">{d?.value ?? value}</h1>
        <CopyButton text={d?.value ?? value} label={`Copy ${value}`} />
        <span className="grow1" />
        <Link className="btn" to="/alerts" search={{ entity: value, status: STATUSES.join(',') }}>Its alerts</Link>
        <Link className="btn" to="/risk" search={{}}>Risk queue <Key k="b" /></Link>
      </div>
      {page.isError ? <ProblemBox problem={page.error} retry={() => void page.refetch()} /> : null}
      {page.isPending ? <Waiting /> : null}
      {d ? <div className="entity">
        <Course d={d} span={span} setSpan={setSpan} />
        <AddsUp d={d} />
        <Connected type={type} value={value} hops={search.hops ?? 1} setHops={setHops} />
        <AlertsOf d={d} />
        <Timeline d={d} />
        <Neighbours d={d} />
      </div> : null}
    </div>
  );
}

function Course({ d, span, setSpan }: { d: EntityDetail; span: Span; setSpan: (s: Span) => void }) {
  const f = d.facts;
  const facts: [string, string][] = [['Alerts', number(f.alerts)], ['Open', number(f.open)], ['Rules', number(f.rules)], ['True positives', number(f.true_positives)], ['False positives', number(f.false_positives)], ['First seen', when(f.first_seen)], ['Last seen', when(f.last_seen)]];
  return (
    <section className="card" aria-labelledby="course">
      <header><h2 id="course">Risk</h2>{d.risk ? <Score score={d.risk.score} band={d.risk.band} /> : null}<span className="grow1" />
        {d.risk ? <div className="seg" role="group" aria-label="Time">{SPANS.map((s) => <button key={s.value} type="button" aria-pressed={span === s.value} onClick={() => setSpan(s.value)}>{s.label}</button>)}</div> : null}</header>
      <div className="in">
        {d.risk ? <CoursePlot of={d.risk} /> : <p className="muted">It bears no risk: everybody has it in common, or it is a program, a file or a name. Look at who uses it.</p>}
        <div className="facts">{facts.map(([k, v]) => <div key={k}><b>{v}</b><span>{k}</span></div>)}</div>
        {d.promotions.length > 0 ? <p className="muted" style={{ marginTop: 8 }}>Promoted {d.promotions.length === 1 ? 'once' : `${d.promotions.length} times`}, last {when(d.promotions[0]!.at)} at {d.promotions[0]!.score.toFixed(1)}.</p> : null}
      </div>
    </section>
  );
}

/** Every alert that counts, with its arithmetic; the foot is their sum. */
function AddsUp({ d }: { d: EntityDetail }) {
  const r = d.risk;
  if (!r) return null;
  return (
    <section className="card" aria-labelledby="adds">
      <header><h2 id="adds">What it adds up to</h2></header>
      {r.contributors.length === 0 ? <p className="in muted">Nothing of the last 24 hours counts.</p> : <div className="scrollx addsbox" tabIndex={0} role="region" aria-label="Contributors"><table className="tbl adds">
        <thead><tr><th scope="col">Alert</th><th scope="col">Points</th><th scope="col" className="num">Counts</th></tr></thead>
        <tbody>{r.contributors.map((c) => <tr key={c.alert_id} data-withdrawn={c.withdrawn || undefined}><td className="said"><SeverityLabel of={c.severity} /> <Link to="/alerts" search={{ alert: c.alert_id, status: STATUSES.join(',') }}>{c.title}</Link> <span className="muted mono">{when(c.at)}</span></td><td className="calc mono">{sum(c)}</td><td className="num mono">{c.counted.toFixed(2)}</td></tr>)}</tbody>
        <tfoot><tr><td>Together</td><td className="calc mono">100 × (1 − 5^(−{r.points.toFixed(2)} ÷ 80)) = {r.score.toFixed(1)}</td><td className="num mono">{r.points.toFixed(2)}</td></tr></tfoot>
      </table></div>}
    </section>
  );
}

function AlertsOf({ d }: { d: EntityDetail }) {
  return (
    <section className="card wide" aria-labelledby="alertsof">
      <header><h2 id="alertsof">Alerts</h2><span className="muted">{d.alerts.length < d.facts.alerts ? `the newest ${d.alerts.length} of ${number(d.facts.alerts)}` : number(d.facts.alerts)}</span></header>
      <div className="scrollx" tabIndex={0} role="region" aria-label="Table of alerts"><table className="tbl"><thead><tr><th scope="col">Severity</th><th scope="col">Time</th><th scope="col">Alert</th><th scope="col">ATT&CK</th><th scope="col">Status</th></tr></thead>
        <tbody>{d.alerts.map((a) => <tr key={a.id}><td><SeverityLabel of={a.severity} /></td><td className="mono muted nowrap">{when(a.time)}</td><td className="said"><Link to="/alerts" search={{ alert: a.id, status: STATUSES.join(',') }}>{a.title}</Link>{a.count > 1 ? <span className="muted"> ×{number(a.count)}</span> : null}</td><td className="mono muted">{a.attack.join(', ')}</td><td><StatusPill status={a.status} verdict={a.verdict} /></td></tr>)}</tbody></table></div>
    </section>
  );
}

function Timeline({ d }: { d: EntityDetail }) {
  return (
    <section className="card" aria-labelledby="timeline">
      <header><h2 id="timeline">What happened</h2></header>
      <div className="in"><ul className="moments">{d.timeline.map((m, i) => <li key={i}><span className="mono muted" title={exact(m.at)}>{when(m.at)}</span><span>{m.kind === 'promoted' ? <span className="tag c-critical">promoted</span> : words(m.kind)}</span><span>{m.alert_id ? <Link to="/alerts" search={{ alert: m.alert_id, status: STATUSES.join(',') }}>{m.text}</Link> : m.text}{m.actor ? <span className="muted"> by {m.actor}</span> : null}</span></li>)}</ul></div>
    </section>
  );
}

function Neighbours({ d }: { d: EntityDetail }) {
  return (
    <section className="card" aria-labelledby="neighbours">
      <header><h2 id="neighbours">Named together with it</h2></header>
      {d.neighbours.length === 0 ? <p className="in muted">Its alerts name nobody else.</p> : <div className="scrollx" tabIndex={0} role="region" aria-label="Neighbours"><table className="tbl"><thead><tr><th scope="col">Entity</th><th scope="col" className="num">Alerts</th><th scope="col">Last</th></tr></thead>
        <tbody>{d.neighbours.map((n) => <tr key={n.type + n.value}><td className="said"><span className="muted">{n.type}</span> <Link className="mono" to="/entities/$type/$value" params={{ type: n.type, value: n.value }}>{n.value}</Link></td><td className="num mono">{number(n.alerts)}</td><td className="mono muted nowrap">{when(n.last)}</td></tr>)}</tbody></table></div>}
    </section>
  );
}
