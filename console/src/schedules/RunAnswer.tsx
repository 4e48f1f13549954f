import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { answer, api, type Schemas } from '../api/client';
import { shown } from '../search/TableResult';
import { hostOf, summary, userOf } from '../search/fields';
import { Waiting } from '../ui/EventView';
import { moment, number, shortHost, when } from '../ui/format';
import { ProblemBox } from '../ui/parts';

const AROUND_MS = 5 * 60_000;

/** What a run kept of what it found. */
export function RunAnswer({ id }: { id: string }) {
  const one = useQuery({ queryKey: ['schedule-run', id], queryFn: ({ signal }) => answer(api.GET('/v1/schedule-runs/{id}', { params: { path: { id } }, signal })), refetchInterval: (q) => (q.state.data?.state === 'running' ? 1000 : false) });
  if (one.isError) return <div className="pad"><ProblemBox problem={one.error} retry={() => void one.refetch()} /></div>;
  if (!one.data) return <div className="pad"><Waiting /></div>;
  const r = one.data;
  return (
    <section className="dsec" aria-labelledby="answer">
      <h3 className="cap" id="answer">Found by the run of {moment(r.started_at)}<span className="muted">{r.hits > r.kept ? `${number(r.kept)} of ${number(r.hits)} kept` : number(r.kept)}</span></h3>
      {r.error ? <p className="wrong">{r.error}</p> : null}
      {r.answer && r.kept > 0 ? <Rows of={r.answer} /> : r.state === 'running' ? <p className="muted">It is running.</p> : <p className="muted">Nothing, in what came in until {moment(r.to)}.</p>}
    </section>
  );
}

function Rows({ of }: { of: Schemas['ScheduleAnswer'] }) {
  if (of.kind === 'table') {
    return (
      <div className="card scrollx" tabIndex={0} role="region" aria-label="Table of the run">
        <table className="tbl stat">
          <thead><tr>{of.columns.map((c) => <th key={c.name} scope="col" className={c.type === 'number' ? 'num' : undefined}>{c.name}</th>)}</tr></thead>
          <tbody>{(of.rows ?? []).map((row, i) => <tr key={i}>{of.columns.map((c, j) => <td key={c.name} className={c.type === 'number' ? 'num' : 'mono'}>{shown(c, row[j])}</td>)}</tr>)}</tbody>
        </table>
      </div>
    );
  }
  return (
    <ol className="samples">
      {(of.events ?? []).map((e) => {
        const t = Date.parse(e.time);
        return (
          <li key={e.id}>
            <Link to="/search" search={{ from: new Date(t - AROUND_MS).toISOString(), to: new Date(t + AROUND_MS).toISOString(), event: e.id }} title="Open it, with what happened around it">
              <span className="mono">{when(e.time)}</span><span className="mono">{shortHost(hostOf(e))}</span><span className="mono">{userOf(e)}</span><span className="mono ht">{summary(e).slice(0, 300)}</span>
            </Link>
          </li>
        );
      })}
    </ol>
  );
}
