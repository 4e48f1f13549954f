import { useState, type ReactNode } from 'react';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { STATUSES, answer, api } from '../api/client';
import { useMay } from '../session/session';
import { Dialog } from '../ui/Dialog';
import { Waiting } from '../ui/EventView';
import { ago, words } from '../ui/format';
import { Key, ProblemBox, SeverityLabel } from '../ui/parts';
import { useSettled } from '../ui/settled';
import { begin, type DryRun, type DryStep } from './playbooks';
import { text } from './model';
import { isTree, type Json, type Tree } from './text';

export type About = { id: string; title: string } | undefined;
type Given = Record<string, string>;

/** An alert, found by words; the newest first. */
function PickAlert({ value, set }: { value: About; set: (a: About) => void }) {
  const [q, setQ] = useState('');
  const asked = useSettled(q) ?? '';
  const may = useMay('alerts:read');
  const found = useQuery({ queryKey: ['playbook-alerts', asked], enabled: may, queryFn: ({ signal }) => answer(api.GET('/v1/alerts', { params: { query: { q: asked || undefined, limit: 6, status: [...STATUSES] } }, signal })) });
  if (!may) return <p className="muted">You may not see alerts: give the values by hand.</p>;
  return (
    <fieldset className="pb-alerts"><legend>About</legend>
      <input className="input" type="search" aria-label="Find an alert" placeholder="Find an alert by its words" value={q} onChange={(e) => setQ(e.target.value)} />
      <label className="pb-alert"><input type="radio" name="about" checked={value === undefined} onChange={() => set(undefined)} /><span className="grow1">No alert: values by hand</span></label>
      {value && !found.data?.alerts.some((a) => a.id === value.id) ? <label className="pb-alert"><input type="radio" name="about" checked readOnly /><span className="grow1 ht">{value.title}</span></label> : null}
      {found.isError ? <ProblemBox problem={found.error} retry={() => void found.refetch()} /> : null}
      {found.data?.alerts.map((a) => <label key={a.id} className="pb-alert"><input type="radio" name="about" checked={value?.id === a.id} onChange={() => set({ id: a.id, title: a.title })} /><span className="grow1 ht" title={a.title}>{a.title}</span><SeverityLabel of={a.severity} /><span className="muted">{ago(a.time, Date.now())}</span></label>)}
      {found.data?.alerts.length === 0 ? <p className="muted">No alert has these words.</p> : null}
    </fieldset>
  );
}

/** What the playbook is given from outside; the alert gives what is left empty. */
function Values({ tree, given, set }: { tree: Tree; given: Given; set: (g: Given) => void }) {
  const names = Object.entries(isTree(tree.playbook_variables) ? tree.playbook_variables : {}).filter((e): e is [string, Tree] => isTree(e[1]) && e[1].external === true);
  if (names.length === 0) return null;
  return (
    <details className="pb-given"><summary>Values by hand <span className="muted">the alert gives those that are empty</span></summary>
      {names.map(([n, v]) => <label key={n} className="pb-field"><span className="mono">{n} <span className="muted">{text(v.type)}</span></span><input className="input mono" value={given[n] ?? ''} placeholder={text(v.description)} onChange={(e) => set({ ...given, [n]: e.target.value })} /></label>)}
    </details>
  );
}
export const filled = (g: Given) => Object.fromEntries(Object.entries(g).filter(([, v]) => v !== ''));

export type Trial = { result: DryRun | undefined; pending: boolean; error: unknown };
type Props = { tree: Tree; trial: Trial; about: About; setAbout: (a: About) => void; given: Given; setGiven: (g: Given) => void; assume: Record<string, 'done' | 'failed'>; setAssume: (a: Record<string, 'done' | 'failed'>) => void; go: () => void; select: (id: string) => void; selected: string | undefined };

/** What would happen, with nothing done: each step with what it would be given, who would be asked, what would be sent. */
export function Try({ tree, trial, about, setAbout, given, setGiven, assume, setAssume, go, select, selected }: Props) {
  const may = useMay('playbooks:run');
  const r = trial.result;
  if (!may) return <p className="pad muted">To try a playbook you need the permission playbooks:run.</p>;
  return (
    <div className="pb-form">
      <PickAlert value={about} set={setAbout} />
      <Values tree={tree} given={given} set={setGiven} />
      <div className="row"><button type="button" className="btn" data-primary disabled={trial.pending} onClick={go}>Dry run <Key k="r" /></button><span className="muted">The text as it is here. Nothing goes out, nothing is changed.</span></div>
      {trial.pending ? <Waiting /> : null}
      {trial.error ? <ProblemBox problem={trial.error} retry={go} /> : null}
      {r ? (
        <section aria-label="Result of the dry run" className="pb-result">
          <p role="status"><span className={`pill ${r.status === 'succeeded' ? 'c-ok' : r.status === 'failed' ? 'c-failing' : 'c-quiet'}`}>{words(r.status)}</span> {r.steps.length} steps, {r.outbound} requests went out.{r.reason ? ` ${r.reason}` : ''}</p>
          {r.missing.length > 0 ? <ul className="pb-found" aria-label="What is missing">{r.missing.map((m, i) => <li key={i} data-severity="warning">{m.name}: {m.problem}</li>)}</ul> : null}
          <ol className="pb-steps">{r.steps.map((s) => <li key={s.seq} aria-current={s.step === selected || undefined}><Step of={s} assumed={assume[s.step]} select={() => select(s.step)} assume={(a) => { const next = { ...assume }; if (a) next[s.step] = a; else delete next[s.step]; setAssume(next); }} /></li>)}</ol>
        </section>
      ) : null}
    </div>
  );
}

