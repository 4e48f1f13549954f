/** What the address holds: the chosen one, or what a new one begins with. */
export type SuppressionSearch = { suppression?: string; make?: boolean; rule?: string; entity?: string; q?: string };

const text = (x: unknown, most: number) => (typeof x === 'string' && x !== '' ? x.slice(0, most) : typeof x === 'number' ? String(x) : undefined);

export function readSearch(s: Record<string, unknown>): SuppressionSearch {
  return { suppression: text(s.suppression, 40), make: s.make === true || s.make === 'true' ? true : undefined, rule: text(s.rule, 128), entity: text(s.entity, 512), q: text(s.q, 16_384) };
}
