import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { STATUSES, answer, api, type Entity } from '../api/client';
import { Waiting } from '../ui/EventView';
import { exact, number, shortHost } from '../ui/format';
import { ProblemBox } from '../ui/parts';
import { place, type EntityGraph, type Placed } from './risk';
import { tone } from './parts';

const W = 1120;
const SHORT = 22;
const cut = (s: string) => (s.length > SHORT ? `${s.slice(0, SHORT - 1)}…` : s);
const last = (s: string) => s.split(/[\\/]/).at(-1) || s;

/** Whom alerts connect with it, the way of an attack, and what it reaches. */
export function Connected({ type, value, hops, setHops }: { type: Entity['type']; value: string; hops: 1 | 2; setHops: (h: 1 | 2) => void }) {
  const graph = useQuery({ queryKey: ['entity-graph', type, value, hops], queryFn: ({ signal }) => answer(api.GET('/v1/entities/{type}/{value}/graph', { params: { path: { type, value }, query: { hops } }, signal })) });
  const g = graph.data;
  const kinds = g ? Object.entries(g.blast_radius.by_type).map(([k, n]) => `${number(n)} ${k}${n === 1 ? '' : 's'}`) : [];
  return (
    <section className="card wide" aria-labelledby="connected">
      <header><h2 id="connected">What is connected</h2><span className="muted">by alerts of the last 30 days</span><span className="grow1" />
        <div className="seg" role="group" aria-label="How far">{([1, 2] as const).map((h) => <button key={h} type="button" aria-pressed={hops === h} onClick={() => setHops(h)}>{h === 1 ? 'One alert far' : 'Two alerts far'}</button>)}</div></header>
      <div className="in">
        {graph.isError ? <ProblemBox problem={graph.error} retry={() => void graph.refetch()} /> : null}
        {graph.isPending ? <Waiting /> : null}
        {g ? <p><strong>{number(g.blast_radius.count)}</strong> {g.blast_radius.count === 1 ? 'other' : 'others'} can be reached from here, forwards in time, by at most {hops === 1 ? 'one alert' : 'two alerts'}{kinds.length > 0 ? `: ${kinds.join(', ')}` : ''}.{g.cut ? <span className="muted"> There is more than is shown.</span> : null}</p> : null}
        {g ? <Drawn g={g} /> : null}
        {g && g.path.length > 0 ? <Path g={g} /> : null}
      </div>
    </section>
  );
}

function Drawn({ g }: { g: EntityGraph }) {
  const [over, setOver] = useState<string>();
  const height = g.nodes.length > 24 ? 620 : 400;
  const nodes = place(g, W, height);
  const at = new Map(nodes.map((n) => [n.id, n]));
  const onPath = new Set(g.path.flatMap((l) => [`${l.from} ${l.to}`, `${l.to} ${l.from}`]));
  return (
    <svg className="linkgraph" viewBox={`0 0 ${W} ${height}`} role="group" aria-label={`Graph of ${nodes.length} entities and ${g.edges.length} links`}>
      {g.edges.map((e) => { const a = at.get(e.a); const b = at.get(e.b); return a && b ? <line key={e.a + e.b} x1={a.x} y1={a.y} x2={b.x} y2={b.y} data-path={onPath.has(`${e.a} ${e.b}`) || undefined} opacity={over && over !== e.a && over !== e.b ? 0.25 : 1}><title>{`${e.alerts} ${e.alerts === 1 ? 'alert' : 'alerts'} name both`}</title></line> : null; })}
      {nodes.map((n) => <Node key={n.id} n={n} over={setOver} />)}
    </svg>
  );
}

function Node({ n, over }: { n: Placed; over: (id: string | undefined) => void }) {
  const shown = cut(n.type === 'host' ? shortHost(n.value) : n.type === 'process' || n.type === 'file' ? last(n.value) : n.value);
  const named = [`${n.type} ${shown}`, shown === n.value ? '' : n.value, `${n.alerts} ${n.alerts === 1 ? 'alert' : 'alerts'}`, n.passable ? '' : 'connects nothing'].filter(Boolean).join(', ');
  return (
    <Link to="/entities/$type/$value" params={{ type: n.type, value: n.value }} className={`${tone(n.band)} ${n.hop === 0 ? 'root' : ''}`} data-shut={!n.passable || undefined} aria-label={named} onMouseEnter={() => over(n.id)} onMouseLeave={() => over(undefined)}>
      <circle cx={n.x} cy={n.y} r={n.hop === 0 ? 12 : 8} />
      <text className="kind" x={n.x} y={n.y - (n.hop === 0 ? 17 : 13)}>{`${n.type} `}</text>
      <text x={n.x} y={n.y + (n.hop === 0 ? 26 : 21)}>{shown}</text>
    </Link>
  );
}

const name = (g: EntityGraph, id: string) => g.nodes.find((n) => n.id === id)?.value ?? id.slice(id.indexOf(':') + 1);

function Path({ g }: { g: EntityGraph }) {
  return (
    <>
      <h3 className="cap" style={{ marginTop: 14 }}>The way that an attack can have taken</h3>
      <ol className="legs">{g.path.map((l) => <li key={l.from + l.to + l.alert_id}><div><span className="mono">{name(g, l.from)}</span> <span aria-label="to">→</span> <span className="mono">{name(g, l.to)}</span></div><div className="muted"><span className="mono">{exact(l.time)}</span> <Link to="/alerts" search={{ alert: l.alert_id, status: STATUSES.join(',') }}>{l.title}</Link></div></li>)}</ol>
    </>
  );
}
