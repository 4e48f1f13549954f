/** What the address holds: who is looked for, the chosen host, and whether one is being let in. */
export type EndpointSearch = { q?: string; host?: string; enroll?: boolean };

const text = (x: unknown, most: number) => (typeof x === 'string' && x !== '' ? x.slice(0, most) : typeof x === 'number' ? String(x) : undefined);

export const readSearch = (s: Record<string, unknown>): EndpointSearch => ({ q: text(s.q, 255), host: text(s.host, 40), enroll: s.enroll === true || s.enroll === 'true' ? true : undefined });
