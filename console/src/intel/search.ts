const STATES = ['active', 'expired', 'revoked', 'waiting', 'warned', 'seen'] as const;
const text = (x: unknown, most: number) => (typeof x === 'string' && x !== '' ? x.slice(0, most) : typeof x === 'number' ? String(x) : undefined);

/** What the address holds: a value that is asked about, the chosen indicator, and which are shown. */
export type IntelSearch = { value?: string; indicator?: string; state?: (typeof STATES)[number]; q?: string };

export const readSearch = (s: Record<string, unknown>): IntelSearch => ({ value: text(s.value, 2048), indicator: text(s.indicator, 40), state: STATES.find((x) => x === s.state), q: text(s.q, 200) });
