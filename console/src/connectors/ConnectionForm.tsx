import { useState, type FormEvent } from 'react';
import { useMutation } from '@tanstack/react-query';
import { number } from '../ui/format';
import { ProblemBox } from '../ui/parts';
import { failed, said } from '../ui/toast';
import { carries, draftOf, faultsOf, moved, save, test, tryOut, type Connection, type Connector, type Draft, type Input } from './connectors';

type Props = { connector: Connector; before: Connection | undefined; taken: readonly string[]; close: () => void; back: (() => void) | undefined; done: () => void };

/** The form that a connector asks for; it is tried before it is kept. */
export function ConnectionForm({ connector, before, taken, close, back, done }: Props) {
  const [draft, setDraft] = useState<Draft>(() => draftOf(connector, before, taken));
  const [pressed, setPressed] = useState(false);
  const faults = faultsOf(connector, draft, before);
  const shown = pressed ? faults : {};
  const trial = useMutation({ mutationFn: () => tryOut(connector, draft, before) });
  const set = (change: Partial<Draft>) => { trial.reset(); setDraft((d) => ({ ...d, ...change })); };
  const worked = trial.data?.ok === true;
  const keep = useMutation({
    mutationFn: async () => {
      const kept = await save(connector, draft, before);
      // What the trial said is said of what is kept, too.
      return { kept, tested: worked && kept.state !== 'ok' ? await test(kept) : undefined };
    },
    onSuccess: ({ kept, tested }) => {
      if (tested && !tested.ok) failed(`${kept.name} is kept, and does not work`, tested.problem ?? '');
      else said(`${kept.name} is kept${tested ? ' and works' : ''}`);
      done();
    },
  });
  const first = () => requestAnimationFrame(() => document.querySelector<HTMLElement>('.conform [aria-invalid=true]')?.focus());
  const checked = (then: () => void) => {
    setPressed(true);
    if (Object.keys(faults).length > 0) return first();
    keep.reset();
    then();
  };
  const submit = (e: FormEvent<HTMLFormElement>) => { e.preventDefault(); checked(worked || before ? () => keep.mutate() : () => trial.mutate()); };
  const elsewhere = moved(connector, draft, before);
  const does = carries(connector);
  return (
    <form className="form conform" onSubmit={submit} noValidate>
      <p className="muted">{connector.description} <a href={connector.documentation} target="_blank" rel="noreferrer noopener">The vendor’s document</a></p>
      <Field label="Name" says="What people call it; of several that carry out the same, the first by name does." fault={shown.name}>
        {(p) => <input {...p} className="input" value={draft.name} maxLength={100} autoComplete="off" onChange={(e) => set({ name: e.target.value })} />}
      </Field>
      {connector.config.map((c, i) => (
        <Field key={c.name} label={plain(c.name)} says={c.description} optional={!c.required || c.default !== null} fault={shown[`config.${c.name}`]}>
          {(p) => <Value of={c} first={i === 0} value={draft.config[c.name] ?? ''} set={(v) => set({ config: { ...draft.config, [c.name]: v } })} {...p} />}
        </Field>
      ))}
      {elsewhere && before && before.secrets.length > 0 ? <p className="notice" role="status">The settings have changed, so the secrets have to be given again: they are never told to another place than they were given for.</p> : null}
      {connector.secrets.map((s, i) => {
        const has = before?.secrets.includes(s.name) ?? false;
        return (
          <Field key={s.name} label={plain(s.name)} badge={has ? 'set' : undefined} says={s.description} find={s.find} optional={!s.required} fault={shown[`secrets.${s.name}`]}>
            {(p) => <input {...p} className="input mono" type="password" data-autofocus={(connector.config.length === 0 && i === 0) || undefined} value={draft.secrets[s.name] ?? ''} maxLength={20_000} autoComplete="new-password" spellCheck={false} placeholder={has && !elsewhere ? 'in the vault; type to replace it' : ''} onChange={(e) => set({ secrets: { ...draft.secrets, [s.name]: e.target.value } })} />}
          </Field>
        );
      })}
      <label className="check"><input type="checkbox" checked={draft.enabled} onChange={(e) => set({ enabled: e.target.checked })} />{does.length > 0 ? `Carry out over it: ${does.map((d) => d.action).join(', ')}` : 'Switched on'}</label>
      <div aria-live="polite" className="form">
        {trial.isPending ? <p className="muted">{connector.title} is asked …</p> : null}
        {trial.data ? <p role="status" className={`tone ${trial.data.ok ? 'c-ok' : 'c-failing'}`}>{trial.data.ok ? `It works: ${connector.title} answered in ${number(trial.data.took_ms)} ms. Nothing is kept yet.` : `It does not work (${number(trial.data.took_ms)} ms): ${trial.data.problem}`}</p> : null}
        {trial.isError ? <ProblemBox problem={trial.error} /> : null}
        {keep.isError ? <ProblemBox problem={keep.error} /> : null}
      </div>
      <div className="row wrap">
        <button type="button" className="btn" data-primary={!worked || undefined} disabled={trial.isPending || keep.isPending} onClick={() => checked(() => trial.mutate())}>Test</button>
        <button type="button" className="btn" data-primary={worked || undefined} disabled={keep.isPending || trial.isPending} onClick={() => checked(() => keep.mutate())}>{worked || before ? 'Save' : 'Save without a test'}</button>
        {back ? <button type="button" className="btn" onClick={back}>Another product</button> : null}
        <button type="button" className="btn" onClick={close}>Cancel</button>
        <button type="submit" hidden aria-hidden tabIndex={-1} />
      </div>
    </form>
  );
}

