import { answer, api, type Entity, type Schemas } from '../api/client';
import type { RiskSearch, Span } from './address';

export type RiskedEntity = Schemas['RiskedEntity'];
export type RiskPage = Schemas['RiskPage'];
export type Contributor = Schemas['RiskContributor'];
export type EntityDetail = Schemas['EntityPage'];
export type EntityGraph = Schemas['EntityGraph'];
export type Band = Schemas['RiskBand'];

export const SPANS: readonly { value: Span; label: string }[] = [{ value: '1d', label: 'Day' }, { value: '7d', label: 'Week' }, { value: '30d', label: 'Month' }];
const PAGE = 50;

/** With the value put in or taken out of a list with commas. */
export function toggle(of: string | undefined, value: string): string | undefined {
  const now = (of ?? '').split(',').filter(Boolean);
  const next = now.includes(value) ? now.filter((x) => x !== value) : [...now, value];
  return next.length > 0 ? next.join(',') : undefined;
}

export const page = (s: RiskSearch, cursor: string | undefined, signal: AbortSignal) =>
  answer(api.GET('/v1/risk', { params: { query: { type: s.type?.split(',') as Entity['type'][] | undefined, band: s.band?.split(',') as Band[] | undefined, limit: PAGE, cursor } }, signal }));

/** By how much the score is another than four hours, a half-life, ago. */
export function change(trend: readonly number[]): number {
  const now = trend.at(-1) ?? 0;
  return Math.round((now - (trend.at(-3) ?? now)) * 10) / 10;
}

/** A contributor's calculation as one would write it down. */
export function sum(c: Contributor): string {
  if (c.withdrawn) return 'found to be nothing: 0';
  const context = c.context === 0 ? '' : ` × ${trim(1 + c.context)} (${c.facts.join(', ')})`;
  const halved = c.halvings === 0 ? '' : ` ÷ ${2 ** c.halvings}`;
  return `${c.weight}${context}${c.decayed === c.points ? '' : `, faded to ${c.decayed.toFixed(2)}`}${halved}`;
}
const trim = (n: number) => String(Math.round(n * 100) / 100);

/** The points and the score as the sum of what is listed: the same arithmetic as the server's. */
export function added(all: readonly Contributor[]): { points: number; score: number } {
  const points = all.reduce((n, c) => n + Math.round(c.counted * 100), 0) / 100;
  return { points, score: Math.floor((Math.round(100 * (1 - 5 ** (-points / 80)) * 1e6) / 1e6) * 10) / 10 };
}

export type Placed = EntityGraph['nodes'][number] & { x: number; y: number };

/** Nodes on rings around the first: their hop is the ring, and who hangs on the same neighbour stands together. */
export function place(g: EntityGraph, width: number, height: number): Placed[] {
  const parent = new Map<string, string>();
  const hop = new Map(g.nodes.map((n) => [n.id, n.hop]));
  for (const e of g.edges) {
    for (const [near, far] of [[e.a, e.b], [e.b, e.a]] as const) {
      if (hop.get(far) === (hop.get(near) ?? 9) + 1 && !parent.has(far)) parent.set(far, near);
    }
  }
  const rings = [1, 2].map((r) => g.nodes.filter((n) => n.hop === r));
  const rank = new Map(rings[0]!.map((n, i) => [n.id, i]));
  rings[1]!.sort((a, b) => (rank.get(parent.get(a.id) ?? '') ?? 0) - (rank.get(parent.get(b.id) ?? '') ?? 0));
  const far = rings[1]!.length > 0;
  return g.nodes.flatMap((n) => {
    if (n.hop === 0) return [{ ...n, x: width / 2, y: height / 2 }];
    const ring = rings[n.hop - 1]!;
    const i = ring.findIndex((x) => x.id === n.id);
    const angle = (2 * Math.PI * (i + 0.5)) / ring.length - Math.PI / 2;
    const r = n.hop === 2 ? 0.46 : far ? 0.25 : 0.4;
    return [{ ...n, x: width / 2 + Math.cos(angle) * r * width * 0.86, y: height / 2 + Math.sin(angle) * r * height * 0.94 }];
  });
}
