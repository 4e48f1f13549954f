import { queryOptions } from '@tanstack/react-query';
import { refetching, type Action } from '../actions/respond';
import { answer, api, type Schemas } from '../api/client';
import type { paths } from '../api/schema';

export type Run = Schemas['PlaybookRun'];
export type RunStatus = Run['status'];
/** One thing that became of a step. */
export type StepChange = Schemas['PlaybookRunStep'];
export type StepStatus = StepChange['status'];
export type RunDetail = Schemas['PlaybookRunDetail'];
export type PlaybookSummary = Schemas['PlaybookSummary'];

type Variable = { type?: string; description?: string; value?: string; external?: boolean };
type StepDocument = { type?: string; name?: string; description?: string; in_args?: string[]; out_args?: string[]; condition?: string; switch?: string; commands?: { command?: string }[] };
/** As much of a playbook as is shown here; the server has read it, so it is one. */
type PlaybookDocument = { playbook_variables?: Record<string, Variable>; workflow?: Record<string, StepDocument> };

type Question = NonNullable<paths['/v1/playbook-runs']['get']['parameters']['query']>;
export const runsOf = (query: Question, signal?: AbortSignal) => answer(api.GET('/v1/playbook-runs', { params: { query }, signal }));
export const runOf = (id: string) => queryOptions({ queryKey: ['runs', 'one', id], queryFn: ({ signal }) => answer(api.GET('/v1/playbook-runs/{id}', { params: path(id), signal })), refetchInterval: refetching });
export const PLAYBOOKS = queryOptions({ queryKey: ['playbooks', 'names'], queryFn: ({ signal }) => answer(api.GET('/v1/playbooks', { signal })), staleTime: 30_000 });
export const playbookOf = (id: string) => queryOptions({ queryKey: ['playbooks', 'given', id], queryFn: ({ signal }) => answer(api.GET('/v1/playbooks/{id}', { params: path(id), signal })), staleTime: 30_000 });

const path = (id: string) => ({ path: { id } });
export const cancel = (id: string, reason: string) => answer(api.POST('/v1/playbook-runs/{id}/cancel', { params: path(id), body: { reason } }));
export const retry = (id: string, step: string) => answer(api.POST('/v1/playbook-runs/{id}/retry', { params: path(id), body: { step } }));
export const start = (playbook: string, body: { about: string; given: Record<string, string>; key: string }) => answer(api.POST('/v1/playbooks/{id}/runs', { params: path(playbook), body }));

export const RUN_TONE: Record<RunStatus, string> = { running: 'c-low', succeeded: 'c-ok', failed: 'c-critical', cancelled: 'c-informational' };
export const STEP_TONE: Record<StepStatus, string> = { running: 'c-low', succeeded: 'c-ok', failed: 'c-critical', timed_out: 'c-critical', cancelled: 'c-informational' };
export const WAITS: Record<NonNullable<Run['waiting']>, string> = { approval: 'waits for approval', person: 'waits for a person', time: 'waits for its time', action: 'waits for an action' };
/** A person can do something about it. */
export const forPeople = (r: Run) => r.status === 'running' && (r.waiting === 'approval' || r.waiting === 'person');

/** One go at a step, with everything that became of it. */
export type Visit = {
  visit: number;
  /** Of its first change. */
  seq: number;
  parent: number;
  depth: number;
  step: string;
  name: string;
  type: string;
  status: StepStatus;
  started: string;
  ended: string | undefined;
  /** Which way a choice went, or what went wrong in between. */
  said: { at: string; text: string }[];
  /** Why it ended as it did. */
  why: string | undefined;
  values: Record<string, string | null>;
  /** Of how many goes at the same step this is which. */
  round: number;
  actions: Action[];
};

const over = (s: StepStatus) => s !== 'running';

