import { Suspense, lazy, useState, type FormEvent } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, getRouteApi, useNavigate } from '@tanstack/react-router';
import { STATUSES } from '../api/client';
import { useMay } from '../session/session';
import { Dialog } from '../ui/Dialog';
import { Waiting } from '../ui/EventView';
import { exact, number, when, words } from '../ui/format';
import { useKeys } from '../ui/keys';
import { Key, ProblemBox, SeverityLabel } from '../ui/parts';
import { failed, said } from '../ui/toast';
import { TUNING } from '../tuning/tuning';
import { DEAD, EFFECT, RULING, THRESHOLDS, again, change, decisions, preview, question, replay, resume, stop, triedOf, type Decision, type Question, type Shown } from './decisions';

const Calls = lazy(() => import('../models/Calls'));

const route = getRouteApi('/decisions');

/** What is decided without a person: by what, how it turned out, and how to stop it. */
export default function DecisionsPage() {
  const { show, try: address } = route.useSearch();
  const tried = triedOf(address);
  const nav = useNavigate({ from: '/decisions' });
  const list = useQuery(decisions(show === 'sampled' || show === 'model' ? undefined : show, show === 'sampled'));
  const thresholds = useQuery(THRESHOLDS);
  const mayModels = useMay('models:read');
  const mayStop = useMay('decisions:override');
  const mayChange = useMay('decisions:write');
  const [asking, setAsking] = useState<'stop' | 'resume' | 'change' | undefined>(tried && mayChange ? 'change' : undefined);
  const close = () => {
    setAsking(undefined);
    if (address) void nav({ search: { show }, replace: true });
  };
  const t = thresholds.data;
  useKeys([
    ...(mayStop && t && !t.stopped ? [{ keys: ['x'], label: 'Stop closing at once', group: 'Decisions', run: () => setAsking('stop') }] : []),
    ...(mayChange ? [{ keys: ['e'], label: 'Change the thresholds', group: 'Decisions', run: () => setAsking('change') }] : []),
  ]);
  const shown = [{ value: undefined, label: 'All' }, { value: 'escalate', label: 'Escalated' }, { value: 'auto_close', label: 'Closed' }, { value: 'human_review', label: 'Left to people' }, { value: 'sampled', label: 'To be checked' }, ...(mayModels ? [{ value: 'model', label: 'Asked of the model' } as const] : [])] as const;
  return (
    <div className="hunts">
      <aside className="hside" aria-label="How decisions are made">
        <header><h1>Decisions</h1><span className="grow1" />{mayChange ? <button type="button" className="btn" onClick={() => setAsking('change')}>Change <Key k="e" /></button> : null}</header>
        <div className="pad" tabIndex={0} role="region" aria-label="Thresholds and records" style={{ overflow: 'auto', flex: 1, minHeight: 0 }}>
          {thresholds.isError ? <ProblemBox problem={thresholds.error} retry={() => void thresholds.refetch()} /> : null}
          {t ? <InForce t={t} mayStop={mayStop} mayResume={mayChange} ask={setAsking} /> : thresholds.isPending ? <Waiting /> : null}
          <Dead may={mayChange} />
          <Rules />
        </div>
      </aside>
      <div className="hmain" tabIndex={0} role="region" aria-label="Decisions">
        <header className="dhead">
          <div className="seg" role="group" aria-label="Which decisions">{shown.map((s) => <button key={s.label} type="button" aria-pressed={show === s.value} onClick={() => void nav({ search: { show: s.value } })}>{s.label}</button>)}</div>
          {list.data ? <p className="muted">In 30 days {number(list.data.counts.escalate)} escalated, {number(list.data.counts.auto_close)} to be closed, {number(list.data.counts.human_review)} left to people. Of those that would have been closed {number(list.data.sampled.all)} were left open to be checked; {list.data.sampled.missed.measured ? <>attacks among the {number(list.data.sampled.judged)} that were judged: {list.data.sampled.missed.text}</> : 'none of them was judged yet'}.</p> : null}
        </header>
        {show === 'model' ? <div className="pad"><Suspense fallback={<Waiting />}><Calls /></Suspense></div> : <>
        {list.isError ? <div className="pad"><ProblemBox problem={list.error} retry={() => void list.refetch()} /></div> : null}
        {list.isPending ? <div className="pad"><Waiting /></div> : null}
        {list.data && list.data.decisions.length === 0 ? <div className="empty"><h2>Nothing here yet</h2><p className="muted">{show === 'sampled' ? 'Of the alerts that would be closed without a person some stay open, so that somebody sees whether closing them is right. They are listed here.' : 'Each alert is decided about once: escalated, closed, or left to a person, with all that it rests on. Other products hand in theirs with POST /v1/alerts.'}</p></div> : null}
        {list.data && list.data.decisions.length > 0 ? <section className="pad"><ul className="hist" aria-label="The newest decisions">{list.data.decisions.map((d) => <Row key={d.alert_id} d={d} />)}</ul></section> : null}
        </>}
      </div>
      {t ? <Dialog opened={asking === 'change'} close={close} firm title="By what is decided">{asking === 'change' ? <Change t={t} first={tried ?? t.now} close={close} /> : null}</Dialog> : null}
      <Dialog opened={asking === 'stop' || asking === 'resume'} close={() => setAsking(undefined)} firm title={asking === 'stop' ? 'Stop closing at once' : 'Close again'}>{asking === 'stop' || asking === 'resume' ? <Turn what={asking} close={() => setAsking(undefined)} /> : null}</Dialog>
    </div>
  );
}

