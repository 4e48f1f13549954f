import { useState } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, getRouteApi, useNavigate } from '@tanstack/react-router';
import { Refused } from '../api/client';
import { DecideButtons, useDecide } from '../actions/Decide';
import { useLiveResponse } from '../actions/live';
import { AboutLink, ActionPill, useNow } from '../actions/parts';
import { again, isTask, named, shortHash, waitsFor, type Action } from '../actions/respond';
import { useMay } from '../session/session';
import { Dialog } from '../ui/Dialog';
import { Waiting } from '../ui/EventView';
import { actor, exact, when } from '../ui/format';
import { useKeys } from '../ui/keys';
import { CopyButton, Key, ProblemBox } from '../ui/parts';
import { said } from '../ui/toast';
import { StepView } from './StepView';
import { readRun } from './address';
import { PlaybookLink, RunPill } from './parts';
import { STEP_TONE, cancel, retry, runOf, took, visits, type RunDetail, type Visit } from './runs';

const route = getRouteApi('/runs/$id');

/** One run, live: what it has done, what it does, what it waits for. */
export default function RunPage() {
  const { id } = route.useParams();
  const { visit } = readRun(route.useSearch());
  const detail = useQuery(runOf(id));
  useLiveResponse({ run: [['runs', 'one', id]], action: [['runs', 'one', id]] });
  if (detail.isError && !detail.data) return <div className="empty">{detail.error instanceof Refused && detail.error.status === 404 ? <><h2>There is no such run here</h2><p className="muted">It may belong to another tenant.</p><Link className="btn" to="/runs">Go to the runs</Link></> : <ProblemBox problem={detail.error} retry={() => void detail.refetch()} />}</div>;
  return detail.data ? <Page key={id} r={detail.data} chosen={visit} /> : <div className="pad"><Waiting /></div>;
}

