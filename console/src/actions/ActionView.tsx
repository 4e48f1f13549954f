import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { answer, api } from '../api/client';
import { useMay } from '../session/session';
import { exact, when, words } from '../ui/format';
import { ProblemBox, SeverityLabel } from '../ui/parts';
import { AboutLink, ActionPill, Parameters, RadiusLabel, Values, useNow } from './parts';
import { CONSENT, RADIUS, aboutOf, agreed, asker, isTask, named, needed, statusOf, until, type Action } from './respond';

/** What it is, and how it stands. */
export function ActionHead({ a }: { a: Action }) {
  const now = useNow();
  return (
    <>
      <div className="row wrap"><ActionPill a={a} />{isTask(a) ? null : <RadiusLabel of={a.radius} />}{a.expires_at && a.status === 'awaiting_approval' ? <span className={Date.parse(a.expires_at) - now < 900_000 ? 'c-bad' : 'muted'} title={exact(a.expires_at)}>expires {until(a.expires_at, now)}</span> : null}{a.consent === 'two_people' && a.status === 'awaiting_approval' ? <span className="tag">{agreed(a)} of {needed(a)} agreed</span> : null}</div>
      <h2>{named(a)}{a.target && !isTask(a) ? <>: <span className="mono">{a.target}</span></> : null}</h2>
      <div className="row wrap muted"><span title={exact(a.requested_at)}>asked by {asker(a)}, {when(a.requested_at)}</span>{a.step_name && !isTask(a) ? <span>step “{a.step_name}”</span> : null}{a.attempt != null && a.attempt > 1 ? <span>try {a.attempt}</span> : null}</div>
    </>
  );
}

/** Everything about one action, for whoever has to decide or wants to know. */
export function ActionBody({ a, inRun = false }: { a: Action; inRun?: boolean }) {
  const task = isTask(a);
  return (
    <div className="deed">
      {a.status === 'unknown' ? <div className="unsure" role="note"><strong>Nobody knows yet whether this was done</strong><p>It was begun{a.carried_by ? ` through ${a.carried_by}` : ''}{a.dispatched_at ? ` at ${exact(a.dispatched_at)}` : ''}, and no answer came. It is not tried again by itself, so that it is not done twice. Look at {a.target || 'the target'}, then say what you found.</p></div> : null}
      {a.status === 'simulated' ? <div className="note" style={{ margin: 0 }} role="note">This was simulated. Nothing was changed anywhere.</div> : null}
      {a.reason ? <section><h3 className="cap">What became of it</h3><p>{a.reason}</p></section> : null}
      {a.task ? <section><h3 className="cap">What to do</h3><p style={{ whiteSpace: 'pre-wrap' }}>{a.task.text}</p>{a.task.asks_for.length > 0 ? <p className="muted">The run wants to know: {a.task.asks_for.map((n) => words(n.replace(/^__|__$/g, ''))).join(', ')}.</p> : null}</section> : null}
      {task ? null : <section><h3 className="cap">{a.status === 'awaiting_approval' ? 'Exactly what would be done' : 'Parameters'}</h3><Parameters a={a} /></section>}
      {a.reasons.length > 0 ? <section><h3 className="cap">{task ? 'Why you are asked' : `Who has to agree: ${CONSENT[a.consent]}`}</h3><ul>{a.reasons.map((r) => <li key={r}>{r}</li>)}</ul></section> : null}
      {task ? null : <section><h3 className="cap">If it is a mistake</h3><p><RadiusLabel of={a.radius} /> {RADIUS[a.radius]}</p><p>{a.reverse ? <>It is taken back with <span className="mono">{a.reverse}</span>: one click here, by the same rules{a.status === 'completed' ? '' : ', once it is done'}.</> : 'Nothing takes it back.'}</p></section>}
      <Evidence a={a} />
      {a.approvals.length > 0 ? <section><h3 className="cap">Who decided</h3><ul className="hist">{a.approvals.map((x) => <li key={x.person + x.at}><div>{x.person} <strong>{x.agrees ? 'agreed' : 'refused'}</strong></div>{x.comment ? <div>{x.comment}</div> : null}<div className="muted mono">{exact(x.at)}</div></li>)}</ul></section> : null}
      <Outcome a={a} />
      <section><h3 className="cap">Record</h3><dl className="kv">
        <dt>State</dt><dd>{statusOf(a).says}</dd>
        {a.dispatched_at ? <><dt>Begun</dt><dd className="mono">{exact(a.dispatched_at)}</dd></> : null}
        {a.ended_at ? <><dt>Ended</dt><dd className="mono">{exact(a.ended_at)}</dd></> : null}
        {a.carried_by ? <><dt>Carried out by</dt><dd>{a.carried_by}</dd></> : null}
        {a.envelope ? <><dt>Signed with</dt><dd className="mono">{a.envelope.key}</dd><dt>Envelope</dt><dd className="mono">{a.envelope.sha256}</dd></> : null}
        {a.run && !inRun ? <><dt>Run</dt><dd><Link to="/runs/$id" params={{ id: a.run }} search={a.visit ? { visit: a.visit } : {}}>{a.playbook?.name ?? 'the run'}</Link></dd></> : null}
        {a.reverses ? <><dt>Takes back</dt><dd><Link to="/actions" search={{ at: a.reverses }}>the action before</Link></dd></> : null}
        {a.reversed_by ? <><dt>Taken back by</dt><dd><Link to="/actions" search={{ at: a.reversed_by }}>a later action</Link></dd></> : null}
        <dt>Action</dt><dd className="mono">{a.id}</dd>
      </dl></section>
    </div>
  );
}