function Row({ d }: { d: Decision }) {
  return (
    <li className="row wrap">
      <SeverityLabel of={d.alert.severity} />
      <Link className="grow1" to="/alerts" search={{ alert: d.alert_id, status: STATUSES.join(',') }} title={EFFECT[d.effect]}>{d.alert.title}</Link>
      <span className="muted">{words(d.rule_triggered ?? d.review_reason ?? 'by the model')}</span>
      {d.alert.verdict ? <span className="tag">{words(d.alert.verdict)}</span> : null}
      {d.overridden_to ? <span className={`pill ${RULING[d.overridden_to].tone}`}>overridden: {RULING[d.overridden_to].label}</span> : null}
      <span className={`pill ${RULING[d.decision].tone}`}>{RULING[d.decision].label}</span>
      <span className="mono muted" title={exact(d.decided_at)}>{when(d.decided_at)}</span>
    </li>
  );
}

function InForce({ t, mayStop, mayResume, ask }: { t: Shown; mayStop: boolean; mayResume: boolean; ask: (what: 'stop' | 'resume') => void }) {
  return (
    <section aria-labelledby="inforce">
      <h2 className="cap row" id="inforce">In force<span className={`pill ${t.closing ? 'c-ok' : 'c-quiet'}`}>{t.closing ? 'closes alerts' : 'closes nothing'}</span></h2>
      {t.stopped ? <p><strong>Stopped</strong> by {t.stopped.by}, {when(t.stopped.at)}: {t.stopped.reason}</p> : null}
      <dl className="kv">
        <dt>Escalate from</dt><dd className="mono">{t.now.escalate}</dd>
        <dt>Close up to</dt><dd className="mono">{t.now.close}{t.now.auto_close ? '' : ' (off)'}</dd>
        <dt>Model at least</dt><dd className="mono">{t.now.model}</dd>
        <dt>Checked</dt><dd>{t.now.sample_percent} of 100 that would be closed</dd>
        <dt>Version</dt><dd>{t.now.version === 0 ? 'those of the house' : `${t.now.version}, ${t.now.made_by}: ${t.now.reason}`}</dd>
      </dl>
      <div className="row wrap">
        {mayStop && !t.stopped ? <button type="button" className="btn" onClick={() => ask('stop')}>Stop closing at once <Key k="x" /></button> : null}
        {mayResume && t.stopped ? <button type="button" className="btn" data-primary onClick={() => ask('resume')}>Close again…</button> : null}
      </div>
    </section>
  );
}

