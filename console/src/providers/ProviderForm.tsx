import { useState, type FormEvent } from 'react';
import { useMutation } from '@tanstack/react-query';
import { useSession } from '../session/session';
import { TrashIcon } from '../ui/icons';
import { ProblemBox } from '../ui/parts';
import { said } from '../ui/toast';
import { givable, type Role } from '../users/users';
import { KINDS, bodyOf, createProvider, draftFor, draftOf, fromOutside, updateProvider, type Draft, type GroupRow, type Kind, type Provider } from './providers';

type Props = { provider: Provider | undefined; roles: readonly Role[]; redirect: string | null; done: (p: Provider) => void; close: () => void };

/** Makes a provider or changes one, in the order in which one goes through it. */
export function ProviderForm({ provider, roles, redirect, done, close }: Props) {
  const { permissions } = useSession();
  const [kind, setKind] = useState<Kind>('keycloak');
  const [draft, setDraft] = useState<Draft>(() => (provider ? draftOf(provider) : draftFor('keycloak')));
  const set = (c: Partial<Draft>) => setDraft((d) => ({ ...d, ...c }));
  const choices = fromOutside(givable(roles, permissions));
  const words = KINDS[provider ? 'other' : kind];
  const save = useMutation({
    mutationFn: () => (provider ? updateProvider(provider.id, bodyOf(draft)) : createProvider(bodyOf(draft))),
    onSuccess: (p) => { said(`${p.name} is kept`); done(p); },
  });
  const submit = (e: FormEvent<HTMLFormElement>) => { e.preventDefault(); save.mutate(); };
  return (
    <form className="form" onSubmit={submit}>
      {provider ? null : (
        <label>Which
          <select className="input" value={kind} data-autofocus onChange={(e) => { const k = e.target.value as Kind; setKind(k); setDraft(draftFor(k)); }}>{(Object.keys(KINDS) as Kind[]).map((k) => <option key={k} value={k}>{KINDS[k].name}</option>)}</select>
        </label>
      )}
      <Redirect uri={redirect} />
      <label>Name on the sign-in page<input className="input" value={draft.name} required maxLength={60} autoComplete="off" placeholder="Corporate account" onChange={(e) => set({ name: e.target.value })} /></label>
      <label>Issuer<input className="input mono" value={draft.issuer} required maxLength={500} autoComplete="off" spellCheck={false} placeholder={words.issuer} onChange={(e) => set({ issuer: e.target.value })} /><span className="hint">To the letter as the provider writes it{provider && draft.issuer !== provider.issuer ? '. By another issuer nobody is the same person: everybody gets a new account.' : '.'}</span></label>
      <div className="two">
        <label>Client id<input className="input mono" value={draft.clientId} required maxLength={255} autoComplete="off" spellCheck={false} placeholder="marsad" onChange={(e) => set({ clientId: e.target.value })} /></label>
        <label>Client secret<input className="input mono" type="password" value={draft.secret} maxLength={1000} autoComplete="new-password" placeholder={provider?.has_secret ? 'kept; type to replace it' : 'none: a public client'} onChange={(e) => set({ secret: e.target.value })} /></label>
      </div>
      <Groups rows={draft.groups} roles={choices} change={(groups) => set({ groups })} />
      <label>Everybody else
        <select className="input" value={draft.fallback} onChange={(e) => set({ fallback: e.target.value })}><option value="">does not get in</option>{choices.map((r) => <option key={r.name} value={r.name}>gets {r.name}</option>)}</select>
      </label>
      <p className="muted">{words.hint}</p>
      <details>
        <summary>Scopes and claim</summary>
        <div className="two">
          <label>Scopes beside openid<input className="input mono" value={draft.scopes} maxLength={500} spellCheck={false} onChange={(e) => set({ scopes: e.target.value })} /></label>
          <label>Claim with the groups<input className="input mono" value={draft.claim} maxLength={200} spellCheck={false} onChange={(e) => set({ claim: e.target.value })} /></label>
        </div>
      </details>
      <label className="check"><input type="checkbox" checked={draft.enabled} onChange={(e) => set({ enabled: e.target.checked })} />Offer it on the sign-in page{provider?.enabled && !draft.enabled ? ' (switched off, it signs out who came by it)' : ''}</label>
      {save.isError ? <ProblemBox problem={save.error} /> : null}
      <div className="row"><button type="submit" className="btn" data-primary disabled={save.isPending}>Keep and test</button><button type="button" className="btn" onClick={close}>Cancel</button></div>
    </form>
  );
}

/** What the provider has to know of us. */
function Redirect({ uri }: { uri: string | null }) {
  const [copied, setCopied] = useState(false);
  if (!uri) return <div className="problem" role="note"><strong>There is no address to come back to yet</strong><p>Open the console under the address that browsers use, and set it as <code>http.origin</code>.</p></div>;
  return (
    <div className="field">
      <span>Redirect URI to enter there</span>
      <div className="row"><code className="grow1">{uri}</code><button type="button" className="btn" onClick={() => void navigator.clipboard.writeText(uri).then(() => setCopied(true), () => setCopied(false))}>{copied ? 'Copied' : 'Copy'}</button></div>
    </div>
  );
}

function Groups({ rows, roles, change }: { rows: readonly GroupRow[]; roles: readonly Role[]; change: (rows: GroupRow[]) => void }) {
  const put = (i: number, c: Partial<GroupRow>) => change(rows.map((r, j) => (j === i ? { ...r, ...c } : r)));
  return (
    <fieldset className="groups">
      <legend>Who gets which role: the first group that somebody is in counts</legend>
      {rows.map((r, i) => (
        <div className="row" key={i}>
          <input className="input mono grow1" aria-label={`Group ${i + 1}`} value={r.group} maxLength={500} placeholder="soc-analysts" spellCheck={false} onChange={(e) => put(i, { group: e.target.value })} />
          <select className="input" aria-label={`Role of group ${i + 1}`} value={r.role} onChange={(e) => put(i, { role: e.target.value })}>
            {roles.some((x) => x.name === r.role) ? null : <option value={r.role}>{r.role}</option>}
            {roles.map((x) => <option key={x.name} value={x.name}>{x.name}</option>)}
          </select>
          <button type="button" className="icon" aria-label={`Remove group ${i + 1}`} title="Remove" onClick={() => change(rows.filter((_, j) => j !== i))}><TrashIcon size={15} /></button>
        </div>
      ))}
      <button type="button" className="btn" onClick={() => change([...rows, { group: '', role: 'soc_analyst' }])}>Another group</button>
    </fieldset>
  );
}
