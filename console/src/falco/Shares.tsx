import { HUES } from '../search/TablePlot';
import { number } from '../ui/format';

const MOST = 12;
const W = 600;
const H = 220;

export type Share = { name: string; count: number };
type Props = { shares: readonly Share[]; choose: (name: string) => void };

/** The largest ones; what is left is one more that cannot be chosen. */
function some(shares: readonly Share[]): (Share & { rest?: boolean })[] {
  const first = shares.slice(0, MOST - 1);
  const rest = shares.slice(MOST - 1);
  return rest.length > 0 ? [...first, { name: `${rest.length} more`, count: rest.reduce((n, s) => n + s.count, 0), rest: true }] : first;
}

export function Pie({ shares, choose }: Props) {
  const all = some(shares);
  const total = Math.max(1, all.reduce((n, s) => n + s.count, 0));
  let turned = 0;
  const arcs = all.map((s, i) => {
    const from = turned;
    turned += s.count / total;
    return { s, i, path: arc(from, Math.min(turned, 0.99999)) };
  });
  return (
    <div className="fshares">
      <svg viewBox="-110 -110 220 220" className="fpie" role="img" aria-label={all.map((s) => `${s.name} ${Math.round((s.count / total) * 100)} percent`).join(', ')}>
        {arcs.map(({ s, i, path }) => <path key={s.name} d={path} fill={HUES[i % HUES.length]} stroke="var(--panel)" strokeWidth={1.5} />)}
      </svg>
      <ul className="flegend" aria-label="Shares">
        {arcs.map(({ s, i }) => <li key={s.name}><span className="fdot" style={{ background: HUES[i % HUES.length] }} /><button type="button" className="plain ht" disabled={s.rest} title={s.name} onClick={() => choose(s.name)}>{s.name}</button><span className="bvalue">{number(s.count)}</span></li>)}
      </ul>
    </div>
  );
}

function arc(from: number, to: number): string {
  const p = (turn: number, r: number) => `${(Math.sin(turn * 2 * Math.PI) * r).toFixed(2)} ${(-Math.cos(turn * 2 * Math.PI) * r).toFixed(2)}`;
  const large = to - from > 0.5 ? 1 : 0;
  return `M${p(from, 100)}A100 100 0 ${large} 1 ${p(to, 100)}L${p(to, 55)}A55 55 0 ${large} 0 ${p(from, 55)}Z`;
}

export type Box = { x: number; y: number; w: number; h: number };

/** Boxes whose areas are as the counts, each as square as may be (Bruls, Huizing, van Wijk, 2000). */
export function squarified(counts: readonly number[], w: number, h: number): Box[] {
  const total = counts.reduce((n, c) => n + c, 0);
  const areas = counts.map((c) => (total > 0 ? (c / total) * w * h : 0));
  const out: Box[] = [];
  let free: Box = { x: 0, y: 0, w, h };
  let row: number[] = [];
  const worst = (of: readonly number[], side: number) => {
    const sum = of.reduce((n, a) => n + a, 0);
    return Math.max(...of.map((a) => Math.max((side * side * a) / (sum * sum), (sum * sum) / (side * side * a))));
  };
  const lay = () => {
    const sum = row.reduce((n, a) => n + a, 0);
    const wide = free.w >= free.h;
    const depth = sum / (wide ? free.h : free.w);
    let along = 0;
    for (const a of row) {
      const length = a / depth;
      out.push(wide ? { x: free.x, y: free.y + along, w: depth, h: length } : { x: free.x + along, y: free.y, w: length, h: depth });
      along += length;
    }
    free = wide ? { x: free.x + depth, y: free.y, w: free.w - depth, h: free.h } : { x: free.x, y: free.y + depth, w: free.w, h: free.h - depth };
    row = [];
  };
  for (const a of areas.filter((x) => x > 0)) {
    const side = Math.min(free.w, free.h);
    if (row.length > 0 && worst([...row, a], side) > worst(row, side)) lay();
    row.push(a);
  }
  if (row.length > 0) lay();
  return out;
}

export function Treemap({ shares, choose }: Props) {
  const all = some(shares);
  const boxes = squarified(all.map((s) => s.count), W, H);
  return (
    <div className="ftree" role="group" aria-label="Shares">
      {boxes.map((b, i) => {
        const s = all[i]!;
        return <button key={s.name} type="button" disabled={s.rest} title={`${s.name}: ${number(s.count)}`} onClick={() => choose(s.name)} style={{ left: `${(b.x / W) * 100}%`, top: `${(b.y / H) * 100}%`, width: `${(b.w / W) * 100}%`, height: `${(b.h / H) * 100}%`, borderColor: HUES[i % HUES.length], background: `color-mix(in srgb, ${HUES[i % HUES.length]} 22%, var(--panel))` }}><span className="ht">{s.name}</span><span className="muted">{number(s.count)}</span></button>;
      })}
    </div>
  );
}
