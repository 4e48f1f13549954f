import { queryOptions } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../api/client';

export type Report = Schemas['DecisionReport'];
export type Rated = Schemas['Rate'];
export type Suggested = Report['thresholds']['suggested'][number];

/** Undefined: the last whole week. */
export const reportOf = (week: string | undefined) =>
  queryOptions({
    queryKey: ['decision-report', week],
    staleTime: 30_000,
    queryFn: ({ signal }) => answer(api.GET('/v1/decisions/report', { params: { query: { week } }, signal }) as Promise<{ data?: Report; error?: unknown; response: Response }>),
  });

export const documentOf = (week: string) =>
  answer<string>(api.GET('/v1/decisions/report', { params: { query: { week } }, headers: { Accept: 'text/markdown' }, parseAs: 'text' }) as Promise<{ data?: string; response: Response }>);

const DAY = 86_400_000;

/** The ISO week that the time is in, in UTC: 2026-W47. */
export function weekOf(time: number): string {
  const day = new Date(time);
  const thursday = new Date(Date.UTC(day.getUTCFullYear(), day.getUTCMonth(), day.getUTCDate() + 4 - (day.getUTCDay() || 7)));
  const number = 1 + Math.floor((thursday.getTime() - Date.UTC(thursday.getUTCFullYear(), 0, 1)) / (7 * DAY));
  return `${thursday.getUTCFullYear()}-W${String(number).padStart(2, '0')}`;
}
export const before = (r: Report) => weekOf(Date.parse(r.from) - DAY);
/** Undefined when it has not begun. */
export const after = (r: Report) => (r.complete ? weekOf(Date.parse(r.to)) : undefined);

/** A day of the report's own zone: 16 Nov 2026. */
export const day = (time: number) => new Date(time).toLocaleDateString('en-GB', { timeZone: 'UTC', day: 'numeric', month: 'short', year: 'numeric' });

/** 850 ms, 12.5 s, 7 min. */
export const span = (ms: number) => (ms < 1000 ? `${ms} ms` : ms < 120_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.floor(ms / 60_000)} min`);

/** What is in the address for the thresholds to be tried: the form of the preview is opened with it. */
export const tried = (t: Suggested['thresholds']) => [t.escalate, t.close, t.model, t.auto_close ? 'on' : 'off'].join(' ');
