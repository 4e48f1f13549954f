import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Refused } from '../api/client';
import { ruleOf } from '../rules/RuleRail';
import { ruleText } from '../rules/query';
import { CloseIcon, RulesIcon } from '../ui/icons';
import { Key, SeverityLabel } from '../ui/parts';

type Props = { rule: string | undefined; of: string | undefined; query: string; onRule: (rule: string | undefined) => void; onText: (of: string) => void };

/** That a rule is being run, or that the text is a rule's and what it cannot say. */
export function RuleNote({ rule, of, query, onRule, onText }: Props) {
  if (rule !== undefined) return <Running id={rule} narrowed={query !== ''} off={() => onRule(undefined)} text={() => onText(rule)} />;
  return of !== undefined ? <TextOf id={of} query={query} run={() => onRule(of)} /> : null;
}

function Running({ id, narrowed, off, text }: { id: string; narrowed: boolean; off: () => void; text: () => void }) {
  const one = useQuery(ruleOf(id));
  const gone = one.error instanceof Refused && one.error.status === 404;
  return (
    <div className="rnote" data-testid="rule-note">
      <RulesIcon size={15} />
      <span className="grow1 ht">{gone ? 'This rule is not in use any more: ' : 'Only events on which this rule fires: '}<Link to="/rules" search={{ rule: id }}>{one.data?.title ?? id}</Link>{narrowed ? <span className="muted"> and that fit the query</span> : null}</span>
      {one.data ? <SeverityLabel of={one.data.level} /> : null}
      <button type="button" className="btn" onClick={text}>As text</button>
      <Link className="btn" to="/hunts" search={{ new: 'yes', rules: id }}>Hunt with it</Link>
      <button type="button" className="icon" aria-label="Without the rule" title="Without the rule" onClick={off}><CloseIcon size={15} /></button>
    </div>
  );
}

function TextOf({ id, query, run }: { id: string; query: string; run: () => void }) {
  const text = useQuery(ruleText(id));
  // Somebody who has changed it asks a question of their own.
  if (!text.data || text.data.query.trim() !== query.trim()) return null;
  const { exact, missing, title } = text.data;
  return (
    <div className="rnote" data-testid="rule-note">
      <RulesIcon size={15} />
      <div className="grow1">
        <span>The text of <Link to="/rules" search={{ rule: id }}>{title}</Link>{exact ? '; it finds just what the rule finds.' : '; it finds more than the rule, as it cannot say:'}</span>
        {missing.length > 0 ? <ul>{missing.map((m) => <li key={m}>{m}</li>)}</ul> : null}
      </div>
      <button type="button" className="btn" onClick={run}>Run the rule exactly <Key k="e" /></button>
    </div>
  );
}
