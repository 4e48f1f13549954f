import './risk.css';
import { useState, type FormEvent } from 'react';
import { queryOptions, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { STATUSES, answer, api, type Entity, type Schemas } from '../api/client';
import { useMay } from '../session/session';
import { Dialog } from '../ui/Dialog';
import { Waiting } from '../ui/EventView';
import { exact, moment, number, when, words } from '../ui/format';
import { useKeys } from '../ui/keys';
import { Key, ProblemBox, SeverityLabel } from '../ui/parts';
import { failed, said } from '../ui/toast';
import { BEARERS } from './address';
import { EFFECTS, LENGTHS, effect, shift, type Fact } from './context';

const FACTS = queryOptions({ queryKey: ['context'], queryFn: ({ signal }) => answer(api.GET('/v1/context', { signal })), refetchInterval: 30_000 });
const TONE: Record<Fact['state'], string> = { active: 'c-ok', waiting: 'c-low', expired: 'c-quiet' };
const KINDS: readonly Fact['kind'][] = ['crown_jewel', 'vip', 'maintenance', 'other'];

/** What is known of entities, by whom, why and until when, and what it changes. */
export function ContextPanel() {
  const client = useQueryClient();
  const may = useMay('context:write');
  const list = useQuery(FACTS);
  const all = list.data?.facts ?? [];
  const [cursor, setCursor] = useState(0);
  const [form, setForm] = useState<{ of?: Fact }>();
  const at = Math.min(cursor, all.length - 1);
  const current = all[at];
  const again = () => client.invalidateQueries({ queryKey: FACTS.queryKey });
  const drop = async (f: Fact) => {
    try {
      await answer(api.DELETE('/v1/context/{id}', { params: { path: { id: f.id } } }));
      said('Deleted: alerts of the last day weigh as without it');
    } catch (e) {
      failed('It is still there', e instanceof Error ? e.message : String(e));
    }
    await again();
  };
  useKeys([
    { keys: ['j', 'ArrowDown'], label: 'Next', group: 'Move', run: () => setCursor(Math.min(all.length - 1, at + 1)) },
    { keys: ['k', 'ArrowUp'], label: 'Previous', group: 'Move', run: () => setCursor(Math.max(0, at - 1)) },
    ...(may ? [
      { keys: ['c'], label: 'Say what is known', group: 'Fact', run: () => setForm({}) },
      { keys: ['e'], label: 'Change it', group: 'Fact', run: () => { if (current) setForm({ of: current }); } },
      { keys: ['d'], label: 'Delete it', group: 'Fact', run: () => { if (current) void drop(current); } },
    ] : []),
  ]);
  return (
    <>
      {list.isError ? <ProblemBox problem={list.error} retry={() => void list.refetch()} /> : null}
      {list.isPending ? <Waiting /> : null}
      {list.data && all.length === 0 ? <div className="empty"><h2>Nothing is known of anybody</h2><p className="muted">Alerts about the domain controller are not alerts about a test machine. Say which hosts are crown jewels and who is to be looked after: alerts about them weigh more. Say when something is under maintenance: they weigh less, for as long as that lasts.</p></div> : null}
      {may && list.data ? <p style={{ marginBottom: 10 }}><button type="button" className="btn" data-primary={all.length === 0 || undefined} onClick={() => setForm({})}>Say what is known <Key k="c" /></button></p> : null}
      {all.length > 0 ? <section className="card" aria-label="Facts"><div className="scrollx" tabIndex={0} role="region" aria-label="Table of facts"><table className="tbl">
        <thead><tr><th scope="col">Fact</th><th scope="col">About</th><th scope="col">Alerts weigh</th><th scope="col">Why</th><th scope="col">State</th><th scope="col">Owner</th>{may ? <th scope="col"><span className="vh">Acts</span></th> : null}</tr></thead>
        <tbody>{all.map((f, i) => <tr key={f.id} aria-current={i === at || undefined}><td className="said"><strong>{f.name}</strong> <span className="muted">{words(f.kind)}</span></td><td><span className="muted">{f.entity_type ?? 'any'}</span> <span className="mono">{f.pattern}</span></td><td>{effect(f)}</td><td className="said">{f.reason}</td><td className="nowrap" title={`${exact(f.starts_at)} to ${exact(f.expires_at)}`}><span className={`pill ${TONE[f.state]}`}>{f.state}</span> <span className="muted">{f.state === 'expired' ? 'since' : 'until'} {moment(f.expires_at)}</span></td><td>{f.owner}</td>{may ? <td className="nowrap"><button type="button" className="btn" aria-label={`Change ${f.name}`} onClick={() => setForm({ of: f })}>Change</button> <button type="button" className="btn" aria-label={`Delete ${f.name}`} onClick={() => void drop(f)}>Delete</button></td> : null}</tr>)}</tbody>
      </table></div></section> : null}
      <Dialog opened={form !== undefined} close={() => setForm(undefined)} firm title={form?.of ? 'Change what is known' : 'Say what is known'}>{form ? <Form of={form.of} close={() => setForm(undefined)} saved={again} /> : null}</Dialog>
    </>
  );
}

type Body = Schemas['ContextContent'];

function Form({ of, close, saved }: { of: Fact | undefined; close: () => void; saved: () => Promise<unknown> }) {
  const read = (form: HTMLFormElement) => {
    const f = new FormData(form);
    const text = (name: string) => String(f.get(name)).trim();
    return { kind: text('kind') as Body['kind'], entity_type: (text('type') || undefined) as Entity['type'] | undefined, pattern: text('pattern'), risk: Number(text('risk')), severity_shift: Number(text('shift')) };
  };
  const [asked, setAsked] = useState<ReturnType<typeof read> | undefined>(of ? { kind: of.kind, entity_type: (of.entity_type ?? undefined) as Entity['type'] | undefined, pattern: of.pattern, risk: of.risk, severity_shift: of.severity_shift } : undefined);
  const ready = asked !== undefined && asked.pattern !== '' && (asked.risk !== 0 || asked.severity_shift !== 0);
  const shown = useQuery({ queryKey: ['context-preview', asked], queryFn: ({ signal }) => answer(api.POST('/v1/context/preview', { body: asked!, signal })), enabled: ready, retry: false, staleTime: 30_000 });
  const save = useMutation({
    mutationFn: (form: HTMLFormElement) => {
      const f = new FormData(form);
      const ms = Number(f.get('length'));
      const body = { ...read(form), name: String(f.get('name')).trim(), reason: String(f.get('reason')).trim(), expires_at: of && ms === 0 ? of.expires_at : new Date(Date.now() + ms).toISOString() };
      return of ? answer(api.PUT('/v1/context/{id}', { params: { path: { id: of.id } }, body: { ...body, starts_at: of.starts_at, version: of.version } })) : answer(api.POST('/v1/context', { body }));
    },
    onSuccess: async () => {
      await saved();
      close();
      said(of ? 'Changed' : 'Known: alerts of the last day are weighed anew');
    },
  });
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const now = read(e.currentTarget);
    if (JSON.stringify(now) !== JSON.stringify(asked)) setAsked(now); // what it changes is seen first
    else if (shown.data) save.mutate(e.currentTarget);
  };
  return (
    <form className="form" onSubmit={submit} onBlur={(e) => setAsked(read(e.currentTarget))}>
      <div className="two">
        <label>Name<input className="input" name="name" required maxLength={200} autoComplete="off" defaultValue={of?.name} data-autofocus placeholder="Domain controllers" /></label>
        <label>What it is<select className="input" name="kind" defaultValue={of?.kind ?? 'crown_jewel'}>{KINDS.map((k) => <option key={k} value={k}>{words(k)}</option>)}</select></label>
      </div>
      <div className="two">
        <label>Type<select className="input" name="type" defaultValue={of?.entity_type ?? 'host'}><option value="">any</option>{BEARERS.map((t) => <option key={t} value={t}>{t}</option>)}</select></label>
        <label><span>Value <span className="muted">(* is any text)</span></span><input className="input mono" name="pattern" required maxLength={512} autoComplete="off" spellCheck={false} defaultValue={of?.pattern} placeholder="dc*.corp.example" /></label>
      </div>
      <div className="two">
        <label>For its risk, alerts weigh<select className="input" name="risk" defaultValue={of?.risk ?? 0.5}>{EFFECTS.map((x) => <option key={x} value={x}>{x === 0 ? 'as they are' : x === -1 ? 'nothing' : `${1 + x} times`}</option>)}{of && !EFFECTS.includes(of.risk) ? <option value={of.risk}>{1 + of.risk} times</option> : null}</select></label>
        <label>Severity of alerts<select className="input" name="shift" defaultValue={of?.severity_shift ?? 0}>{[2, 1, 0, -1, -2].map((x) => <option key={x} value={x}>{shift(x)}</option>)}</select></label>
      </div>
      <div className="two">
        <label>Why<input className="input" name="reason" required maxLength={2000} autoComplete="off" defaultValue={of?.reason} /></label>
        <label>For<select className="input" name="length" defaultValue={of ? 0 : LENGTHS.at(-1)!.ms}>{of ? <option value={0}>until {when(of.expires_at)}, as it is</option> : null}{LENGTHS.map((l) => <option key={l.ms} value={l.ms}>{l.label}</option>)}</select></label>
      </div>
      <section aria-label="What it would have changed" aria-live="polite">
        {!ready ? <p className="muted">Say whom it is about and what it changes; what that would have been in the last 30 days is shown here first.</p> : shown.isError ? <ProblemBox problem={shown.error} /> : shown.data ? <Shown p={shown.data} /> : <Waiting />}
      </section>
      {save.isError ? <ProblemBox problem={save.error} /> : null}
      <div className="row"><button type="submit" className="btn" data-primary disabled={save.isPending || (ready && !shown.data)}>{of ? 'Change it' : 'Say so'}</button><button type="button" className="btn" onClick={close}>Leave it</button></div>
    </form>
  );
}

function Shown({ p }: { p: Schemas['ContextPreview'] }) {
  return (
    <>
      <p><strong>{number(p.alerts)}</strong> {p.alerts === 1 ? 'alert' : 'alerts'} of the last {p.days} days {p.alerts === 1 ? 'is' : 'are'} about {p.entities === 1 ? 'one such entity' : `${number(p.entities)} such entities`}; {p.severities === 0 ? 'none' : <strong>{number(p.severities)}</strong>} would have another severity.</p>
      {p.examples.length > 0 ? <ul className="hist" aria-label="Examples">{p.examples.slice(0, 5).map((e) => <li key={e.id} className="row"><SeverityLabel of={e.severity} />{e.severity_after === e.severity ? null : <><span aria-label="becomes">→</span><SeverityLabel of={e.severity_after} /></>}<Link className="grow1" to="/alerts" search={{ alert: e.id, status: STATUSES.join(',') }} target="_blank">{e.title}</Link><span className="mono muted">{e.entity}</span><span className="mono">{e.points} → {e.points_after}</span></li>)}</ul> : null}
    </>
  );
}
