import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { Refused, answer, api } from '../api/client';
import { live } from '../live/context';
import { actor } from '../ui/format';

export type Radius = 'minimal' | 'low' | 'medium' | 'high' | 'critical';
export type Consent = 'automatic' | 'one_person' | 'two_people' | 'never';
export type ActionStatus = 'requested' | 'awaiting_approval' | 'dispatched' | 'completed' | 'failed' | 'simulated' | 'unknown' | 'rolled_back' | 'refused' | 'expired' | 'withdrawn';
export type Verification = { state: 'confirmed' | 'not_so' | 'unable' | 'pending' | 'none'; detail?: string | null; at?: string | null };
export type Action = {
  id: string;
  run?: string | null;
  playbook?: { id: string; name: string } | null;
  step?: string | null;
  step_name?: string | null;
  visit?: number | null;
  attempt?: number | null;
  /** `task`: a person does it. */
  action: string;
  title: string;
  about?: string | null;
  about_title?: string | null;
  parameters: Record<string, unknown>;
  parameters_hash: string;
  target: string;
  radius: Radius;
  consent: Consent;
  permission: string;
  reasons: string[];
  status: ActionStatus;
  reason?: string | null;
  requested_by: string;
  requested_at: string;
  expires_at?: string | null;
  dispatched_at?: string | null;
  ended_at?: string | null;
  outputs?: Record<string, unknown> | null;
  carried_by?: string | null;
  reverse?: string | null;
  reverses?: string | null;
  reversed_by?: string | null;
  verification?: Verification | null;
  envelope?: { key: string; sha256: string } | null;
  approvals: { person: string; agrees: boolean; comment?: string | null; at: string }[];
  task?: { text: string; asks_for: string[] } | null;
  may: { approve: boolean; refuse: boolean; answer: boolean; roll_back: boolean };
  why_not?: string | null;
};
export type ActionPage = { actions: Action[]; next?: string | null };
export type ActionKind = { action: string; title: string; says: string; about: string; radius: Radius; effect: 'read' | 'own' | 'outside'; permission: string; reverse?: string | null; parameters: { name: string; type: string; required: boolean }[]; outputs: { name: string; type: string }[]; carried_by: string[] };
export type Level = 'L0' | 'L1' | 'L2' | 'L3' | 'L4';
export type Trusted = { action: string; target: string };
export type Policy = { level: Level; always_asked: string[]; never: string[]; trusted: Trusted[]; updated_by?: string | null; updated_at?: string | null };
export type PolicyChange = Pick<Policy, 'level' | 'always_asked' | 'never' | 'trusted'>;

export const RADII: readonly Radius[] = ['minimal', 'low', 'medium', 'high', 'critical'];
export const STATUSES: readonly ActionStatus[] = ['requested', 'awaiting_approval', 'dispatched', 'completed', 'failed', 'simulated', 'unknown', 'rolled_back', 'refused', 'expired', 'withdrawn'];

type Init = { params?: { path?: Record<string, string>; query?: Record<string, unknown> }; body?: unknown; signal?: AbortSignal };
type Call = (path: string, init?: Init) => Promise<{ data?: unknown; error?: unknown; response: Response }>;
const untyped = api as unknown as { GET: Call; POST: Call; PUT: Call };
export const get = <T>(path: string, init?: Init) => answer<T>(untyped.GET(path, init) as Promise<{ data?: T; response: Response }>);
export const post = <T>(path: string, init?: Init) => answer<T>(untyped.POST(path, init) as Promise<{ data?: T; response: Response }>);
const put = <T>(path: string, init?: Init) => answer<T>(untyped.PUT(path, init) as Promise<{ data?: T; response: Response }>);

/** While the stream runs it says what changes; once a minute is for clocks. Without it, every 5 s. */
export const refetching = () => (live.get() === 'live' ? 60_000 : 5_000);

export const MOST = 200;
export const WAITING = queryOptions({ queryKey: ['actions', 'waiting'], queryFn: ({ signal }) => get<ActionPage>('/v1/actions', { params: { query: { waiting: true, limit: MOST } }, signal }), refetchInterval: refetching });
export const actionOf = (id: string) => queryOptions({ queryKey: ['actions', 'one', id], queryFn: ({ signal }) => get<Action>('/v1/actions/{id}', { params: { path: { id } }, signal }), refetchInterval: refetching });
export const CATALOGUE = queryOptions({ queryKey: ['action-catalogue'], queryFn: ({ signal }) => get<{ actions: ActionKind[] }>('/v1/actions/catalogue', { signal }), staleTime: 60_000 });
export const POLICY = queryOptions({ queryKey: ['response-policy'], queryFn: ({ signal }) => get<Policy>('/v1/response-policy', { signal }) });

const path = (id: string) => ({ path: { id } });
export const approve = (a: Action, comment: string) => post<Action>('/v1/actions/{id}/approve', { params: path(a.id), body: { parameters_hash: a.parameters_hash, comment: comment || null } });
export const refuse = (a: Action, comment: string) => post<Action>('/v1/actions/{id}/refuse', { params: path(a.id), body: { parameters_hash: a.parameters_hash, comment } });
export const settle = (a: Action, body: { done: boolean; outputs: Record<string, unknown>; comment: string }) => post<Action>('/v1/actions/{id}/answer', { params: path(a.id), body });
export const rollBack = (a: Action, comment: string) => post<Action>('/v1/actions/{id}/roll-back', { params: path(a.id), body: { comment } });
export const request = (body: { action: string; parameters: Record<string, unknown>; about?: string; key: string }) => post<Action>('/v1/actions', { body });
export const setPolicy = (body: PolicyChange) => put<Policy>('/v1/response-policy', { body });

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
