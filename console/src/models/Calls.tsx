import { useInfiniteQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { STATUSES } from '../api/client';
import { Waiting } from '../ui/EventView';
import { exact, number, when } from '../ui/format';
import { ProblemBox } from '../ui/parts';
import { CALLS, OUTCOME } from './models';

/** The ledger of what a model was asked. */
export default function Calls() {
  const found = useInfiniteQuery(CALLS);
  const all = found.data?.pages.flatMap((p) => p.calls) ?? [];
  return (
    <section aria-labelledby="calls" style={{ marginTop: 18 }}>
      <h2 className="cap row" id="calls">Asked of the model</h2>
      {found.isError ? <ProblemBox problem={found.error} retry={() => void found.refetch()} /> : null}
      {found.isPending ? <Waiting /> : null}
      {found.data && all.length === 0 ? <p className="muted">Nothing yet. Where a model is set up, each question to it stands here before it is asked, with what came of it.</p> : null}
      {all.length > 0 ? (
        <ul className="hist" aria-label="Questions to the model">
          {all.map((c) => (
            <li key={c.id}>
              <div className="row wrap">
                <span className={`pill ${OUTCOME[c.outcome].tone}`}>{OUTCOME[c.outcome].label}</span>
                <Link className="grow1" to="/alerts" search={{ alert: c.alert_id, status: STATUSES.join(',') }}>{c.model || 'The alert'}</Link>
                <span className="mono muted" title={exact(c.asked_at)}>{when(c.asked_at)}</span>
              </div>
              {c.tokens > 0 ? <div className="muted">{number(c.tokens)} tokens</div> : null}
              {c.reply ? <details><summary>What came back</summary><p className="mono" style={{ overflowWrap: 'anywhere' }}>{c.reply}</p><p className="muted mono" style={{ overflowWrap: 'anywhere' }}>prompt {c.prompt_version}, {c.prompt_hash}</p></details> : null}
            </li>
          ))}
        </ul>
      ) : null}
      {found.hasNextPage ? <button type="button" className="btn" disabled={found.isFetchingNextPage} onClick={() => void found.fetchNextPage()}>More</button> : null}
    </section>
  );
}