function Page({ r, chosen }: { r: RunDetail; chosen: number | undefined }) {
  const nav = useNavigate({ from: '/runs/$id' });
  const goto = useNavigate();
  const now = useNow();
  const may = useMay('playbooks:run');
  const [asking, setAsking] = useState<'cancel' | 'retry'>();
  const steps = visits(r.steps, r.actions);
  const waiting = r.actions.filter((a) => waitsFor(a));
  const first = steps.find((v) => v.actions.some((a) => waitsFor(a))) ?? steps.find((v) => v.status === 'failed' || v.status === 'timed_out') ?? steps.findLast((v) => v.status === 'running') ?? steps.at(-1);
  const current = steps.find((v) => v.visit === chosen) ?? first;
  const here = waiting.find((a) => a.visit === current?.visit) ?? (chosen === undefined ? waiting[0] : undefined) ?? current?.actions.findLast((a) => a.may.roll_back);
  const decide = useDecide(here);
  const ended = r.status !== 'running';
  const mayRetry = may && ended && current?.parent === 0;
  const place = (v: Visit | undefined) => { if (!v) return; void nav({ search: { visit: v.visit }, replace: true }); document.getElementById(`visit-${v.visit}`)?.scrollIntoView({ block: 'nearest' }); };
  const move = (d: number) => place(steps[Math.max(0, Math.min(steps.length - 1, steps.findIndex((v) => v === current) + d))]);
  useKeys([
    { keys: ['j', 'ArrowDown'], label: 'Next step', group: 'Move', run: () => move(1) },
    { keys: ['k', 'ArrowUp'], label: 'Previous step', group: 'Move', run: () => move(-1) },
    { keys: ['Escape'], label: 'Back to the runs', group: 'Move', run: () => void goto({ to: '/runs', search: { at: r.id } }) },
    { keys: ['w'], label: 'The step that waits', group: 'Move', run: () => place(steps.find((v) => v.actions.some((a) => waitsFor(a)))) },
    ...(may && !ended ? [{ keys: ['x'], label: 'Cancel the run…', group: 'Run', run: () => setAsking('cancel') }] : []),
    ...(mayRetry ? [{ keys: ['r'], label: 'Retry from this step…', group: 'Run', run: () => setAsking('retry') }] : []),
    ...decide.keys,
  ]);
  const simulated = r.actions.filter((a) => a.status === 'simulated').length;
  return (
    <div className="runpage" data-waits={waiting.length > 0 || undefined}>
      <header className="casehead">
        <div className="row wrap"><Link to="/runs" search={{ at: r.id }} className="muted">Runs</Link><span role="status"><RunPill r={r} /></span>{simulated > 0 ? <span className="pill c-simulated" title="These changed nothing anywhere">{simulated === 1 ? '1 action simulated' : `${simulated} actions simulated`}</span> : null}<span className="muted" title={exact(r.started_at)}>started {when(r.started_at)} by {actor(r.started_by)}</span><span className="muted">{ended ? 'took' : 'for'} {took(r.started_at, r.ended_at ?? new Date(now).toISOString())}</span><span className="grow1" /><CopyButton text={`${window.location.origin}/runs/${r.id}`} label="Copy a link to this run" /></div>
        <h1>{r.name}</h1>
        <div className="row wrap">
          {r.about ? <span><span className="muted">about </span><AboutLink about={r.about} title={r.about_title} /></span> : <span className="muted">about no alert and no case</span>}
          <PlaybookLink id={r.playbook} version={r.version} className="tag">version {shortHash(r.version)}</PlaybookLink>
          {r.parent ? <Link className="tag" to="/runs/$id" params={{ id: r.parent }}>called by another run</Link> : null}
          {r.retried_from ? <Link className="tag" to="/runs/$id" params={{ id: r.retried_from }}>retry of an earlier run</Link> : null}
          {r.children.map((c) => <Link key={c.id} className="tag" to="/runs/$id" params={{ id: c.id }}>calls {c.name}: {c.status}</Link>)}
          {may && !ended ? <button type="button" className="btn" onClick={() => setAsking('cancel')}>Cancel… <Key k="x" /></button> : null}
        </div>
        {ended && r.reason ? <p className={r.status === 'failed' ? 'c-bad' : undefined}>{r.reason}</p> : null}
      </header>
      {waiting.length > 0 ? <section className="runwaits" aria-label="What it waits for now">{waiting.map((a) => <Wait key={a.id} a={a} here={a.id === here?.id} decide={decide} show={() => place(steps.find((v) => v.visit === a.visit))} />)}</section> : null}
      <div className="runbody">
        <ol className="runsteps" aria-label="Steps" tabIndex={0}>{steps.map((v) => <StepRow key={v.visit} v={v} now={now} current={v === current} open={() => place(v)} />)}</ol>
        <div className="runside" tabIndex={0} role="region" aria-label="The step">
          {current ? <StepView key={current.visit} r={r} v={current} decide={decide} here={here} retry={mayRetry ? () => setAsking('retry') : undefined} now={now} /> : <div className="empty"><h2>No step was begun yet</h2><p className="muted">It begins within a second or two, when there is room.</p></div>}
        </div>
      </div>
      {decide.windows}
      <Dialog opened={asking !== undefined} close={() => setAsking(undefined)} firm title={asking === 'retry' ? 'Retry from this step' : 'Cancel the run'}>{asking === 'cancel' ? <Cancel r={r} close={() => setAsking(undefined)} /> : asking === 'retry' && current ? <Retry r={r} v={current} close={() => setAsking(undefined)} /> : null}</Dialog>
    </div>
  );
}

/** One thing that a person is waited for, with what can be done about it at this place. */
function Wait({ a, here, decide, show }: { a: Action; here: boolean; decide: ReturnType<typeof useDecide>; show: () => void }) {
  const waits = waitsFor(a);
  return (
    <div className="row wrap">
      <ActionPill a={a} />
      <strong>{waits === 'outcome' ? `Was it done? ${a.title}` : named(a)}{isTask(a) ? '' : `: ${a.target}`}</strong>
      <span className="grow1" />
      {here ? <DecideButtons a={a} ask={decide.ask} busy={decide.busy} /> : <button type="button" className="btn" onClick={show}>Show it <Key k="w" /></button>}
    </div>
  );
}

