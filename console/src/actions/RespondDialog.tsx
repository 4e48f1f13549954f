import './actions.css';
import { useState, type FormEvent, type ReactNode } from 'react';
import { useMutation, useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import type { Entity } from '../api/client';
import { ConnectOne } from '../connectors/ConnectOne';
import { PLAYBOOKS, externals, plain, playbookOf, start, type PlaybookSummary } from '../runs/runs';
import { useMay, useSession } from '../session/session';
import { Dialog } from '../ui/Dialog';
import { Waiting } from '../ui/EventView';
import { ProblemBox, TabRow } from '../ui/parts';
import { failed, said } from '../ui/toast';
import { comesFromAbout, fitting, isKnown, lacking, prefilled, typed } from './entities';
import { RadiusLabel } from './parts';
import { CATALOGUE, CONSENT, POLICY, RADIUS, again, consentUnder, dangerous, request, type ActionKind } from './respond';

type Named = Pick<Entity, 'type' | 'value'>;
/** What somebody does something about; a host is acted on by itself, without a playbook. */
export type Subject = { kind: 'alert' | 'case' | 'host'; id: string; title: string; entities: readonly Named[] };
type Props = { opened: boolean; close: () => void; subject: Subject };
type Way = 'playbook' | 'action';

/** A playbook that is run on it, or one action on what it names. */
export default function RespondDialog({ opened, close, subject }: Props) {
  return <Dialog opened={opened} close={close} firm title={`Respond to: ${subject.title}`}>{opened ? <Body close={close} subject={subject} /> : null}</Dialog>;
}

function Body({ close, subject }: Omit<Props, 'opened'>) {
  const mayRun = useMay('playbooks:run') && subject.kind !== 'host';
  const { permissions } = useSession();
  const mayAct = permissions.some((p) => p === '*' || /^actions:(contain|investigate|intel|cases|notify)$/.test(p));
  const [way, setWay] = useState<Way>(mayRun ? 'playbook' : 'action');
  const ways = [...(mayRun ? [{ value: 'playbook' as const, label: 'Run a playbook' }] : []), ...(mayAct ? [{ value: 'action' as const, label: 'Ask for one action' }] : [])];
  return (
    <div className="form">
      <div><TabRow label="How" choices={ways} value={way} onChange={setWay} panel="respond-how" /></div>
      <div id="respond-how" role="tabpanel" aria-labelledby={`respond-how-${way}`}>{way === 'playbook' ? <RunOne close={close} subject={subject} /> : <AskOne close={close} subject={subject} />}</div>
    </div>
  );
}

const MOST_LOOKED_AT = 12;

function RunOne({ close, subject }: Omit<Props, 'opened'>) {
  const list = useQuery(PLAYBOOKS);
  const [words, setWords] = useState('');
  const [chosen, setChosen] = useState<string>();
  const all = (list.data?.playbooks ?? []).filter((p) => p.enabled && p.runnable);
  const fit = all.filter((p) => words.trim().toLowerCase().split(/\s+/).every((w) => `${p.name} ${p.description ?? ''}`.toLowerCase().includes(w)));
  // What each asks for is in its document; that of so many as are seen at once.
  const details = useQueries({ queries: fit.slice(0, MOST_LOOKED_AT).map((p) => playbookOf(p.id)) });
  const lacks = new Map(details.flatMap((d) => (d.data ? [[d.data.id, lacking(externals(d.data.document).map((x) => x.name), subject.entities)] as const] : [])));
  const shown = fit.toSorted((a, b) => (lacks.get(a.id)?.length ?? 99) - (lacks.get(b.id)?.length ?? 99));
  if (list.isError) return <ProblemBox problem={list.error} retry={() => void list.refetch()} />;
  if (!list.data) return <Waiting />;
  if (all.length === 0) return <p>No playbook is on. <Link to="/runs" onClick={close}>Runs</Link> shows what has run; under Playbooks (g b) one is turned on, and can then be run by hand, too.</p>;
  const one = all.find((p) => p.id === chosen);
  if (one) return <Start key={one.id} p={one} subject={subject} close={close} back={() => setChosen(undefined)} />;
  return (
    <div className="form">
      <label>Which playbook<input className="input" type="search" value={words} onChange={(e) => setWords(e.target.value)} autoComplete="off" data-autofocus maxLength={200} placeholder="Words in its name" /></label>
      <ul className="choose" aria-label="Playbooks that are on">{shown.map((p) => {
        const without = lacks.get(p.id);
        return <li key={p.id}><button type="button" onClick={() => setChosen(p.id)}><strong>{p.name}</strong><span className="muted">{p.description}</span>{without === undefined ? null : without.length === 0 ? <span className="c-ok tone">All that it asks for is known here</span> : <span className="muted">Not known here: {without.map(plain).join(', ')}</span>}</button></li>;
      })}</ul>
      {shown.length === 0 ? <p className="muted">None with these words is on.</p> : null}
    </div>
  );
}

function Start({ p, subject, close, back }: { p: PlaybookSummary; subject: Subject; close: () => void; back: () => void }) {
  const client = useQueryClient();
  const nav = useNavigate();
  const detail = useQuery(playbookOf(p.id));
  const [key] = useState(() => crypto.randomUUID());
  // What is not known comes first: only that has to be typed.
  const asks = externals(detail.data?.document).filter((x) => !comesFromAbout(x.name)).toSorted((a, b) => Number(isKnown(a.name, subject.entities)) - Number(isKnown(b.name, subject.entities)));
  const run = useMutation({
    mutationFn: (f: FormData) => start(p.id, { about: `${subject.kind}:${subject.id}`, given: Object.fromEntries(asks.map((x) => [x.name, String(f.get(x.name) ?? '').trim()] as const).filter(([, v]) => v !== '')), key }),
    onSuccess: async (r) => { close(); said(`${p.name} runs`); void nav({ to: '/runs/$id', params: { id: r.id } }); await again(client); },
  });
  if (detail.isError) return <ProblemBox problem={detail.error} retry={() => void detail.refetch()} />;
  if (!detail.data) return <Waiting />;
  return (
    <form className="form" onSubmit={(e) => { e.preventDefault(); run.mutate(new FormData(e.currentTarget)); }}>
      <div><strong>{p.name}</strong><p className="muted">{p.description}</p></div>
      <p>It runs on this {subject.kind}. {p.actions.length > 0 ? <>It may ask for: <span className="mono">{p.actions.join(', ')}</span>. Each goes through the rules of response, and waits for people where they say so.</> : null}</p>
      {asks.map((x, i) => <label key={x.name}><span>{plain(x.name)} <span className="muted">{x.description || x.type}</span></span><input className="input mono" name={x.name} placeholder={isKnown(x.name, subject.entities) ? `from the ${subject.kind}` : (x.value ?? '')} autoComplete="off" maxLength={4000} data-autofocus={i === 0 || undefined} /></label>)}
      {asks.length > 0 ? <p className="muted">What is left empty comes from the {subject.kind}, where it says so; else it has no value, and a step that needs it fails.</p> : null}
      {run.isError ? <ProblemBox problem={run.error} /> : null}
      <div className="row"><button type="submit" className="btn" data-primary disabled={run.isPending} data-autofocus={asks.length === 0 || undefined}>Run it</button><button type="button" className="btn" onClick={back}>Another</button><button type="button" className="btn" onClick={close}>Leave it</button></div>
    </form>
  );
}

const MOST_ENTITIES = 60;

function AskOne({ close, subject }: Omit<Props, 'opened'>) {
  const catalogue = useQuery(CATALOGUE);
  const { permissions } = useSession();
  const entities = subject.entities.slice(0, MOST_ENTITIES);
  const [at, setAt] = useState(0);
  const entity = entities[at];
  const may = (k: ActionKind) => permissions.includes('*') || permissions.includes(k.permission);
  const kinds = (catalogue.data?.actions ?? []).filter(may);
  const first = entity ? fitting(kinds, entity) : [];
  const [wanted, setWanted] = useState<string>();
  const kind = kinds.find((k) => k.action === wanted) ?? first[0] ?? kinds[0];
  if (catalogue.isError) return <ProblemBox problem={catalogue.error} retry={() => void catalogue.refetch()} />;
  if (!catalogue.data) return <Waiting />;
  if (!kind) return <p>Your role may not ask for any action.</p>;
  const option = (k: ActionKind): ReactNode => <option key={k.action} value={k.action}>{k.title}</option>;
  return (
    <div className="form">
      <div className="two">
        <label>On<select className="input mono" value={at} onChange={(e) => { setAt(Number(e.target.value)); setWanted(undefined); }} data-autofocus>{entities.map((e, i) => <option key={`${e.type} ${e.value}`} value={i}>{e.type} {e.value}</option>)}<option value={-1}>something else</option></select></label>
        <label>Action<select className="input" value={kind.action} onChange={(e) => setWanted(e.target.value)}>{first.length > 0 ? <optgroup label={`For a ${entity!.type}`}>{first.map(option)}</optgroup> : null}<optgroup label={first.length > 0 ? 'Others' : 'All'}>{kinds.filter((k) => !first.includes(k)).map(option)}</optgroup></select></label>
      </div>
      <Ask key={`${kind.action} ${at}`} kind={kind} entity={entity} subject={subject} close={close} />
    </div>
  );
}

function Ask({ kind, entity, subject, close }: { kind: ActionKind; entity: Named | undefined; subject: Subject; close: () => void }) {
  const client = useQueryClient();
  const nav = useNavigate();
  const policy = useQuery({ ...POLICY, retry: false });
  const [key] = useState(() => crypto.randomUUID());
  const [wrong, setWrong] = useState<{ name: string; why: string }>();
  const before = prefilled(kind, entity, subject.entities, subject.kind === 'host' ? undefined : { ...subject, kind: subject.kind });
  const [target, setTarget] = useState(before[kind.parameters[0]?.name ?? ''] ?? '');
  const who = policy.data ? consentUnder(policy.data, kind, target) : undefined;
  const send = useMutation({
    mutationFn: (parameters: Record<string, unknown>) => request({ action: kind.action, parameters, ...(subject.kind === 'host' ? {} : { about: `${subject.kind}:${subject.id}` }), key }),
    onSuccess: async (a) => {
      close();
      if (a.status === 'refused') failed('It is not done', a.reason ?? 'The rules of response do not have it done.');
      else said(a.status === 'awaiting_approval' ? 'Asked for; somebody else has to agree' : 'Asked for; it is being carried out');
      void nav({ to: '/actions', search: { at: a.id } });
      await again(client);
    },
  });
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    setWrong(undefined);
    const f = new FormData(e.currentTarget);
    const parameters: Record<string, unknown> = {};
    for (const p of kind.parameters) {
      try {
        const value = typed(p.type, String(f.get(p.name) ?? ''));
        if (value !== undefined) parameters[p.name] = value;
      } catch (x) {
        return setWrong({ name: p.name, why: x instanceof Error ? x.message : String(x) });
      }
    }
    send.mutate(parameters);
  };
  return (
    <form className="form" onSubmit={submit}>
      <p className="muted">{kind.says}{kind.carried_by.length > 0 ? <> Carried out by {kind.carried_by.join(', ')}.</> : null}</p>
      {kind.carried_by.length === 0 ? <p role="note"><ConnectOne action={kind.action} close={close} /></p> : null}
      {kind.parameters.map((p, i) => (
        <label key={p.name}><span>{p.name.replaceAll('_', ' ')} <span className="muted">{p.type}{p.required ? '' : ', may be left out'}</span></span>
          {p.type === 'bool' ? <select className="input" name={p.name} defaultValue={before[p.name] ?? ''}>{p.required ? null : <option value="">not said</option>}<option value="true">yes</option><option value="false">no</option></select>
            : <input className="input mono" name={p.name} defaultValue={before[p.name] ?? ''} required={p.required} autoComplete="off" maxLength={4000} inputMode={p.type === 'integer' ? 'numeric' : undefined} aria-invalid={wrong?.name === p.name || undefined} onChange={i === 0 ? (e) => setTarget(e.target.value) : undefined} />}
          {wrong?.name === p.name ? <span className="c-bad" role="alert">{wrong.why}</span> : null}
        </label>
      ))}
      <div className={`asksame ${dangerous(kind.radius)}`} aria-live="polite">
        <span><RadiusLabel of={kind.radius} /> {RADIUS[kind.radius]} {kind.reverse ? <>Taken back with <span className="mono">{kind.reverse}</span>.</> : kind.effect === 'read' ? '' : 'Nothing takes it back.'}</span>
        {who ? <span><strong>Who has to agree: {CONSENT[who.consent]}</strong>{who.consent === 'one_person' || who.consent === 'two_people' ? ', other than you' : ''}. <span className="muted">Because {who.reasons.join('; ')}. What matters most to you counts one radius wider.</span></span> : null}
      </div>
      {send.isError ? <ProblemBox problem={send.error} /> : null}
      <div className="row"><button type="submit" className="btn" data-primary disabled={send.isPending || who?.consent === 'never'}>{who?.consent === 'automatic' ? 'Do it' : 'Ask for it'}</button><button type="button" className="btn" onClick={close}>Leave it</button></div>
    </form>
  );
}