/** The steps as a tree, written from top to bottom: each visit once, branches below the step that opened them. */
export function visits(changes: readonly StepChange[], actions: readonly Action[] = []): Visit[] {
  const by = new Map<number, Visit>();
  const rounds = new Map<string, number>();
  for (const c of [...changes].sort((a, b) => a.seq - b.seq)) {
    let v = by.get(c.visit);
    if (!v) {
      const round = (rounds.get(c.step) ?? 0) + 1;
      rounds.set(c.step, round);
      v = { visit: c.visit, seq: c.seq, parent: c.parent, depth: 0, step: c.step, name: c.name ?? c.step, type: c.type ?? '', status: c.status, started: c.at, ended: undefined, said: [], why: undefined, values: {}, round, actions: [] };
      by.set(c.visit, v);
    }
    v.status = c.status;
    Object.assign(v.values, c.values);
    if (over(c.status)) v.ended = c.at;
    // Who cancelled it is said, by name, of the run.
    const detail = c.detail?.replace(/^user:[0-9a-f-]{36}: /, '');
    if (detail && over(c.status) && c.status !== 'succeeded') v.why = detail;
    else if (detail) v.said.push({ at: c.at, text: detail });
  }
  for (const a of actions) if (a.visit != null) by.get(a.visit)?.actions.push(a);
  for (const v of by.values()) v.actions.sort((a, b) => (a.attempt ?? 0) - (b.attempt ?? 0));
  const below = new Map<number, Visit[]>();
  for (const v of [...by.values()].sort((a, b) => a.visit - b.visit)) {
    const parent = by.has(v.parent) && v.parent < v.visit ? v.parent : 0;
    below.set(parent, [...(below.get(parent) ?? []), v]);
  }
  const out: Visit[] = [];
  const walk = (parent: number, depth: number) => {
    for (const v of below.get(parent) ?? []) {
      v.depth = depth;
      out.push(v);
      walk(v.visit, depth + 1);
    }
  };
  walk(0, 0);
  return out;
}

/** "2 min 4 s", "0.3 s". */
export function took(from: string, to: string): string {
  const ms = Math.max(0, Date.parse(to) - Date.parse(from));
  if (ms < 10_000) return `${(ms / 1000).toFixed(1)} s`;
  const s = Math.round(ms / 1000);
  if (s < 120) return `${s} s`;
  if (s < 7200) return `${Math.floor(s / 60)} min ${s % 60} s`;
  if (s < 172_800) return `${Math.floor(s / 3600)} h ${Math.floor((s % 3600) / 60)} min`;
  return `${Math.floor(s / 86_400)} d`;
}

export const read = (document: RunDetail['document'] | undefined): PlaybookDocument => document ?? {};

/** What a step read, with what it held when the step was begun; null: nothing. */
export function inputs(r: Pick<RunDetail, 'document' | 'values' | 'steps'>, v: Pick<Visit, 'step' | 'seq'>): [name: string, value: string | null][] {
  const document = read(r.document);
  const of = document.workflow?.[v.step];
  if (!of) return [];
  const words = [of.condition, of.switch, ...(of.commands ?? []).map((c) => c.command)].filter((x): x is string => typeof x === 'string').join(' ');
  const names = [...new Set([...(of.in_args ?? []), ...(words.match(/__[a-zA-Z][\w-]*?__/g) ?? [])])];
  return names.map((name) => {
    const wrote = r.steps.filter((c) => name in c.values).sort((a, b) => a.seq - b.seq);
    const before = wrote.findLast((c) => c.seq < v.seq);
    if (before) return [name, before.values[name] ?? null];
    // What nobody has written is what the run began with, unless a later step wrote over it.
    return [name, (wrote.length > 0 ? document.playbook_variables?.[name]?.value : r.values[name]) ?? null];
  });
}

/** Names of what starts a run from outside, in the order in which they are written. */
export const externals = (document: RunDetail['document'] | undefined) => Object.entries(read(document).playbook_variables ?? {}).filter(([, v]) => v.external === true).map(([name, v]) => ({ name, type: v.type ?? 'string', description: v.description ?? '', value: v.value }));

/** __source_ip__ as people read it. */
export const plain = (name: string) => name.replace(/^__|__$/g, '').replaceAll('_', ' ');
