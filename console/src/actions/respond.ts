import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { Refused, answer, api, type Schemas } from '../api/client';
import type { paths } from '../api/schema';
import { live } from '../live/context';
import { actor } from '../ui/format';

export type Action = Schemas['Action'];
export type ActionStatus = Schemas['ActionStatus'];
export type Radius = Schemas['BlastRadius'];
export type Consent = Action['consent'];
export type ActionKind = Schemas['ActionKind'];
export type Policy = Schemas['ResponsePolicy'];
export type Level = Policy['level'];
export type PolicyChange = Pick<Policy, 'level' | 'always_asked' | 'never' | 'trusted'>;

export const RADII: readonly Radius[] = ['minimal', 'low', 'medium', 'high', 'critical'];
export const STATUSES: readonly ActionStatus[] = ['requested', 'awaiting_approval', 'dispatched', 'completed', 'failed', 'simulated', 'unknown', 'rolled_back', 'refused', 'expired', 'withdrawn'];

/** While the stream runs it says what changes; once a minute is for clocks. Without it, every 5 s. */
export const refetching = () => (live.get() === 'live' ? 60_000 : 5_000);

export const MOST = 200;
export const WAITING = queryOptions({ queryKey: ['actions', 'waiting'], queryFn: ({ signal }) => actions({ waiting: true, limit: MOST }, signal), refetchInterval: refetching });
export const actionOf = (id: string) => queryOptions({ queryKey: ['actions', 'one', id], queryFn: ({ signal }) => answer(api.GET('/v1/actions/{id}', { params: path(id), signal })), refetchInterval: refetching });
export const CATALOGUE = queryOptions({ queryKey: ['action-catalogue'], queryFn: ({ signal }) => answer(api.GET('/v1/actions/catalogue', { signal })), staleTime: 60_000 });
export const POLICY = queryOptions({ queryKey: ['response-policy'], queryFn: ({ signal }) => answer(api.GET('/v1/response-policy', { signal })) });

type Question = NonNullable<paths['/v1/actions']['get']['parameters']['query']>;
export const actions = (query: Question, signal?: AbortSignal) => answer(api.GET('/v1/actions', { params: { query }, signal }));

const path = (id: string) => ({ path: { id } });
export const approve = (a: Action, comment: string) => answer(api.POST('/v1/actions/{id}/approve', { params: path(a.id), body: { parameters_hash: a.parameters_hash, comment: comment || null } }));
export const refuse = (a: Action, comment: string) => answer(api.POST('/v1/actions/{id}/refuse', { params: path(a.id), body: { parameters_hash: a.parameters_hash, comment } }));
export const settle = (a: Action, body: { done: boolean; outputs: Record<string, string>; comment: string }) => answer(api.POST('/v1/actions/{id}/answer', { params: path(a.id), body }));
export const rollBack = (a: Action, comment: string) => answer(api.POST('/v1/actions/{id}/roll-back', { params: path(a.id), body: { comment } }));
export const request = (body: { action: string; parameters: Record<string, unknown>; about?: string; key: string }) => answer(api.POST('/v1/actions', { body }));
export const setPolicy = (body: PolicyChange) => answer(api.PUT('/v1/response-policy', { body }));

/** Everything that shows actions or runs, anew. */
export const again = (client: QueryClient) => Promise.all([client.invalidateQueries({ queryKey: ['actions'] }), client.invalidateQueries({ queryKey: ['runs'] })]);

export const STATUS: Record<ActionStatus, { label: string; tone: string; says: string }> = {
  requested: { label: 'requested', tone: 'c-informational', says: 'It is looked at who has to agree.' },
  awaiting_approval: { label: 'waits for approval', tone: 'c-medium', says: 'Nothing is done before people agree.' },
  dispatched: { label: 'being carried out', tone: 'c-low', says: 'It was begun; what came of it is not known yet.' },
  completed: { label: 'completed', tone: 'c-ok', says: 'It was done.' },
  failed: { label: 'failed', tone: 'c-critical', says: 'It was tried, and it is not done.' },
  simulated: { label: 'simulated, not done', tone: 'c-simulated', says: 'It was only played through. Nothing was changed anywhere.' },
  unknown: { label: 'outcome unknown', tone: 'c-high', says: 'It was begun, and the platform cannot see what came of it. A person has to look.' },
  rolled_back: { label: 'rolled back', tone: 'c-informational', says: 'It was done, and taken back.' },
  refused: { label: 'refused', tone: 'c-informational', says: 'It was not done: somebody said no, or the policy does.' },
  expired: { label: 'expired', tone: 'c-informational', says: 'It was not done: nobody agreed in time.' },
  withdrawn: { label: 'withdrawn', tone: 'c-informational', says: 'It was not done: whoever asked does not want it any more.' },
};

