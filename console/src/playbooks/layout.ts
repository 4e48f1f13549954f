import { Graph, layout as dagre } from '@dagrejs/dagre';
import { edges, kindOf, nextSlot, returns, step, steps, text, type Edge } from './model';
import type { Tree } from './text';

export type Place = { x: number; y: number; width: number; height: number };
export type Layout = { places: Map<string, Place>; edges: Edge[]; /** Where branches come back to. */ returns: { from: string; to: string; loop: boolean }[] };
export const WIDTH = 220;
export const HEIGHT = 58;
const SMALL = 34;

/** Where the steps stand: from the top down, computed from the document each time and kept nowhere. */
export function layout(t: Tree): Layout {
  const all = steps(t);
  const known = new Set(all.map(([id]) => id));
  const lines = edges(t).filter((e) => known.has(e.to));
  const g = new Graph({ multigraph: true });
  g.setGraph({ rankdir: 'TB', nodesep: 26, ranksep: 46, marginx: 12, marginy: 12 });
  g.setDefaultEdgeLabel(() => ({}));
  for (const [id, s] of all) {
    const small = kindOf(id, s) === 'start' || kindOf(id, s) === 'end';
    g.setNode(id, { width: small ? 170 : WIDTH, height: small ? SMALL : HEIGHT });
  }
  lines.forEach((e, i) => g.setEdge(e.from, e.to, { weight: e.slot[0] === 'on_failure' ? 1 : 3 }, String(i)));
  const back = returns(t).filter((r) => known.has(r.to));
  // What follows a construct stands below its branches; so does what follows a loop.
  for (const r of back) {
    const to = r.loop ? text(step(t, r.to)?.[nextSlot(step(t, r.to)!)[0]]) : r.to;
    if (known.has(to)) g.setEdge(r.from, to, { weight: 1 }, 'back');
  }
  dagre(g);
  const places = new Map(all.map(([id]) => {
    const n = g.node(id) as unknown as Place;
    return [id, { x: n.x - n.width / 2, y: n.y - n.height / 2, width: n.width, height: n.height }] as const;
  }));
  return { places, edges: lines, returns: back };
}

export type Direction = 'up' | 'down' | 'left' | 'right';
/** The step that an arrow key goes to: along the lines up and down, beside it to the left and right. */
export function neighbour({ places, edges: lines, returns: back }: Layout, from: string, to: Direction): string | undefined {
  const here = places.get(from);
  if (!here) return places.keys().next().value;
  const middle = (p: Place) => p.x + p.width / 2;
  const near = (ids: string[]) => ids.map((id) => [id, places.get(id)!] as const).sort(([, a], [, b]) => Math.abs(middle(a) - middle(here)) - Math.abs(middle(b) - middle(here)))[0]?.[0];
  if (to === 'down') return lines.find((e) => e.from === from && e.to !== from && e.slot[0] !== 'on_failure')?.to ?? lines.find((e) => e.from === from)?.to ?? back.find((r) => r.from === from && !r.loop)?.to;
  if (to === 'up') return near(lines.filter((e) => e.to === from && e.from !== from).map((e) => e.from));
  const level = (p: Place) => p.y + p.height / 2;
  const row = [...places].filter(([id, p]) => id !== from && Math.abs(level(p) - level(here)) < HEIGHT && (to === 'left' ? middle(p) < middle(here) : middle(p) > middle(here)));
  if (row.length > 0) return near(row.map(([id]) => id));
  // Where failures go stands lower; then whatever is nearest on that side.
  const failed = to === 'right' ? lines.find((e) => e.from === from && e.slot[0] === 'on_failure' && e.to !== from)?.to : undefined;
  if (failed) return failed;
  const side = [...places].filter(([, p]) => (to === 'left' ? middle(p) < middle(here) - 1 : middle(p) > middle(here) + 1));
  const far = (p: Place) => Math.abs(middle(p) - middle(here)) + 2 * Math.abs(level(p) - level(here));
  return side.sort(([, a], [, b]) => far(a) - far(b))[0]?.[0];
}
