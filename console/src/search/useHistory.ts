import { useCallback, useState } from 'react';
import { recent, remember as keep } from './recent';

/** What this person ran, newest first. */
export function useHistory() {
  const [queries, setQueries] = useState(recent);
  const remember = useCallback((q: string) => {
    keep(q);
    setQueries(recent());
  }, []);
  const older = useCallback((shown: string, back: 1 | -1) => step(queries, shown, back), [queries]);
  return { queries, remember, older };
}

/** The query before or after the one that is shown; none where the bar shows something of the reader's own. */
export function step(queries: readonly string[], shown: string, back: 1 | -1): string | undefined {
  const at = shown === '' ? -1 : queries.indexOf(shown);
  if (shown !== '' && at < 0) return undefined;
  const to = at + back;
  return to < -1 ? undefined : to === -1 ? (shown === '' ? undefined : '') : queries[to];
}
