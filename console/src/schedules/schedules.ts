import type { QueryClient } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../api/client';
import { describe, parse } from './cron';

export type Schedule = Schemas['Schedule'];
export type ScheduleContent = Schemas['ScheduleContent'];
export type ScheduleRun = Schemas['ScheduleRun'];

const REFRESH_MS = 10_000;
export const SCHEDULES = { queryKey: ['schedules'], queryFn: ({ signal }: { signal: AbortSignal }) => answer(api.GET('/v1/schedules', { signal })), refetchInterval: REFRESH_MS };
export const again = (client: QueryClient) => Promise.all([client.invalidateQueries({ queryKey: ['schedules'] }), client.invalidateQueries({ queryKey: ['schedule-runs'] })]);

const at = (s: Schedule) => ({ params: { path: { id: s.id } } });
export const create = (body: ScheduleContent) => answer(api.POST('/v1/schedules', { body }));
export const remove = (s: Schedule) => answer(api.DELETE('/v1/schedules/{id}', at(s)));
export const turn = (s: Schedule, on: boolean) => answer(on ? api.POST('/v1/schedules/{id}/enable', at(s)) : api.POST('/v1/schedules/{id}/disable', at(s)));
export const runNow = (s: Schedule) => answer(api.POST('/v1/schedules/{id}/run', at(s)));
export const content = (s: Schedule): ScheduleContent => ({ name: s.name, description: s.description, query: s.query, rule: s.rule, cron: s.cron, time_zone: s.time_zone, max_hits: s.max_hits, alert: s.alert, enabled: s.enabled });

/** "Every day at 07:00", or the expression where it is none that is known here. */
export function reading(cron: string): string {
  const c = parse(cron);
  return typeof c === 'string' ? cron : describe(c);
}

export const ownZone = () => Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
