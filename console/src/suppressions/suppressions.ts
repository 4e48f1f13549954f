import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../api/client';

export type Suppression = Schemas['Suppression'];
export type Question = Schemas['SuppressionQuestion'];
export type Preview = Schemas['SuppressionPreview'];

export const SUPPRESSIONS = queryOptions({ queryKey: ['suppressions'], queryFn: ({ signal }) => answer(api.GET('/v1/suppressions', { signal })), refetchInterval: 15_000 });
export const again = (client: QueryClient) => client.invalidateQueries({ queryKey: SUPPRESSIONS.queryKey });
export const remove = (id: string) => answer(api.DELETE('/v1/suppressions/{id}', { params: { path: { id } } }));
export const create = (body: Schemas['SuppressionContent']) => answer(api.POST('/v1/suppressions', { body }));
export const preview = (body: Question, signal?: AbortSignal) => answer(api.POST('/v1/suppressions/preview', { body, signal }));

const DAY = 86_400_000;
export const LENGTHS = [
  { label: 'a day', ms: DAY },
  { label: 'a week', ms: 7 * DAY },
  { label: '30 days', ms: 30 * DAY },
  { label: '90 days', ms: 90 * DAY },
  { label: 'a year', ms: 365 * DAY },
] as const;

/** Rule ids as they are typed: parted by commas or spaces. */
export const ruleIds = (typed: string) => [...new Set(typed.split(/[\s,]+/).filter(Boolean))];

/** What is asked, without what is empty; undefined when nothing is. */
export function question(rules: string, query: string, entity: string): Question | undefined {
  const ids = ruleIds(rules);
  const q: Question = { ...(ids.length > 0 ? { rules: ids } : {}), ...(query.trim() ? { query: query.trim() } : {}), ...(entity.trim() ? { entity: entity.trim() } : {}) };
  return Object.keys(q).length > 0 ? q : undefined;
}

/** What it is made of, for one that is to be made again. */
export const content = (s: Suppression): Schemas['SuppressionContent'] => ({ ...question(s.rules.join(' '), s.query, s.entity ?? ''), reason: s.reason, starts_at: s.starts_at, expires_at: s.expires_at });

/** What it hides, in a few words. */
export function told(s: Pick<Suppression, 'rules' | 'query' | 'entity'>, title: (rule: string) => string = (r) => r): string {
  const rules = s.rules.length === 0 ? 'any rule' : s.rules.length === 1 ? title(s.rules[0]!) : `${s.rules.length} rules`;
  return [rules, s.entity ? `on ${s.entity}` : '', s.query ? `where ${s.query}` : ''].filter(Boolean).join(' ');
}