function Dead({ may }: { may: boolean }) {
  const client = useQueryClient();
  const dead = useQuery(DEAD);
  const all = dead.data?.dead ?? [];
  const run = async () => {
    try {
      const { replayed } = await replay();
      said(`${number(replayed)} ${replayed === 1 ? 'is' : 'are'} tried again`);
    } catch (e) {
      failed('Not tried again', e instanceof Error ? e.message : String(e));
    }
    await again(client);
  };
  return (
    <section aria-labelledby="dead" style={{ marginTop: 18 }}>
      <h2 className="cap row" id="dead">Could not be decided<span className="muted">{dead.data ? number(all.length) : ''}</span></h2>
      {dead.isError ? <ProblemBox problem={dead.error} retry={() => void dead.refetch()} /> : null}
      {all.length > 0 ? <ul className="hist">{all.slice(0, 10).map((l) => <li key={l.item}><Link to="/alerts" search={{ alert: l.alert_id, status: STATUSES.join(',') }}>{l.reason}</Link><div className="muted">{l.failures} tries, the last {when(l.failed_at)}</div></li>)}</ul> : dead.data ? <p className="muted">Nothing: what fails is tried again after 5 s, 30 s and 2 min, and then listed here.</p> : null}
      {may && all.length > 0 ? <button type="button" className="btn" onClick={() => void run()}>Try all again</button> : null}
    </section>
  );
}

function Rules() {
  const tuning = useQuery(TUNING);
  const rules = tuning.data?.rules ?? [];
  return (
    <section aria-labelledby="tuning" style={{ marginTop: 18 }}>
      <h2 className="cap row" id="tuning">Rules<span className="muted">of the last 90 days</span></h2>
      {tuning.isError ? <ProblemBox problem={tuning.error} retry={() => void tuning.refetch()} /> : null}
      {rules.length > 0 ? <p>{number(rules.filter((r) => r.lane === 'disable' || r.lane === 'suppress' || r.lane === 'threshold' || r.lane === 'tune').length)} of {number(rules.length)} are wrong too often. <Link to="/tuning">See each, and what helps</Link>; <Link to="/report">the week’s report</Link></p> : tuning.data ? <p className="muted">No rule has fired.</p> : null}
    </section>
  );
}

function Turn({ what, close }: { what: 'stop' | 'resume'; close: () => void }) {
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: (reason: string) => (what === 'stop' ? stop(reason) : resume(reason)),
    onSuccess: async (t) => {
      client.setQueryData(THRESHOLDS.queryKey, t);
      close();
      said(what === 'stop' ? 'Nothing is closed without a person any more' : 'What the thresholds say holds again');
      await again(client);
    },
  });
  return (
    <form className="form" onSubmit={(e) => { e.preventDefault(); save.mutate(String(new FormData(e.currentTarget).get('reason')).trim()); }}>
      <p>{what === 'stop' ? 'From the answer on no alert is closed without a person, also those that are being decided about now. Escalating goes on.' : 'Alerts are closed again where the thresholds say so.'}</p>
      <label>Why<input className="input" name="reason" required maxLength={2000} autoComplete="off" data-autofocus /></label>
      {save.isError ? <ProblemBox problem={save.error} /> : null}
      <div className="row"><button type="submit" className="btn" data-primary disabled={save.isPending}>{what === 'stop' ? 'Stop it' : 'Close again'}</button><button type="button" className="btn" onClick={close}>Leave it</button></div>
    </form>
  );
}