const FOUND: Record<string, [tone: string, text: string]> = { confirmed: ['c-ok', 'looked at afterwards: it holds'], not_so: ['c-critical', 'looked at afterwards: it does not hold'], unable: ['c-high', 'nobody could look whether it holds'], pending: ['c-low', 'it is still looked at whether it holds'] };

function Outcome({ a }: { a: Action }) {
  const v = a.verification && a.verification.state !== 'none' ? a.verification : undefined;
  const found = v ? FOUND[v.state] : undefined;
  const gives = a.outputs && Object.keys(a.outputs).length > 0 ? a.outputs : undefined;
  if (!found && !gives) return null;
  return <section><h3 className="cap">What came of it</h3>{found ? <p><span className={`pill ${found[0]}`}>{found[1]}</span> {v?.detail}{v?.at ? <span className="muted mono"> {when(v.at)}</span> : null}</p> : null}{gives ? <Values of={gives} label="Outputs" empty="" /> : null}</section>;
}

/** What it rests on: the alert with its story, or the case. */
function Evidence({ a }: { a: Action }) {
  const about = aboutOf(a.about);
  const may = useMay('alerts:read');
  const alert = useQuery({ queryKey: ['alert', about?.id], queryFn: ({ signal }) => answer(api.GET('/v1/alerts/{id}', { params: { path: { id: about!.id } }, signal })), staleTime: 30_000, enabled: may && about?.kind === 'alert' });
  if (!about) return <section><h3 className="cap">Evidence</h3><p className="muted">It is about no alert and no case: {a.run ? 'the playbook was not started by one' : 'a person asked for it'}.</p></section>;
  return (
    <section>
      <h3 className="cap">Evidence: {about.kind === 'alert' ? 'alert' : 'case'}</h3>
      <div className="row wrap">{alert.data ? <SeverityLabel of={alert.data.severity} /> : null}<AboutLink about={a.about} title={alert.data?.title ?? a.about_title} /></div>
      {alert.isError ? <ProblemBox problem={alert.error} retry={() => void alert.refetch()} /> : null}
      {alert.data ? <p className="why">{alert.data.narrative.split('`').map((part, i) => (i % 2 ? <code key={i}>{part}</code> : <span key={i}>{part}</span>))}</p> : null}
    </section>
  );
}
