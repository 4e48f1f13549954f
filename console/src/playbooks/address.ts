/** What the address of the playbooks holds. */
export type PlaybooksSearch = { q?: string; on?: 'yes' | 'no'; origin?: 'shipped' | 'own' | 'changed'; at?: string };
export type PlaybookSearch = { step?: string; panel?: Panel; about?: string; /** Of a run: which text it followed. */ version?: string };
export const PANELS = ['step', 'variables', 'triggers', 'try', 'versions'] as const;
export type Panel = (typeof PANELS)[number];

const one = <T extends string>(x: unknown, known: readonly T[]) => known.find((k) => k === x);
const text = (x: unknown) => (typeof x === 'string' && x !== '' ? x.slice(0, 200) : typeof x === 'number' ? String(x) : undefined);
export const readPlaybooks = (s: Record<string, unknown>): PlaybooksSearch => ({ q: text(s.q), on: one(s.on, ['yes', 'no']), origin: one(s.origin, ['shipped', 'own', 'changed']), at: text(s.at) });
export const readPlaybook = (s: Record<string, unknown>): PlaybookSearch => ({ step: text(s.step), panel: one(s.panel, PANELS), about: text(s.about), version: text(s.version) });