const plain = (name: string) => { const text = name.replaceAll('_', ' ').replace(/\b(api|url|id)\b/g, (w) => w.toUpperCase()); return text.charAt(0).toUpperCase() + text.slice(1); };

type Given = { id: string; 'aria-invalid': true | undefined; 'aria-describedby': string };
type FieldProps = { label: string; says: string; find?: string; badge?: string; optional?: boolean; fault: string | undefined; children: (given: Given) => React.ReactNode };

function Field({ label, says, find, badge, optional, fault, children }: FieldProps) {
  const id = `con-${label.toLowerCase().replaceAll(' ', '-')}`;
  return (
    <div className="confield">
      <div className="row"><label htmlFor={id}>{label}</label>{optional ? <span className="muted">may be left out</span> : null}{badge ? <span className="pill c-ok">{badge}</span> : null}</div>
      {children({ id, 'aria-invalid': fault ? true : undefined, 'aria-describedby': `${id}-says` })}
      <div id={`${id}-says`}><p className="muted">{says}{says && !/[.!?]$/.test(says) ? '.' : ''}{find ? <> Found under: {find}.</> : null}</p>{fault ? <p className="c-bad">{fault}</p> : null}</div>
    </div>
  );
}

function Value({ of, value, set, first, ...given }: Given & { of: Input; value: string; set: (v: string) => void; first: boolean }) {
  const choices = of.type === 'boolean' ? ['true', 'false'] : of.allowed;
  const focus = first || undefined;
  if (choices.length > 0 && !of.list) {
    return <select {...given} className="input" data-autofocus={focus} value={value} onChange={(e) => set(e.target.value)}><option value="">{of.default !== null ? `${of.default} (unless you say otherwise)` : 'choose one'}</option>{choices.map((c) => <option key={c} value={c}>{c}</option>)}</select>;
  }
  if (of.list || of.type === 'text' || of.type === 'json') return <textarea {...given} className="input mono" rows={3} data-autofocus={focus} value={value} placeholder={of.default ?? (of.list ? 'one in a line' : '')} spellCheck={false} onChange={(e) => set(e.target.value)} />;
  return <input {...given} className="input mono" data-autofocus={focus} value={value} placeholder={of.default ?? ''} inputMode={of.type === 'integer' ? 'numeric' : of.type === 'url' ? 'url' : of.type === 'email' ? 'email' : undefined} maxLength={20_000} autoComplete="off" spellCheck={false} onChange={(e) => set(e.target.value)} />;
}
