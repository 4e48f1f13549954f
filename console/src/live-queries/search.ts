/** What the address holds: the chosen query, or the host that a new one is for. */
export type LiveQuerySearch = { query?: string; host?: string };

const text = (x: unknown, most: number) => (typeof x === 'string' && x !== '' ? x.slice(0, most) : undefined);

export const readSearch = (s: Record<string, unknown>): LiveQuerySearch => ({ query: text(s.query, 40), host: text(s.host, 40) });