const ASKED: Record<string, string> = { automatic: 'goes by itself', one_person: 'waits for one person', two_people: 'waits for two people', never: 'is never done' };
function Step({ of: s, assumed, select, assume }: { of: DryStep; assumed: 'done' | 'failed' | undefined; select: () => void; assume: (a: 'done' | 'failed' | undefined) => void }) {
  const line = (k: string, v: ReactNode) => <><dt>{k}</dt><dd>{v}</dd></>;
  const show = (x: Json | undefined) => (typeof x === 'string' ? x : JSON.stringify(x ?? null));
  const parameters = Object.entries(s.parameters ?? {});
  return (
    <>
      <div className="row"><button type="button" className="link grow1 ht" onClick={select}>{s.name}</button><span className={`pill ${s.status === 'failed' ? 'c-failing' : s.status === 'succeeded' || s.status === 'done' ? 'c-ok' : 'c-quiet'}`}>{words(s.status)}</span></div>
      {s.detail ? <p className="muted">{s.detail}</p> : null}
      {s.action ? (
        <dl className="kv">
          {line('Action', <><span className="mono">{s.action}</span>{s.target ? <> on <span className="mono">{s.target}</span></> : null}</>)}
          {parameters.length > 0 ? line('Given', parameters.map(([k, v]) => <div key={k} className="mono">{k}: {show(v)}</div>)) : null}
          {s.consent ? line('Asked', <span title={s.reasons.join('; ')}>{ASKED[s.consent.toLowerCase()] ?? words(s.consent)}{s.radius ? `, radius ${s.radius}` : ''}{s.reasons.length ? <span className="muted">: {s.reasons.join('; ')}</span> : null}</span>) : null}
          {s.carried_by ? line('By', s.carried_by) : null}
          {s.would ? line('Would', s.would) : null}
          {line('Answer', s.read ? 'it was really asked: it changes nothing' : s.assumed ? 'assumed' : 'none')}
        </dl>
      ) : null}
      {Object.keys(s.values).length > 0 ? <dl className="kv">{line('Values', Object.entries(s.values).map(([k, v]) => <div key={k} className="mono">{k} = {show(v)}</div>))}</dl> : null}
      {(s.type === 'action' || s.type === 'playbook-action') && !s.read ? <label className="check"><input type="checkbox" aria-label={`${s.name}: assume that it fails`} checked={assumed === 'failed'} onChange={(e) => assume(e.target.checked ? 'failed' : undefined)} />assume that it fails</label> : null}
    </>
  );
}

/** A real run, by hand. */
export function StartDialog({ id, name, tree, opened, close, first }: { id: string; name: string; tree: Tree; opened: boolean; close: () => void; first: About }) {
  return <Dialog opened={opened} close={close} firm title={`Run “${name}”`}>{opened ? <Start id={id} tree={tree} close={close} first={first} /> : null}</Dialog>;
}
function Start({ id, tree, close, first }: { id: string; tree: Tree; close: () => void; first: About }) {
  const goto = useNavigate();
  const [about, setAbout] = useState<About>(first);
  const [given, setGiven] = useState<Given>({});
  const [key] = useState(() => crypto.randomUUID());
  const go = useMutation({
    mutationFn: () => begin(id, { about: about ? `alert:${about.id}` : null, given: filled(given), key }),
    onSuccess: (run) => { close(); void goto({ to: '/runs/$id', params: { id: run.id } }); },
  });
  return (
    <form className="pb-form pb-start" onSubmit={(e) => { e.preventDefault(); go.mutate(); }}>
      <p>The version that is saved and free of errors is run. Its actions are really done, as the response policy allows; what waits for people is among the approvals.</p>
      <PickAlert value={about} set={setAbout} />
      <Values tree={tree} given={given} set={setGiven} />
      {go.isError ? <ProblemBox problem={go.error} /> : null}
      <div className="row"><button type="submit" className="btn" data-primary disabled={go.isPending}>Run it</button><button type="button" className="btn" onClick={close}>Leave it</button></div>
    </form>
  );
}
