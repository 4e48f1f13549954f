import './actions.css';
import { useState, type FormEvent } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMay } from '../session/session';
import { Waiting } from '../ui/EventView';
import { when } from '../ui/format';
import { CloseIcon } from '../ui/icons';
import { ProblemBox } from '../ui/parts';
import { said } from '../ui/toast';
import { CATALOGUE, CONSENT, POLICY, consentUnder, setPolicy, type ActionKind, type Consent, type Level, type Policy, type PolicyChange } from './respond';
import { RadiusLabel } from './parts';

const LEVELS: readonly { level: Level; says: string }[] = [
  { level: 'L0', says: 'Only what changes nothing goes by itself: looking up, searching.' },
  { level: 'L1', says: 'And what is of minimal radius: messages, notes, tickets.' },
  { level: 'L2', says: 'And what is of low radius: somebody notices, nobody’s work stops.' },
  { level: 'L3', says: 'And what is of medium radius: an address is blocked, a session is ended.' },
  { level: 'L4', says: 'And what is of high radius, on the targets that you trust for it below. Critical is never done without two people.' },
];

/** What a tenant has done without asking. */
export default function ResponseSettings() {
  const policy = useQuery(POLICY);
  const catalogue = useQuery({ ...CATALOGUE, retry: false });
  if (policy.isError || catalogue.isError) return <div className="pad"><ProblemBox problem={policy.error ?? catalogue.error} retry={() => { void policy.refetch(); void catalogue.refetch(); }} /></div>;
  if (!policy.data || !catalogue.data) return <div className="pad"><Waiting /></div>;
  return <Form key={policy.data.updated_at ?? ''} now={policy.data} kinds={catalogue.data.actions} />;
}