const TYPE: Record<string, string> = { parallel: 'at the same time', 'if-condition': 'choice', 'while-condition': 'loop', 'switch-condition': 'choice', 'playbook-action': 'calls a playbook' };

function StepRow({ v, now, current, open }: { v: Visit; now: number; current: boolean; open: () => void }) {
  const last = v.actions.at(-1);
  return (
    <li id={`visit-${v.visit}`}>
      <button type="button" aria-current={current ? 'step' : undefined} style={{ '--depth': v.depth } as React.CSSProperties} onClick={open}>
        <span className={`mark ${STEP_TONE[v.status]}`} data-status={v.status} aria-hidden />
        <span className="t">{v.name}{v.round > 1 ? <span className="muted"> round {v.round}</span> : null}<span className="vh">, {v.status.replace('_', ' ')}</span></span>
        <span className="muted mono">{v.ended || v.status === 'running' ? took(v.started, v.ended ?? new Date(now).toISOString()) : ''}</span>
        {v.why || v.said.length > 0 || last || TYPE[v.type] ? <span className="what">{TYPE[v.type] ? `${TYPE[v.type]}${v.why || v.said.length > 0 ? ': ' : ''}` : ''}{v.why ?? v.said.at(-1)?.text ?? ''} {last ? <ActionPill a={last} /> : null}</span> : null}
      </button>
    </li>
  );
}

function Cancel({ r, close }: { r: RunDetail; close: () => void }) {
  const client = useQueryClient();
  const act = useMutation({ mutationFn: (reason: string) => cancel(r.id, reason), onSuccess: async () => { close(); said('It is cancelled'); await again(client); } });
  return (
    <form className="form" onSubmit={(e) => { e.preventDefault(); act.mutate(String(new FormData(e.currentTarget).get('reason')).trim()); }}>
      <p>Nothing more is begun. What was begun already is not taken back by this; what waits for approval is withdrawn.</p>
      <label>Why<input className="input" name="reason" required maxLength={2000} autoComplete="off" data-autofocus placeholder="It was the yearly test" /></label>
      {act.isError ? <ProblemBox problem={act.error} /> : null}
      <div className="row"><button type="submit" className="btn" data-danger disabled={act.isPending}>Cancel the run</button><button type="button" className="btn" onClick={close}>Let it go on</button></div>
    </form>
  );
}

function Retry({ r, v, close }: { r: RunDetail; v: Visit; close: () => void }) {
  const client = useQueryClient();
  const goto = useNavigate();
  const done = r.actions.filter((a) => a.status === 'completed' && (a.visit ?? 0) >= v.visit);
  const act = useMutation({ mutationFn: () => retry(r.id, v.step), onSuccess: async (run) => { close(); said('A new run goes on from there'); void goto({ to: '/runs/$id', params: { id: run.id } }); await again(client); } });
  return (
    <form className="form" onSubmit={(e) => { e.preventDefault(); act.mutate(); }}>
      <p>A new run of the same version begins at <strong>{v.name}</strong>, with the values that this run had. This run stays as it is.</p>
      {done.length > 0 ? <div className="unsure"><strong>These were done already and would be asked for again</strong><ul style={{ margin: 0, paddingLeft: 18 }}>{done.map((a) => <li key={a.id}>{named(a)}{isTask(a) ? '' : `: ${a.target}`}</li>)}</ul></div> : null}
      {act.isError ? <ProblemBox problem={act.error} /> : null}
      <div className="row"><button type="submit" className="btn" data-primary disabled={act.isPending} data-autofocus>Retry from here</button><button type="button" className="btn" onClick={close}>Leave it</button></div>
    </form>
  );
}
