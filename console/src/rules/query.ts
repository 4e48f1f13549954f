import { answer, api } from '../api/client';

/** A rule as a search, as far as the language can say it. */
export const ruleText = (id: string) => ({ queryKey: ['rule-query', id], queryFn: ({ signal }: { signal: AbortSignal }) => answer(api.GET('/v1/rules/{rule}/query', { params: { path: { rule: id } }, signal })), staleTime: 60_000 });
