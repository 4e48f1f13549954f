import { Link } from '@tanstack/react-router';
import type { HuntSearch } from './range';

const EXAMPLES: readonly [query: string, what: string][] = [
  ['powershell', 'the word, in any field or in the record itself'],
  ['cmd contains " -enc"', 'part of a value; big and small letters are the same'],
  ['user = root and not src = 10.0.0.0/8', 'conditions together; networks'],
  ['host = web-*', 'wildcards'],
  ['process in (cmd.exe, powershell.exe)', 'one of several'],
  ['cmd ~ "-e(nc|c)?\\s"', 'a regular expression'],
  ['unmapped.LogonType = 3', "a source's own field, by its own name"],
  ['api.operation exists', 'any value at all'],
  ['* | top 20 process', 'the most frequent values'],
  ['* | stats count, dc(user) by host | sort -count', 'counted by a field'],
  ['* | timechart span=15m count by process', 'over time'],
];

/** How a query is written, by examples that run. */
export function Syntax({ run }: { run: (q: string) => void }) {
  return (
    <dl className="syntax">
      {EXAMPLES.map(([q, what]) => [<dt key={q}><button type="button" className="plain mono" onClick={() => run(q)}>{q}</button></dt>, <dd key={what}>{what}</dd>])}
    </dl>
  );
}

export function SearchEmpty({ search, run, widen }: { search: HuntSearch; run: (q: string) => void; widen: (last: string) => void }) {
  const asked = search.q !== undefined;
  return (
    <div className="empty">
      <h2>{asked ? 'No event fits' : 'No events in this time'}</h2>
      <p className="muted">{asked ? 'Look further back, or take something out of the query.' : 'Either nothing happened, or nothing is connected yet.'}</p>
      <div className="row wrap">
        {search.last === '30d' ? null : <button type="button" className="btn" onClick={() => widen('30d')}>Look at the last 30 days</button>}
        {asked ? <button type="button" className="btn" onClick={() => run('')}>Show everything</button> : null}
        <Link className="btn" to="/sources">See what is connected</Link>
      </div>
      <h3 className="cap" style={{ marginTop: 12 }}>Examples</h3>
      <Syntax run={run} />
    </div>
  );
}
