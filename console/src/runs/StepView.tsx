import { Link } from '@tanstack/react-router';
import { ActionBody, ActionHead } from '../actions/ActionView';
import { DecideButtons, type useDecide } from '../actions/Decide';
import { Values } from '../actions/parts';
import type { Action } from '../actions/respond';
import { exact, when } from '../ui/format';
import { Key } from '../ui/parts';
import { STEP_TONE, inputs, plain, read, took, type RunDetail, type Visit } from './runs';

type Props = { r: RunDetail; v: Visit; decide: ReturnType<typeof useDecide>; here: Action | undefined; retry: (() => void) | undefined; now: number };

const SAYS: Record<Visit['status'], string> = { running: 'is at it', succeeded: 'succeeded', failed: 'failed', timed_out: 'its time was over', cancelled: 'cancelled' };

/** One step: what it read, what it gave, which way it went or why it failed, and what was done for it. */
export function StepView({ r, v, decide, here, retry, now }: Props) {
  const of = read(r.document).workflow?.[v.step];
  const reads = inputs(r, v);
  const gave = Object.entries(v.values);
  const child = v.type === 'playbook-action' ? r.children.filter((c) => c.started_at >= v.started && (!v.ended || c.started_at <= v.ended)) : [];
  return (
    <>
      <div className="deedhead">
        <div className="row wrap"><span className={`pill ${STEP_TONE[v.status]}`}>{SAYS[v.status]}</span><span className="muted mono" title={exact(v.started)}>{when(v.started)}</span><span className="muted">{took(v.started, v.ended ?? new Date(now).toISOString())}</span>{v.round > 1 ? <span className="tag">round {v.round}</span> : null}<span className="grow1" />{retry ? <button type="button" className="btn" onClick={retry}>Retry from here… <Key k="r" /></button> : null}</div>
        <h2>{v.name}</h2>
        {v.why ? <p className={v.status === 'cancelled' ? undefined : 'c-bad'}>{v.why}</p> : null}
      </div>
      <div className="deedin deed">
        {of?.description ? <p className="muted">{of.description}</p> : null}
        {of?.condition ? <section><h3 className="cap">Condition</h3><pre className="code" tabIndex={0} aria-label="Condition">{of.condition}</pre></section> : null}
        {v.said.length > 0 ? <section><h3 className="cap">{v.type.includes('condition') || v.type === 'parallel' ? 'Which way it went' : 'On the way'}</h3><ul className="hist">{v.said.map((s) => <li key={s.at + s.text}><div>{s.text}</div><div className="muted mono">{exact(s.at)}</div></li>)}</ul></section> : null}
        {reads.length > 0 ? <section><h3 className="cap">Inputs</h3><Values of={Object.fromEntries(reads.map(([n, x]) => [plain(n), x]))} label="Inputs" empty="" /></section> : null}
        {gave.length > 0 ? <section><h3 className="cap">Outputs</h3><Values of={Object.fromEntries(gave.map(([n, x]) => [plain(n), x]))} label="Outputs" empty="" /></section> : null}
        {child.length > 0 ? <section><h3 className="cap">Called</h3><ul>{child.map((c) => <li key={c.id}><Link to="/runs/$id" params={{ id: c.id }}>{c.name}</Link> <span className="muted">{c.status}</span></li>)}</ul></section> : null}
        {v.actions.map((a) => (
          <section key={a.id} className="deedcard" aria-label={`Action: ${a.title}`}>
            <div style={{ display: 'grid', gap: 9 }}><ActionHead a={a} />{a.id === here?.id ? <DecideButtons a={a} ask={decide.ask} busy={decide.busy} /> : null}</div>
            <ActionBody a={a} inRun />
          </section>
        ))}
        {reads.length === 0 && gave.length === 0 && v.actions.length === 0 && v.said.length === 0 && child.length === 0 ? <p className="muted">It reads nothing and gives nothing.</p> : null}
        <section><h3 className="cap">Record</h3><dl className="kv"><dt>Begun</dt><dd className="mono">{exact(v.started)}</dd>{v.ended ? <><dt>Ended</dt><dd className="mono">{exact(v.ended)}</dd></> : null}<dt>Step</dt><dd className="mono">{v.step}</dd></dl></section>
      </div>
    </>
  );
}
