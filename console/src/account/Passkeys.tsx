import { useState, type FormEvent } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answer, api } from '../api/client';
import { session, useSession } from '../session/session';
import { Waiting } from '../ui/EventView';
import { Dialog } from '../ui/Dialog';
import { ago, exact } from '../ui/format';
import { PlusIcon } from '../ui/icons';
import { Key, ProblemBox } from '../ui/parts';
import { said } from '../ui/toast';
import { PASSKEYS, suggestion, type Passkey } from './account';
import { Hindrance } from './Hindrance';
import { NoPasskey, make, obstacle } from './webauthn';

/** Passkeys: adding, naming and removing them. */
export function Passkeys({ adding, setAdding }: { adding: boolean; setAdding: (on: boolean) => void }) {
  const client = useQueryClient();
  const passkeys = useQuery(PASSKEYS);
  const [naming, setNaming] = useState<Passkey>();
  const [leaving, setLeaving] = useState<Passkey>();
  const due = useSession().second_factor_due;
  const all = passkeys.data?.passkeys ?? [];
  const hindered = obstacle();
  const fresh = () => client.invalidateQueries({ queryKey: PASSKEYS.queryKey });
  const add = useMutation({
    mutationFn: async (name: string) => answer(api.POST('/v1/auth/passkeys', { body: { name, credential: await make(await answer(api.POST('/v1/auth/passkeys/begin'))) } })),
    onSuccess: (made) => { setAdding(false); said(`${made.name} can sign you in from now on`); return due ? session.restore() : fresh(); },
  });
  const rename = useMutation({
    mutationFn: ({ of, name }: { of: Passkey; name: string }) => answer(api.PATCH('/v1/auth/passkeys/{id}', { params: { path: { id: of.id } }, body: { name } })),
    onSuccess: () => { setNaming(undefined); return fresh(); },
  });
  const remove = useMutation({
    mutationFn: (of: Passkey) => answer(api.DELETE('/v1/auth/passkeys/{id}', { params: { path: { id: of.id } } })),
    onSuccess: (_, of) => { setLeaving(undefined); said(`${of.name} is forgotten here`); return fresh(); },
  });
  const begin = () => { add.reset(); setAdding(true); };
  return (
    <section className="card" aria-labelledby="passkeys">
      <header><h2 id="passkeys">Passkeys</h2><span className="muted">{all.length || ''}</span><span className="grow1" />{all.length > 0 ? <button type="button" className="btn" onClick={begin}><PlusIcon size={15} />Add a passkey <Key k="n" /></button> : null}</header>
      {passkeys.isPending ? <Waiting /> : null}
      {passkeys.isError ? <div className="pad"><ProblemBox problem={passkeys.error} retry={() => void passkeys.refetch()} /></div> : null}
      {passkeys.data && all.length === 0 ? (
        <div className="empty">
          <h3>No passkey yet</h3>
          <p className="muted">A passkey signs you in with the device’s own lock: your finger, face or PIN. There is nothing to remember, and no page but this one can use it.</p>
          <button type="button" className="btn" data-primary onClick={begin}><PlusIcon size={15} />Add a passkey <Key k="n" /></button>
        </div>
      ) : null}
      {all.length > 0 ? (
        <div className="scrollx" tabIndex={0} role="region" aria-label="Table of passkeys">
          <table className="tbl">
            <thead><tr><th scope="col">Name</th><th scope="col">Kept</th><th scope="col">Made</th><th scope="col">Last used</th><th scope="col"><span className="vh">Acts</span></th></tr></thead>
            <tbody>
              {all.map((p) => (
                <tr key={p.id} data-passkey={p.name}>
                  <td className="said"><strong>{p.name}</strong></td>
                  <td>{p.synced ? 'by its provider, on your devices' : 'on one device'}</td>
                  <td className="nowrap" title={exact(p.created_at)}>{ago(p.created_at, passkeys.dataUpdatedAt)}</td>
                  <td className="nowrap" title={p.last_used_at ? exact(p.last_used_at) : ''}>{p.last_used_at ? ago(p.last_used_at, passkeys.dataUpdatedAt) : <span className="muted">never</span>}</td>
                  <td className="nowrap num">
                    <button type="button" className="btn" aria-label={`Rename ${p.name}`} onClick={() => { rename.reset(); setNaming(p); }}>Rename</button>{' '}
                    <button type="button" className="btn" aria-label={`Remove ${p.name}`} onClick={() => { remove.reset(); setLeaving(p); }}>Remove</button>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      ) : null}
      <Dialog opened={adding} close={() => setAdding(false)} title="Add a passkey" firm={add.isPending}>
        {hindered ? (
          <div className="stack"><p>{hindered.why}</p>{hindered.go ? <p><a className="btn" data-primary href={`${hindered.go}/account`}>Open {hindered.go}</a></p> : null}</div>
        ) : (
          <NameForm problem={add.error} busy={add.isPending} name={suggestion(navigator.userAgent, all.length)} act={add.isPending ? 'Look at your device…' : 'Continue'} send={(name) => add.mutate(name)}>
            <p>Your browser asks for a device next: this one, a phone or a security key. It has to check that it is you.</p>
          </NameForm>
        )}
      </Dialog>
      <Dialog opened={naming !== undefined} close={() => setNaming(undefined)} title="Rename the passkey">
        {naming ? <NameForm problem={rename.error} busy={rename.isPending} name={naming.name} act="Rename" send={(name) => rename.mutate({ of: naming, name })} /> : null}
      </Dialog>
      <Dialog opened={leaving !== undefined} close={() => setLeaving(undefined)} title={`Remove ${leaving?.name ?? ''}?`}>
        <div className="stack">
          <p>It can sign you in no more. The device goes on offering it until you delete it there, too. {all.length === 1 ? 'It is your only one: you will need your password.' : ''}</p>
          {remove.isError ? <ProblemBox problem={remove.error} /> : null}
          <div className="row">
            <button type="button" className="btn" data-danger disabled={remove.isPending} onClick={() => leaving && remove.mutate(leaving)}>Remove it</button>
            <button type="button" className="btn" data-autofocus onClick={() => setLeaving(undefined)}>Keep it</button>
          </div>
        </div>
      </Dialog>
    </section>
  );
}

function NameForm({ name, act, busy, problem, send, children }: { name: string; act: string; busy: boolean; problem: Error | null; send: (name: string) => void; children?: React.ReactNode }) {
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    send(String(new FormData(e.currentTarget).get('name')).trim());
  };
  return (
    <form className="stack" onSubmit={submit}>
      {children}
      {problem instanceof NoPasskey ? <div className="problem" role="alert"><strong>No passkey was made</strong><p>{problem.message}</p></div> : problem ? <Hindrance problem={problem} /> : null}
      <label className="stack">Name<input className="input" name="name" defaultValue={name} required maxLength={100} data-autofocus /></label>
      <div className="row"><button type="submit" className="btn" data-primary disabled={busy}>{act}</button></div>
    </form>
  );
}
