import { useState, type FormEvent } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMay } from '../session/session';
import { VERDICTS } from '../alerts/acts';
import { Waiting } from '../ui/EventView';
import { exact, words } from '../ui/format';
import { Json, ProblemBox } from '../ui/parts';
import { said } from '../ui/toast';
import { EFFECT, RULING, again, decisionOf, override, signed, type DecisionDetail, type Ruling } from './decisions';
import type { Verdict } from '../api/client';

/** How sure it is and what was decided; asked for beside the alert, which does not wait for it. */
export default function DecisionView({ id }: { id: string }) {
  const may = useMay('decisions:read');
  const found = useQuery({ ...decisionOf(id), enabled: may });
  if (!may) return null;
  const d = found.data;
  return (
    <>
      <section aria-labelledby="sure">
        <h3 className="cap" id="sure">How sure{d ? <span className="muted">{d.explained.explainability.confidence_label === 'unknown' ? 'not measured' : `${d.explained.explainability.confidence_score} of 100, ${d.explained.explainability.confidence_label}`}</span> : null}</h3>
        {found.isError ? <ProblemBox problem={found.error} retry={() => void found.refetch()} /> : null}
        {found.isPending ? <Waiting /> : null}
        {found.data === null ? <p className="muted">Nothing has been decided yet: it waits its turn. <button type="button" className="btn" onClick={() => void found.refetch()}>Look again</button></p> : null}
        {d ? <Chain d={d} /> : null}
      </section>
      {d ? <Decided d={d} /> : null}
    </>
  );
}

function Chain({ d }: { d: DecisionDetail }) {
  const { evidence, confidence_score: score } = d.explained.explainability;
  return (
    <>
      <ol className="hist" aria-label="Evidence chain">
        {evidence.map((s, i) => (
          <li key={i} className="row">
            <span className="tag">{s.kind}</span>
            <span className="grow1" title={s.source}>{s.claim} {/* the rule stands above; its id says nothing to a person */}{s.kind === 'rule' ? null : <span className="muted">{s.source}</span>}</span>
            <span className="mono" title={`${s.norm} × ${s.weight}`}>{s.weight === 0 && s.contribution === 0 ? 'does not count' : signed(s.contribution)}</span>
          </li>
        ))}
        <li className="row"><strong className="grow1">Sum</strong><strong className="mono">{score.toFixed(2)}</strong></li>
      </ol>
      <p className="muted">The rule’s precision in this version: {d.rule_record ? d.rule_record.precision.text : 'not measured'}{d.rule_record && !d.rule_record.precision.measured ? ' (nobody has judged an alert of it)' : ''}.</p>
    </>
  );
}

function Decided({ d }: { d: DecisionDetail }) {
  const may = useMay('decisions:override');
  const [open, setOpen] = useState(false);
  const { reasons } = d.explained.explainability;
  const { label, tone } = RULING[d.decision];
  return (
    <section aria-labelledby="decided">
      <h3 className="cap" id="decided">Decision<span className={`pill ${tone}`}>{label}</span>{d.overridden_to ? <span className={`pill ${RULING[d.overridden_to].tone}`}>overridden: {RULING[d.overridden_to].label}</span> : null}</h3>
      <p>{reasons[0]}{d.rule_triggered ? <span className="muted"> (rule {words(d.rule_triggered)})</span> : null}</p>
      <p className="muted">{EFFECT[d.effect]} {exact(d.decided_at)}, audit entry {d.audit_seq}{d.settings_version > 0 ? `, thresholds version ${d.settings_version}` : ''}.</p>
      {d.explained.explainability.llm_summary ? <p>The model says: {d.explained.explainability.llm_summary}</p> : null}
      {d.explained.model ? <p className="muted" style={{ overflowWrap: 'anywhere' }}>Asked: <span className="mono">{d.explained.model}</span>, prompt <span className="mono" title={d.explained.prompt_hash ?? ''}>{d.explained.prompt_hash?.slice(0, 12)}…</span></p> : null}
      {d.overrides.length > 0 ? <ul className="hist" aria-label="Overrides">{d.overrides.map((o, i) => <li key={i}><div>{RULING[o.decision].label}{o.verdict ? `, ${words(o.verdict)}` : ''} <span className="muted">by {o.by}</span></div><div>{o.reason}</div><div className="muted mono">{exact(o.at)}</div></li>)}</ul> : null}
      <div className="row wrap">
        <button type="button" className="btn" aria-expanded={open} onClick={() => setOpen(!open)}>{open ? 'Hide all that it rests on' : 'Show all that it rests on'}</button>
      </div>
      {open ? <Json value={d.explained} label="All that it rests on" /> : null}
      {may ? <Override d={d} /> : null}
    </section>
  );
}

function Override({ d }: { d: DecisionDetail }) {
  const client = useQueryClient();
  const [open, setOpen] = useState(false);
  const [to, setTo] = useState<Ruling>(d.decision === 'escalate' ? 'auto_close' : 'escalate');
  const save = useMutation({
    mutationFn: (f: FormData) => override(d.alert_id, { decision: to, reason: String(f.get('reason')).trim(), ...(to === 'auto_close' && f.get('verdict') ? { verdict: String(f.get('verdict')) as Verdict } : {}) }),
    onSuccess: async (after) => {
      client.setQueryData(decisionOf(d.alert_id).queryKey, after);
      setOpen(false);
      said('Overridden; the decision stays beside it');
      await Promise.all([client.invalidateQueries({ queryKey: ['alert', d.alert_id] }), again(client)]);
    },
  });
  if (!open) return <div className="row" style={{ marginTop: 8 }}><button type="button" className="btn" onClick={() => setOpen(true)}>Override…</button></div>;
  const submit = (e: FormEvent<HTMLFormElement>) => { e.preventDefault(); save.mutate(new FormData(e.currentTarget)); };
  return (
    <form className="form" onSubmit={submit} aria-label="Override the decision">
      <div className="two">
        <label>Right was<select className="input" name="decision" value={to} onChange={(e) => setTo(e.target.value as Ruling)}>{Object.entries(RULING).map(([value, r]) => <option key={value} value={value}>{r.label}</option>)}</select></label>
        {to === 'auto_close' ? <label>Because it is<select className="input" name="verdict" defaultValue=""><option value="">no verdict</option>{VERDICTS.map((v) => <option key={v.key} value={v.verdict}>{v.label}</option>)}</select></label> : null}
      </div>
      <label>Why<input className="input" name="reason" required maxLength={2000} autoComplete="off" autoFocus placeholder="The address is our own scanner" /></label>
      {save.isError ? <ProblemBox problem={save.error} /> : null}
      <div className="row"><button type="submit" className="btn" data-primary disabled={save.isPending}>Override it</button><button type="button" className="btn" onClick={() => setOpen(false)}>Leave it</button></div>
    </form>
  );
}
