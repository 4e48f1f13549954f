import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { Refused, answer, api, type Schemas } from '../api/client';

export type Decision = Schemas['Decision'];
export type DecisionDetail = Schemas['DecisionDetail'];
export type Ruling = Schemas['Ruling'];
export type Shown = Schemas['ThresholdsShown'];
export type Question = Schemas['ThresholdsQuestion'];

/** What a decision is called where people read it. */
export const RULING: Record<Ruling, { label: string; tone: string }> = {
  escalate: { label: 'escalate', tone: 'c-high' },
  auto_close: { label: 'close', tone: 'c-ok' },
  human_review: { label: 'a person decides', tone: 'c-low' },
};

export const EFFECT: Record<Decision['effect'], string> = {
  escalated: 'It was marked as escalated.',
  closed: 'It was dismissed without a person.',
  sampled: 'It would have been closed, and was left open for a person to check.',
  none: 'It was left as it was.',
};

/** Null while nothing was decided. */
export const decisionOf = (id: string) =>
  queryOptions({
    queryKey: ['decision', id],
    staleTime: 10_000,
    retry: false,
    queryFn: async ({ signal }): Promise<DecisionDetail | null> => {
      try {
        return await answer(api.GET('/v1/alerts/{id}/decision', { params: { path: { id } }, signal }));
      } catch (e) {
        if (e instanceof Refused && e.status === 404) return null;
        throw e;
      }
    },
  });

export const THRESHOLDS = queryOptions({ queryKey: ['thresholds'], queryFn: ({ signal }) => answer(api.GET('/v1/decisions/thresholds', { signal })) });
export const DEAD = queryOptions({ queryKey: ['dead-decisions'], queryFn: ({ signal }) => answer(api.GET('/v1/decisions/dead-letters', { signal })), refetchInterval: 30_000 });
export const decisions = (ruling: Ruling | undefined, sampled: boolean) =>
  queryOptions({ queryKey: ['decisions', ruling, sampled], queryFn: ({ signal }) => answer(api.GET('/v1/decisions', { params: { query: { decision: ruling, sampled } }, signal })), refetchInterval: 15_000 });

export const override = (id: string, body: Schemas['DecisionOverride']) => answer(api.POST('/v1/alerts/{id}/decision/override', { params: { path: { id } }, body }));
export const preview = (body: Question, signal?: AbortSignal) => answer(api.POST('/v1/decisions/thresholds/preview', { body, signal }));
export const change = (body: Schemas['ThresholdsChange']) => answer(api.PUT('/v1/decisions/thresholds', { body }));
export const stop = (reason: string) => answer(api.POST('/v1/decisions/stop', { body: { reason } }));
export const resume = (reason: string) => answer(api.POST('/v1/decisions/resume', { body: { reason } }));
export const replay = (items?: number[]) => answer(api.POST('/v1/decisions/dead-letters/replay', { body: items ? { items } : {} }));

/** Everything that shows decisions, anew. */
export const again = (client: QueryClient) => Promise.all([client.invalidateQueries({ queryKey: ['decisions'] }), client.invalidateQueries({ queryKey: THRESHOLDS.queryKey }), client.invalidateQueries({ queryKey: DEAD.queryKey })]);

/** A contribution with its sign, as it is summed. */
export const signed = (n: number) => (n < 0 ? `−${(-n).toFixed(2)}` : `+${n.toFixed(2)}`);

/** Thresholds as they are typed; undefined when one is no number. */
export function question(f: FormData): Question | undefined {
  const [escalate, close, model] = ['escalate', 'close', 'model'].map((n) => Number.parseFloat(String(f.get(n))));
  if (![escalate, close, model].every(Number.isFinite)) return undefined;
  return { escalate: escalate!, close: close!, model: model!, auto_close: f.get('auto_close') !== null };
}

/** Thresholds out of an address, "0.85 0.2 0.6 on"; undefined when it has none. */
export function triedOf(text: string | undefined): Question | undefined {
  const [escalate, close, model, closing] = (text ?? '').split(' ');
  const [e, c, m] = [escalate, close, model].map((n) => Number.parseFloat(n ?? ''));
  return Number.isFinite(e) && Number.isFinite(c) && Number.isFinite(m) ? { escalate: e!, close: c!, model: m!, auto_close: closing === 'on' } : undefined;
}
