import { useState } from 'react';
import { Link } from '@tanstack/react-router';
import { STATUSES, type AlertDetail } from '../api/client';
import { number } from '../ui/format';
import { Yaml } from '../ui/parts';

/** The rule that fired: what it is for, when it is wrong, how often it was. */
export function RuleView({ d }: { d: AlertDetail }) {
  const [source, setSource] = useState(false);
  const { rule, rule_record: record } = d;
  return (
    <section aria-labelledby="rule">
      <h3 className="cap" id="rule">Rule</h3>
      <dl className="kv">
        <dt>Rule</dt><dd>{rule.title}</dd>
        {rule.description ? <><dt>What it finds</dt><dd>{rule.description}</dd></> : null}
        <dt>Record</dt><dd>{recordText(record)} <Link to="/alerts" search={{ rule: rule.id, status: STATUSES.join(',') }}>See its alerts</Link> · <Link to="/hunts" search={{ new: 'yes', rules: rule.id }}>Hunt over the past</Link></dd>
        {rule.falsepositives?.length ? <><dt>Known to be wrong</dt><dd>{rule.falsepositives.join('; ')}</dd></> : null}
        {rule.references?.length ? <><dt>References</dt><dd>{rule.references.map((r) => <div key={r}>{/^https?:\/\//.test(r) ? <a href={r} target="_blank" rel="noreferrer">{r}</a> : r}</div>)}</dd></> : null}
        <dt>Level</dt><dd>{rule.level}{rule.status ? ` · ${rule.status}` : ''}{rule.author ? ` · ${rule.author}` : ''}</dd>
        {rule.license || rule.set ? <><dt>From</dt><dd>{[rule.set, rule.license].filter(Boolean).join(' · ')}{rule.set_address ? <div>{/^https:\/\//.test(rule.set_address) ? <a href={rule.set_address} target="_blank" rel="noreferrer">{rule.set_address}</a> : rule.set_address}</div> : null}</dd></> : null}
        {rule.tags?.length ? <><dt>Tags</dt><dd className="row wrap">{rule.tags.map((t) => <span className="tag" key={t}>{t}</span>)}</dd></> : null}
        <dt>Id</dt><dd className="mono">{rule.id}</dd>
      </dl>
      {rule.source ? <p style={{ margin: '8px 0' }}><button type="button" className="btn" aria-expanded={source} onClick={() => setSource(!source)}>{source ? 'Hide the rule as written' : 'Show the rule as written'}</button></p> : null}
      {source && rule.source ? <Yaml text={rule.source} label="The rule as written" /> : null}
    </section>
  );
}

function recordText(r: AlertDetail['rule_record']): string {
  const fired = `Fired ${r.fired === 1 ? 'once' : `${number(r.fired)} times`}`;
  if (r.closed === 0) return `${fired}; none closed yet.`;
  return `${fired}; ${number(r.closed)} closed, of them ${number(r.false_positives)} false (${Math.round((100 * r.false_positives) / r.closed)} %).`;
}
