import { useQuery } from '@tanstack/react-query';
import { Waiting } from '../ui/EventView';
import { ProblemBox } from '../ui/parts';
import { known } from './intel';

const TONE = { critical: 'c-critical', high: 'c-high', medium: 'c-medium', low: 'c-low', unknown: 'c-quiet' } as const;
const shown = (x: unknown) => (typeof x === 'string' ? x : JSON.stringify(x));

/** What everybody who was asked says of a value, and how the confidence adds up. */
export function Known({ value, list }: { value: string; list?: () => void }) {
  const asked = useQuery(known(value));
  if (asked.isPending) return <div className="pad"><Waiting /></div>;
  if (asked.isError) return <div className="pad"><ProblemBox problem={asked.error} retry={() => void asked.refetch()} /></div>;
  const { result, cached } = asked.data;
  return (
    <>
      <header className="dhead">
        <div className="row wrap">
          <h2 className="grow1 mono">{result.indicator.value}</h2>
          <span className={`pill ${TONE[result.risk_level]}`}>{result.risk_level}</span>
          {list ? <button type="button" className="btn" onClick={list}>List it…</button> : null}
        </div>
        <dl className="kv">
          <dt>Type</dt><dd>{result.indicator.type}</dd>
          <dt>Confidence</dt><dd>{result.confidence}{result.signals.length > 0 ? ' = sum of norm × weight, by the sum of weights' : ''}</dd>
          <dt>Asked</dt><dd>{result.sources_queried.map(named).join(', ') || 'nobody: no service is set up'}{cached ? ' (what they said within the hour)' : ''}</dd>
          {result.sources_failed.length > 0 ? <><dt>No answer</dt><dd>{result.sources_failed.map(named).join(', ')}</dd></> : null}
        </dl>
      </header>
      {result.signals.length > 0 ? (
        <section className="pad">
          <h3 className="cap">What counts</h3>
          <table className="tbl"><thead><tr><th>Source</th><th>Says</th><th>Norm</th><th>Weight</th></tr></thead>
            <tbody>{result.signals.map((s) => <tr key={s.source + s.field}><td>{named(s.source)}</td><td><span className="mono">{s.field} {shown(s.value)}</span></td><td className="num">{s.norm}</td><td className="num">{s.weight}</td></tr>)}</tbody></table>
        </section>
      ) : null}
      <section className="pad"><h3 className="cap">In words</h3><ul className="hist" aria-label="In words">{result.reasons.map((r) => <li key={r}>{named(r)}</li>)}</ul></section>
    </>
  );
}

/** What is listed here calls itself by a name of the platform's own. */
const named = (text: string) => text.replace('feed:indicators', 'your indicators');