/** @param first what the form begins with: what is in force, or what somebody suggests */
function Change({ t, first, close }: { t: Shown; first: Question; close: () => void }) {
  const client = useQueryClient();
  const { now } = t;
  const [asked, setAsked] = useState<Question | undefined>({ escalate: first.escalate, close: first.close, model: first.model, auto_close: first.auto_close });
  const shown = useQuery({ queryKey: ['threshold-preview', asked], queryFn: ({ signal }) => preview(asked!, signal), enabled: asked !== undefined, retry: false, staleTime: 30_000 });
  const save = useMutation({
    mutationFn: (f: FormData) => change({ ...asked!, sample_percent: Number(f.get('sample_percent')), reason: String(f.get('reason')).trim(), version: now.version }),
    onSuccess: async (after) => { client.setQueryData(THRESHOLDS.queryKey, after); close(); said('In force from the next decision on'); await again(client); },
  });
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const f = new FormData(e.currentTarget);
    const typed = question(f);
    if (JSON.stringify(typed) !== JSON.stringify(asked)) setAsked(typed); // what it would have done is seen first
    else if (typed && shown.data) save.mutate(f);
  };
  return (
    <form className="form" onSubmit={submit} onBlur={(e) => setAsked(question(new FormData(e.currentTarget)))}>
      <div className="two">
        <label><span>Escalate from <span className="muted">(0.35 to 1)</span></span><input className="input mono" name="escalate" type="number" step="0.0001" min={0.35} max={1} required defaultValue={first.escalate} data-autofocus /></label>
        <label><span>Close up to <span className="muted">(0 to 0.34)</span></span><input className="input mono" name="close" type="number" step="0.0001" min={0} max={0.34} required defaultValue={first.close} /></label>
      </div>
      <div className="two">
        <label><span>Model at least <span className="muted">(0.5 to 1)</span></span><input className="input mono" name="model" type="number" step="0.0001" min={0.5} max={1} required defaultValue={first.model} /></label>
        <label><span>Checked by people <span className="muted">(of 100 that would be closed)</span></span><input className="input mono" name="sample_percent" type="number" step={1} min={0} max={100} required defaultValue={now.sample_percent} /></label>
      </div>
      <label className="check"><input type="checkbox" name="auto_close" defaultChecked={first.auto_close} onChange={(e) => { if (e.currentTarget.form) setAsked(question(new FormData(e.currentTarget.form))); }} />Close without a person what is low and that no fact speaks against</label>
      <label>Why<input className="input" name="reason" required maxLength={2000} autoComplete="off" placeholder="A month of samples without an attack among them" /></label>
      <section aria-label="What it would have done" aria-live="polite">{!asked ? <p className="muted">Three numbers are needed.</p> : shown.isError ? <ProblemBox problem={shown.error} /> : shown.data ? <Flips p={shown.data} /> : <Waiting />}</section>
      {save.isError ? <ProblemBox problem={save.error} /> : null}
      <div className="row"><button type="submit" className="btn" data-primary disabled={save.isPending || !asked || !shown.data}>Put it in force</button><button type="button" className="btn" onClick={close}>Leave it</button></div>
    </form>
  );
}

/** How many of the last 30 days flip, and what these turned out to be. */
function Flips({ p }: { p: Awaited<ReturnType<typeof preview>> }) {
  const flips = p.changes.reduce((n, c) => n + c.alerts, 0);
  return (
    <>
      <p><strong>{number(flips)}</strong> of {number(p.looked_at)} decisions of the last {p.days} days would be others.</p>
      {p.changes.length > 0 ? <ul className="hist" aria-label="What would change">{p.changes.map((c) => <li key={c.from + c.to} className="row wrap"><span className="grow1">{RULING[c.from].label} → {RULING[c.to].label}</span><span className="mono">{number(c.alerts)}</span><span className={c.true_positives > 0 && c.to === 'auto_close' ? 'c-critical' : 'muted'}>{number(c.true_positives)} were attacks, {number(c.benign)} benign, {number(c.false_positives)} false</span></li>)}</ul> : null}
    </>
  );
}
