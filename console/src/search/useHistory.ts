import { useCallback } from 'react';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../api/client';

export type Entry = Schemas['SearchHistory']['entries'][number];
const KEY = ['search-history'];
const KEPT = 50;

/** What this person asked, newest first, on any machine. */
export function useHistory() {
  const client = useQueryClient();
  const asked = useQuery({ queryKey: KEY, queryFn: ({ signal }) => answer(api.GET('/v1/search-history', { params: { query: { limit: KEPT } }, signal })), staleTime: 60_000 });
  const entries = asked.data?.entries ?? [];
  const queries = [...new Set(entries.map((e) => e.query.trim()).filter(Boolean))];
  const shown = queries.join('\n');
  const older = useCallback((now: string, back: 1 | -1) => step(queries, now, back), [shown]);
  const again = useCallback(() => void client.invalidateQueries({ queryKey: KEY }), [client]);
  const forget = useCallback(async () => {
    await answer(api.DELETE('/v1/search-history'));
    client.setQueryData(KEY, { entries: [] });
  }, [client]);
  return { entries, older, again, forget };
}

/** The query before or after the one that is shown; none where the bar shows something of the reader's own. */
export function step(queries: readonly string[], shown: string, back: 1 | -1): string | undefined {
  const at = shown === '' ? -1 : queries.indexOf(shown.trim());
  if (shown !== '' && at < 0) return undefined;
  const to = at + back;
  return to < -1 ? undefined : to === -1 ? (shown === '' ? undefined : '') : queries[to];
}
