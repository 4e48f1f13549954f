import type { QueryClient } from '@tanstack/react-query';
import { answer, api } from '../api/client';
import type { Json, Tree } from './text';

export type Summary = {
  id: string; name: string; description: string | null; labels: string[]; types: string[]; enabled: boolean; origin: 'shipped' | 'own'; changed: boolean; runnable: boolean; version: string | null; modified: string | null; updated_at: string | null;
  triggers: { on: string; when: string | null; cron: string | null; most_an_hour: number }[]; steps: number; actions: string[]; runs: { started: number; succeeded: number; failed: number; running: number }; last_run_at: string | null;
};
export type Finding = { severity: 'error' | 'warning'; line: number; path: string | null; problem: string };
export type Detail = Summary & { source: string; document: Tree | null; newest: string; findings: Finding[]; webhook: string | null };
export type Check = { id: string | null; name: string | null; runnable: boolean; findings: Finding[]; document: Tree | null; yaml: string | null; hash: string | null };
export type Version = { version: string; modified: string | null; made_by: string; made_at: string; runnable: boolean; current: boolean };
export type CatalogueAction = { action: string; title: string; says: string; about: string; radius: string; effect: string; permission: string; reverse: string | null; parameters: { name: string; type: string; required: boolean }[]; outputs: { name: string; type: string }[]; carried_by: string[] };
export type DryStep = { seq: number; visit: number; parent: string | null; step: string; name: string; type: string; status: string; detail: string | null; at: number; values: Record<string, Json>; action: string | null; parameters: Tree | null; target: string | null; radius: string | null; consent: string | null; reasons: string[]; carried_by: string | null; read: boolean; assumed: boolean; would: string | null };
export type DryRun = { status: string; reason: string | null; given: Record<string, Json>; outbound: number; steps: DryStep[]; missing: { step: string; name: string; problem: string }[] };
export type Policy = { level: 'L0' | 'L1' | 'L2' | 'L3' | 'L4'; always_asked: string[]; never: string[]; trusted: { action: string; target: string }[] };

type Call = (path: string, init?: object) => Promise<{ data?: unknown; error?: unknown; response: Response }>;
/** These routes by their names; their answers are typed above as the contract has them. */
const http = api as unknown as Record<'GET' | 'POST' | 'PUT' | 'DELETE', Call>;
const ask = <T>(call: ReturnType<Call>) => answer<T>(call as Promise<{ data?: T; error?: unknown; response: Response }>);
const at = (id: string) => ({ params: { path: { id } } });
type Signal = { signal: AbortSignal };

export const PLAYBOOKS = { queryKey: ['playbooks'], queryFn: ({ signal }: Signal) => ask<{ playbooks: Summary[] }>(http.GET('/v1/playbooks', { signal })) };
export const CATALOGUE = { queryKey: ['actions-catalogue'], staleTime: 300_000, queryFn: ({ signal }: Signal) => ask<{ actions: CatalogueAction[] }>(http.GET('/v1/actions/catalogue', { signal })) };
export const POLICY = { queryKey: ['response-policy'], queryFn: ({ signal }: Signal) => ask<Policy>(http.GET('/v1/response-policy', { signal })) };
export const detailOf = (id: string) => ({ queryKey: ['playbook', id], refetchOnWindowFocus: false, queryFn: ({ signal }: Signal) => ask<Detail>(http.GET('/v1/playbooks/{id}', { ...at(id), signal })) });
export const versionsOf = (id: string) => ({ queryKey: ['playbook-versions', id], queryFn: ({ signal }: Signal) => ask<{ versions: Version[] }>(http.GET('/v1/playbooks/{id}/versions', { ...at(id), signal })) });
export const versionOf = (id: string, version: string) => ask<{ version: string; source: string; made_by: string; made_at: string; runnable: boolean }>(http.GET('/v1/playbooks/{id}/versions/{version}', { params: { path: { id, version } } }));
export const check = (source: string, signal?: AbortSignal) => ask<Check>(http.POST('/v1/playbooks/check', { body: { source }, signal }));
export const create = (source: string) => ask<Detail>(http.POST('/v1/playbooks', { body: { source } }));
export const save = (id: string, source: string, base: string) => ask<Detail>(http.PUT('/v1/playbooks/{id}', { ...at(id), body: { source, base } }));
export const drop = (id: string) => ask<void>(http.DELETE('/v1/playbooks/{id}', at(id)));
export const enable = (id: string, enabled: boolean) => ask<Summary>(http.PUT('/v1/playbooks/{id}/enabled', { ...at(id), body: { enabled } }));
export const dryRun = (id: string, body: { about: string | null; given: Record<string, string>; source: string | null; assume: Record<string, 'done' | 'failed'> }) => ask<DryRun>(http.POST('/v1/playbooks/{id}/dry-run', { ...at(id), body }));
export const begin = (id: string, body: { about: string | null; given: Record<string, string>; key: string }) => ask<{ id: string }>(http.POST('/v1/playbooks/{id}/runs', { ...at(id), body }));
export const again = (client: QueryClient) => client.invalidateQueries({ queryKey: ['playbooks'] });

/** "alerts that fit …", "every day …": what starts it, in a few words. */
export function trigger(t: { on: string; when?: string | null; cron?: string | null }): string {
  if (t.on === 'alert' || t.on === 'case') return t.when ? `${t.on}: ${t.when}` : `every ${t.on}`;
  if (t.on === 'schedule') return `schedule ${t.cron ?? ''}`;
  return t.on === 'manual' ? 'by hand' : t.on;
}

const RADII = ['minimal', 'low', 'medium', 'high', 'critical'];
/** What the policy of the tenant does with an action at the least; a step, or a target that matters most, may ask for more. */
export function consent(a: CatalogueAction, p: Policy): { tone: string; says: string } {
  if (p.never.includes(a.action)) return { tone: 'c-bad', says: 'is never done: the policy forbids it, and the step fails' };
  if (a.effect !== 'read' && a.radius === 'critical') return { tone: 'c-warn', says: 'waits for two people' };
  if (p.always_asked.includes(a.action)) return { tone: 'c-warn', says: 'waits for a person: the policy always asks' };
  if (a.effect === 'read') return { tone: 'c-ok', says: 'goes by itself: it changes nothing' };
  if (RADII.indexOf(a.radius) < Math.min(Number(p.level[1]), 3)) return { tone: 'c-ok', says: `goes by itself: radius ${a.radius} at level ${p.level}` };
  if (p.level === 'L4' && a.radius === 'high' && p.trusted.some((x) => x.action === a.action)) return { tone: 'c-warn', says: 'goes by itself on trusted targets, waits for a person on others' };
  return { tone: 'c-warn', says: `waits for a person: radius ${a.radius} at level ${p.level}` };
}