function Form({ now, kinds }: { now: Policy; kinds: ActionKind[] }) {
  const client = useQueryClient();
  const may = useMay('actions:configure');
  const [p, setP] = useState<PolicyChange>({ level: now.level, always_asked: now.always_asked, never: now.never, trusted: now.trusted });
  const save = useMutation({ mutationFn: () => setPolicy(p), onSuccess: (after) => { client.setQueryData(POLICY.queryKey, after); said('It holds for whatever is asked for from now on'); } });
  const same = JSON.stringify(p) === JSON.stringify({ level: now.level, always_asked: now.always_asked, never: now.never, trusted: now.trusted });
  const of = (list: 'always_asked' | 'never', name: string, on: boolean) => setP({ ...p, [list]: on ? [...p[list], name] : p[list].filter((x) => x !== name) });
  const title = (name: string) => kinds.find((k) => k.action === name)?.title ?? name;
  const trust = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const f = new FormData(e.currentTarget);
    const t = { action: String(f.get('action')), target: String(f.get('target')).trim() };
    if (!p.trusted.some((x) => x.action === t.action && x.target === t.target)) setP({ ...p, trusted: [...p.trusted, t] });
    e.currentTarget.reset();
  };
  return (
    <>
      <header className="dhead"><h2>Response</h2><p className="muted">How much is done without a person, and what never is. A playbook can only be stricter than this. On a target that matters most, an action counts as one radius wider.</p>{now.updated_at ? <p className="muted">Last changed by {now.updated_by}, {when(now.updated_at)}.</p> : null}</header>
      <div className="deedin" style={{ display: 'grid', gap: 22 }}>
        <fieldset className="levels" disabled={!may}>
          <legend>Done without asking</legend>
          {LEVELS.map((l) => <label key={l.level} className="level"><input type="radio" name="level" value={l.level} checked={p.level === l.level} onChange={() => setP({ ...p, level: l.level })} /><b>{l.level}{now.level === l.level ? ' (in force)' : ''}</b><span>{l.says}</span><span className="muted small">{goes(kinds, { ...p, level: l.level })}</span></label>)}
        </fieldset>
        <section aria-labelledby="each"><h3 className="cap" id="each" style={{ marginBottom: 8 }}>Each action at {p.level}</h3>
          <div className="card scrollx" tabIndex={0} role="region" aria-label="Each action">
            <table className="tbl">
              <thead><tr><th scope="col">Action</th><th scope="col">Blast radius</th><th scope="col">Who has to agree</th><th scope="col">Always ask</th><th scope="col">Never</th></tr></thead>
              <tbody>{kinds.map((k) => {
                const then = consentUnder(p, k).consent;
                const before = consentUnder(now, k).consent;
                return (
                  <tr key={k.action}>
                    <td title={k.says}>{k.title} <span className="muted mono">{k.action}</span></td>
                    <td className="nowrap"><RadiusLabel of={k.radius} /></td>
                    <td className="nowrap"><span className={`pill ${TONE[then]}`}>{CONSENT[then]}</span>{then !== before ? <span className="muted"> was: {CONSENT[before]}</span> : null}</td>
                    <td><input type="checkbox" disabled={!may} aria-label={`Always ask for ${k.title}`} checked={p.always_asked.includes(k.action)} onChange={(e) => of('always_asked', k.action, e.currentTarget.checked)} /></td>
                    <td><input type="checkbox" disabled={!may} aria-label={`Never: ${k.title}`} checked={p.never.includes(k.action)} onChange={(e) => of('never', k.action, e.currentTarget.checked)} /></td>
                  </tr>
                );
              })}</tbody>
            </table>
          </div>
        </section>
        <section aria-labelledby="trusted"><h3 className="cap" id="trusted" style={{ marginBottom: 8 }}>Trusted targets</h3>
          <p className="muted" style={{ marginBottom: 8 }}>At L4 these actions of high radius are done on exactly these targets without asking. At other levels the list means nothing.</p>
          {p.trusted.length > 0 ? <ul className="hist">{p.trusted.map((t) => <li key={`${t.action} ${t.target}`} className="row wrap"><span>{title(t.action)}</span><span className="mono">{t.target}</span>{may ? <button type="button" className="icon" aria-label={`Trust ${t.target} no longer for: ${title(t.action)}`} onClick={() => setP({ ...p, trusted: p.trusted.filter((x) => x !== t) })}><CloseIcon size={14} /></button> : null}</li>)}</ul> : <p>None.</p>}
          {may ? <form className="row wrap" style={{ marginTop: 8 }} onSubmit={trust}><select className="input" name="action" aria-label="Action">{kinds.filter((k) => k.radius === 'high').map((k) => <option key={k.action} value={k.action}>{k.title}</option>)}</select><input className="input mono" name="target" aria-label="Target" required maxLength={512} autoComplete="off" placeholder="lab-17.halden.example" /><button type="submit" className="btn">Trust it</button></form> : null}
        </section>
        {save.isError ? <ProblemBox problem={save.error} /> : null}
        {may ? <div className="row wrap"><button type="button" className="btn" data-primary disabled={same || save.isPending} onClick={() => save.mutate()}>Put it in force</button><button type="button" className="btn" disabled={same} onClick={() => setP({ level: now.level, always_asked: now.always_asked, never: now.never, trusted: now.trusted })}>As it was</button><span className="muted" role="status">{same ? '' : 'Not in force yet'}</span></div> : <p className="muted">You may see this, and not change it.</p>}
      </div>
    </>
  );
}

const TONE: Record<Consent, string> = { automatic: 'c-ok', one_person: 'c-medium', two_people: 'c-high', never: 'c-informational' };

function goes(kinds: readonly ActionKind[], p: PolicyChange): string {
  const by = kinds.filter((k) => k.effect !== 'read' && consentUnder(p, k).consent === 'automatic');
  const list = (some: readonly ActionKind[]) => some.map((k) => k.title.charAt(0).toLowerCase() + k.title.slice(1)).join(', ');
  const trusted = p.level === 'L4' ? kinds.filter((k) => k.radius === 'high' && k.effect !== 'read' && !p.always_asked.includes(k.action) && !p.never.includes(k.action)) : [];
  if (by.length === 0) return 'By itself: nothing that changes anything.';
  return `By itself: ${list(by)}${trusted.length > 0 ? `; on trusted targets also: ${list(trusted)}` : ''}.`;
}
