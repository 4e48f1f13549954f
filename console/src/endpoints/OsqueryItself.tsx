import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { table } from '../search/table';
import { Waiting } from '../ui/EventView';
import { exact } from '../ui/format';
import { ProblemBox } from '../ui/parts';
import { type Endpoint } from './endpoints';
import { complaints, denylisted, denylistedQuery, statusQuery } from './itself';

const WEEK = { last: '7d' };
const REFRESH_MS = 60_000;

/** What osquery on a host says of itself: what went wrong, and which queries it has stopped asking because they cost too much. */
export function OsqueryItself({ e }: { e: Endpoint }) {
  const said = useQuery({ queryKey: ['osquery-status', e.id], queryFn: ({ signal }) => table(statusQuery(e.id), WEEK, signal).then(complaints), refetchInterval: REFRESH_MS });
  const left = useQuery({ queryKey: ['osquery-denylisted', e.id], queryFn: ({ signal }) => table(denylistedQuery(e.id), WEEK, signal).then(denylisted), refetchInterval: REFRESH_MS });
  return (
    <section className="pad" aria-label="osquery itself">
      <div className="row"><h3 className="cap grow1">osquery itself</h3><Link to="/search" search={{ q: statusQuery(e.id).replace(/ \|.*/, ''), last: '7d' }}>its status lines</Link></div>
      {said.isError ? <ProblemBox problem={said.error} retry={() => void said.refetch()} /> : null}
      {left.isError ? <ProblemBox problem={left.error} retry={() => void left.refetch()} /> : null}
      {said.isPending || left.isPending ? <Waiting /> : null}
      {said.data && left.data && said.data.length + left.data.length === 0 ? <p className="muted">It has complained of nothing in the last seven days, and asks all of its queries.</p> : null}
      {left.data && left.data.length > 0 ? <ul className="hist" aria-label="Queries that it does not ask">{left.data.map((q) => <li key={q.name} className="row"><span className="pill c-failing">denylisted</span><span className="mono grow1 ht">{q.name}</span><span className="muted nowrap">{exact(q.time)}</span></li>)}</ul> : null}
      {said.data && said.data.length > 0 ? <ul className="hist" aria-label="What went wrong">{said.data.map((x) => <li key={x.message} className="row"><span className={`pill ${x.severity >= 3 ? 'c-failing' : 'c-medium'}`}>{x.severity >= 3 ? 'error' : 'warning'}</span><span className="grow1 ht">{x.message}</span><span className="muted nowrap">{x.count > 1 ? `${x.count} times, last ` : ''}{exact(x.time)}</span></li>)}</ul> : null}
    </section>
  );
}
