/** What the address holds: a pack or a group of hosts, and whether one is being written. */
export type PacksSearch = { pack?: string; group?: string; edit?: boolean };

const text = (x: unknown, most: number) => (typeof x === 'string' && x !== '' ? x.slice(0, most) : typeof x === 'number' ? String(x) : undefined);

export const readSearch = (s: Record<string, unknown>): PacksSearch => ({ pack: text(s.pack, 64), group: text(s.group, 100), edit: s.edit === true || s.edit === 'true' ? true : undefined });
