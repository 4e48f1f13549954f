import { Link } from '@tanstack/react-router';
import { Key } from '../ui/parts';
import type { QueueSearch } from './filter';

/** Why nothing is here, and what to do next. */
export function QueueEmpty({ search, change }: { search: QueueSearch; change: (c: Partial<QueueSearch>) => void }) {
  const narrowed = search.severity ?? search.q ?? search.entity ?? search.rule ?? search.from;
  if (narrowed || (search.status && search.status !== 'new,in_progress')) {
    return (
      <div className="empty">
        <h2>No alert fits these filters</h2>
        <p className="muted">New ones that fit appear here by themselves.</p>
        <div className="row"><button type="button" className="btn" onClick={() => change({ severity: undefined, status: undefined, q: undefined, entity: undefined, rule: undefined, from: undefined, to: undefined })}>Clear the filters <Key k="0" /></button></div>
      </div>
    );
  }
  return (
    <div className="empty">
      <h2>No open alerts</h2>
      <p className="muted">Nothing waits for you. An alert appears here by itself the moment a rule fires; see under Sources whether your systems are sending.</p>
      <div className="row wrap">
        <Link className="btn" to="/sources">See the sources</Link>
        <button type="button" className="btn" onClick={() => change({ status: 'resolved,dismissed' })}>Show closed alerts</button>
      </div>
    </div>
  );
}
