import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../api/client';

export type Lane = Schemas['TuningList']['rules'][number]['lane'];
export type Tuned = Schemas['TuningList']['rules'][number];
export type Kind = Schemas['TuningKind'];
export type Act = Schemas['TuningAct'];
export type Preview = Schemas['TuningPreview'];

/** The lanes in their order: what they are called, what puts a rule there, and what helps. */
export const LANES: Record<Lane, { label: string; tone: string; what: string; helps?: Kind }> = {
  disable: { label: 'Disable', tone: 'c-critical', what: 'At least half of at least 20 were false.', helps: 'disable' },
  suppress: { label: 'Suppress', tone: 'c-high', what: 'At least a fifth of at least 20 were false: hide what is known to be harmless.', helps: 'suppress' },
  threshold: { label: 'Threshold', tone: 'c-medium', what: 'At least a tenth of at least 20 were false: hide who causes most of them.', helps: 'suppress' },
  tune: { label: 'Tune', tone: 'c-medium', what: 'At least a fifth of fewer than 20 were false. It is early: watch it from the shadow.', helps: 'shadow' },
  stale: { label: 'Stale', tone: 'c-low', what: 'It has not fired for 30 days.' },
  not_measured: { label: 'Not measured', tone: 'c-quiet', what: 'Nobody has judged one of its alerts.' },
  healthy: { label: 'Healthy', tone: 'c-ok', what: 'Few were false.' },
};
export const ORDER = Object.keys(LANES) as Lane[];

/** What was done, as one says it. */
export const DONE: Record<Kind, string> = { disable: 'disabled', shadow: 'put in the shadow', suppress: 'hidden in part' };

export const TUNING = queryOptions({ queryKey: ['tuning'], queryFn: ({ signal }) => answer(api.GET('/v1/tuning', { params: { query: { days: 90 } }, signal })) });
export const ACTS = queryOptions({ queryKey: ['tuning-acts'], queryFn: ({ signal }) => answer(api.GET('/v1/tuning/acts', { signal })) });
export const previewOf = (rule: string, act: Kind) =>
  queryOptions({ queryKey: ['tuning-preview', rule, act], staleTime: 30_000, queryFn: ({ signal }) => answer(api.POST('/v1/tuning/preview', { body: { rule_id: rule, act }, signal })) });

export const tune = (rule: string, act: Kind, reason: string, entity?: string | null) => answer(api.POST('/v1/tuning/acts', { body: { rule_id: rule, act, reason, ...(entity ? { entity } : {}) } }));
export const undo = (id: string) => answer(api.POST('/v1/tuning/acts/{id}/undo', { params: { path: { id } } }));

/** Everything that shows what is done about rules, anew. */
export const again = (client: QueryClient) => Promise.all(['tuning', 'tuning-acts', 'rule-stage', 'rules', 'suppressions'].map((k) => client.invalidateQueries({ queryKey: [k] })));