export const isTask = (a: Action) => a.action === 'task';
/** What it is called: a task by what has to be done. */
export const named = (a: Action) => (isTask(a) ? (a.step_name ?? a.title) : a.title);
/** What a person is waited for. */
export const waitsFor = (a: Action): 'approval' | 'task' | 'outcome' | undefined => (a.status === 'unknown' ? 'outcome' : a.status === 'awaiting_approval' ? (isTask(a) ? 'task' : 'approval') : undefined);
export const statusOf = (a: Action) => (isTask(a) && a.status === 'awaiting_approval' ? { ...STATUS.awaiting_approval, label: 'a task to do', says: 'A person does it, and says what came of it.' } : STATUS[a.status]);
/** Approving these takes a second look. */
export const grave = (a: Action) => a.radius === 'high' || a.radius === 'critical';
export const dangerous = (radius: Radius) => `c-${radius === 'minimal' ? 'informational' : radius}`;
export const RADIUS: Record<Radius, string> = {
  minimal: 'A message, a note: nobody’s work stops.',
  low: 'Somebody notices.',
  medium: 'Something of one address, file or session stops.',
  high: 'A person or a machine cannot work.',
  critical: 'More than one stops, or what nobody can foresee.',
};
export const CONSENT: Record<Consent, string> = { automatic: 'nobody: it is done by itself', one_person: 'one person', two_people: 'two people', never: 'never done' };

/** Who asked, as people call them: a run by its playbook. */
export const asker = (a: Action) => (a.requested_by.startsWith('run:') ? (a.playbook ? `the playbook ${a.playbook.name}` : 'a playbook') : actor(a.requested_by));

export const agreed = (a: Action) => a.approvals.filter((x) => x.agrees).length;
export const needed = (a: Action) => (a.consent === 'two_people' ? 2 : a.consent === 'one_person' ? 1 : 0);

/** A refusal of the server's in words that say what to do now. */
export function inWords(problem: unknown): { title: string; text: string; stale: boolean } | undefined {
  if (!(problem instanceof Refused)) return undefined;
  const said = SAID[problem.type ?? ''];
  return said ? { ...said, stale: problem.type !== 'own-request' } : undefined;
}

const SAID: Record<string, { title: string; text: string }> = {
  'own-request': { title: 'It is your own request', text: 'Somebody else has to agree to what you asked for: four eyes see more than two.' },
  'too-late': { title: 'It is too late', text: 'Nobody agreed in time, and the request has expired. It has to be asked for again.' },
  'other-parameters': { title: 'It is not what you looked at', text: 'The parameters are others than those that were shown to you. Read them again, then decide.' },
  'not-waiting': { title: 'It does not wait any more', text: 'Somebody else was quicker, or whoever asked does not want it any more. What became of it is shown now.' },
  twice: { title: 'You have decided already', text: 'Your word counts once. A second person has to agree.' },
};

/** "in 2 h", "4 min ago"; `now` in milliseconds. */
export function until(iso: string, now: number): string {
  const s = Math.round((Date.parse(iso) - now) / 1000);
  const a = Math.abs(s);
  const text = a < 90 ? `${a} s` : a < 90 * 60 ? `${Math.round(a / 60)} min` : a < 36 * 3600 ? `${Math.round(a / 3600)} h` : `${Math.round(a / 86_400)} d`;
  return s < 0 ? `${text} ago` : `in ${text}`;
}

/** The first signs of a hash, as people compare them. */
export const shortHash = (hash: string) => hash.replace(/^sha256:/, '').slice(0, 12);

export type About = { kind: 'alert' | 'case'; id: string };
export const aboutOf = (about: string | null | undefined): About | undefined => {
  const m = /^(alert|case):(.+)$/.exec(about ?? '');
  return m ? { kind: m[1] as About['kind'], id: m[2]! } : undefined;
};

const BY: Record<Level, number> = { L0: 0, L1: 1, L2: 2, L3: 3, L4: 3 };
/** What would be asked for an action under a policy, and why: as the server decides, for a target that is nothing special. */
export function consentUnder(policy: PolicyChange, kind: ActionKind, target?: string): { consent: Consent; reasons: string[] } {
  const found: { consent: Consent; why: string }[] = [];
  if (kind.effect === 'read') found.push({ consent: 'automatic', why: 'it changes nothing' });
  else if (kind.radius === 'critical') found.push({ consent: 'two_people', why: 'radius critical is never done without two people' });
  else if (RADII.indexOf(kind.radius) < BY[policy.level]) found.push({ consent: 'automatic', why: `radius ${kind.radius} at level ${policy.level}` });
  else if (policy.level === 'L4' && kind.radius === 'high' && policy.trusted.some((t) => t.action === kind.action && t.target === target)) found.push({ consent: 'automatic', why: 'the target is trusted for it' });
  else found.push({ consent: 'one_person', why: `radius ${kind.radius} at level ${policy.level}` });
  if (policy.always_asked.includes(kind.action)) found.push({ consent: 'one_person', why: 'the tenant wants to be asked for it' });
  if (policy.never.includes(kind.action)) found.push({ consent: 'never', why: 'the tenant does not have it done' });
  const order: readonly Consent[] = ['automatic', 'one_person', 'two_people', 'never'];
  const strictest = found.reduce((most, f) => (order.indexOf(f.consent) > order.indexOf(most) ? f.consent : most), 'automatic' as Consent);
  return { consent: strictest, reasons: found.map((f) => f.why) };
}
