/** What the address of the schedules holds. */
export type SchedulesSearch = { schedule?: string; run?: string };
const id = (x: unknown) => (typeof x === 'string' && x !== '' ? x.slice(0, 64) : undefined);
export const readSearch = (s: Record<string, unknown>): SchedulesSearch => ({ schedule: id(s.schedule), run: id(s.run) });
