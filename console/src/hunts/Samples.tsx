import { useState } from 'react';
import { useQueries } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { answer, api } from '../api/client';
import { hostOf, summary, userOf } from '../search/fields';
import { number, shortHost, when } from '../ui/format';
import type { RuleHits } from './hunt';

const FIRST = 8;
const AROUND_MS = 5 * 60_000;

/** The newest events that it fired on; each leads to the search around it. */
export function Samples({ of }: { of: RuleHits }) {
  const [all, setAll] = useState(false);
  const some = all ? of.newest : of.newest.slice(0, FIRST);
  const events = useQueries({ queries: some.map((s) => ({ queryKey: ['event', s.event_id], queryFn: ({ signal }: { signal: AbortSignal }) => answer(api.GET('/v1/events/{id}', { params: { path: { id: s.event_id } }, signal })), staleTime: Infinity, retry: false })) });
  if (of.newest.length === 0) return null;
  return (
    <section className="dsec" aria-labelledby="samples">
      <h3 className="cap" id="samples">Newest hits<span className="muted">{of.hits > some.length ? `${some.length} of ${number(of.hits)}` : some.length}</span></h3>
      <ol className="samples">
        {some.map((s, i) => {
          const e = events[i]?.data;
          const t = Date.parse(s.time);
          return (
            <li key={`${s.event_id}/${s.time}`}>
              <Link to="/search" search={{ from: new Date(t - AROUND_MS).toISOString(), to: new Date(t + AROUND_MS).toISOString(), event: s.event_id }} title="Open it, with what happened around it">
                <span className="mono">{when(s.time)}</span>
                <span className="mono">{e ? shortHost(hostOf(e)) : ''}</span><span className="mono">{e ? userOf(e) : ''}</span>
                <span className="mono ht">{e ? summary(e).slice(0, 300) : events[i]?.isError ? <span className="muted">no longer stored</span> : <span className="sk" style={{ width: '60%' }} />}</span>
              </Link>
            </li>
          );
        })}
      </ol>
      {of.newest.length > FIRST && !all ? <button type="button" className="plain" onClick={() => setAll(true)}>Show all {of.newest.length}</button> : null}
    </section>
  );
}
