import type { QueryClient } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../api/client';
import { ago, number } from '../ui/format';
import type { Tree } from './text';

export type Summary = Schemas['PlaybookSummary'];
export type Finding = Schemas['PlaybookFinding'];
export type Detail = Schemas['PlaybookDetail'];
export type Check = Schemas['PlaybookCheck'];
export type Version = Schemas['PlaybookVersion'];
export type CatalogueAction = Schemas['ActionKind'];
export type Policy = Pick<Schemas['ResponsePolicy'], 'level' | 'always_asked' | 'never' | 'trusted'>;
export type DryStep = Omit<Schemas['PlaybookDryStep'], 'parameters'> & { parameters: Tree | null };
export type DryRun = Omit<Schemas['PlaybookDryRun'], 'steps'> & { steps: DryStep[] };

const at = (id: string) => ({ path: { id } });
type Signal = { signal: AbortSignal };

export const PLAYBOOKS = { queryKey: ['playbooks'], queryFn: ({ signal }: Signal) => answer(api.GET('/v1/playbooks', { signal })) };
export const CATALOGUE = { queryKey: ['actions-catalogue'], staleTime: 300_000, queryFn: ({ signal }: Signal) => answer(api.GET('/v1/actions/catalogue', { signal })) };
export const POLICY = { queryKey: ['response-policy'], queryFn: ({ signal }: Signal) => answer(api.GET('/v1/response-policy', { signal })) };
export const detailOf = (id: string) => ({ queryKey: ['playbook', id], refetchOnWindowFocus: false, queryFn: ({ signal }: Signal) => answer(api.GET('/v1/playbooks/{id}', { params: at(id), signal })) });
export const versionsOf = (id: string) => ({ queryKey: ['playbook-versions', id], queryFn: ({ signal }: Signal) => answer(api.GET('/v1/playbooks/{id}/versions', { params: at(id), signal })) });
export const versionOf = (id: string, version: string) => answer(api.GET('/v1/playbooks/{id}/versions/{version}', { params: { path: { id, version } } }));
export const check = (source: string, signal?: AbortSignal) => answer(api.POST('/v1/playbooks/check', { body: { source }, signal }));
export const create = (source: string) => answer(api.POST('/v1/playbooks', { body: { source } }));
export const save = (id: string, source: string, base: string) => answer(api.PUT('/v1/playbooks/{id}', { params: at(id), body: { source, base } }));
export const drop = (id: string) => answer(api.DELETE('/v1/playbooks/{id}', { params: at(id) }));
export const enable = (id: string, enabled: boolean) => answer(api.PUT('/v1/playbooks/{id}/enabled', { params: at(id), body: { enabled } }));
export const begin = (id: string, body: { about: string | null; given: Record<string, string>; key: string }) => answer(api.POST('/v1/playbooks/{id}/runs', { params: at(id), body }));

type Call = (path: string, init: object) => Promise<{ data?: DryRun; error?: unknown; response: Response }>;
/** The route by its name, until the API describes it. */
export const dryRun = (id: string, body: { about: string | null; given: Record<string, string>; source: string | null; assume: Record<string, 'done' | 'failed'> }) => answer((api.POST as unknown as Call)('/v1/playbooks/{id}/dry-run', { params: at(id), body }));
export const again = (client: QueryClient) => client.invalidateQueries({ queryKey: ['playbooks'] });

/** "alerts that fit …", "every day …": what starts it, in a few words. */
export function trigger(t: { on: string; when?: string | null; cron?: string | null }): string {
  if (t.on === 'alert' || t.on === 'case') return t.when ? `${t.on}: ${t.when}` : `every ${t.on}`;
  if (t.on === 'schedule') return `schedule ${t.cron ?? ''}`;
  return t.on === 'manual' ? 'by hand' : t.on;
}

const WEEK = 7 * 86_400_000;
/** What its triggers should have started and did not, in a few words. */
export function leftOut(left: NonNullable<Summary['left']>, now: number): { lately: boolean; says: string } {
  return { lately: now - Date.parse(left.at) < WEEK, says: `${number(left.count)} not started, the last ${ago(left.at, now)}: ${left.reason}` };
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
