import { useState } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import type { Schemas } from '../api/client';
import { Dialog } from '../ui/Dialog';
import { Waiting } from '../ui/EventView';
import { exact } from '../ui/format';
import { ProblemBox } from '../ui/parts';
import { said } from '../ui/toast';
import type { UsersSearch } from '../users/search';
import type { Role } from '../users/users';
import { ProviderForm } from './ProviderForm';
import { TestSteps } from './TestSteps';
import { PROVIDERS, again, deleteProvider, whoGetsIn, type Provider } from './providers';

type Props = { roles: readonly Role[]; search: UsersSearch; change: (c: Partial<UsersSearch>) => void; may: boolean };

/** Whom this organisation lets say who somebody is. */
export function ProvidersTab({ roles, search, change, may }: Props) {
  const client = useQueryClient();
  const found = useQuery(PROVIDERS);
  const [tested, setTested] = useState<Provider>();
  const [leaving, setLeaving] = useState<Provider>();
  const all = found.data?.providers ?? [];
  const chosen = all.find((p) => p.id === search.at);
  const making = search.new === 'provider' && may;
  const close = () => change({ at: undefined, new: undefined });
  const drop = useMutation({
    mutationFn: (p: Provider) => deleteProvider(p.id),
    onSuccess: (_, p) => { said(`${p.name} is deleted`); setLeaving(undefined); },
    onSettled: () => again(client),
  });
  return (
    <>
      {found.isError ? <ProblemBox problem={found.error} retry={() => void found.refetch()} /> : null}
      {found.isPending ? <Waiting /> : null}
      {found.data && all.length > 0 ? <Table all={all} may={may} edit={(p) => change({ at: p.id })} test={setTested} drop={setLeaving} /> : null}
      {found.data && all.length === 0 ? <Teach may={may} redirect={found.data.redirect_uri} begin={() => change({ new: 'provider' })} /> : null}
      {making || (chosen && may) ? (
        <Dialog opened close={close} title={chosen ? chosen.name : 'New sign-in provider'} firm>
          <ProviderForm key={chosen?.id ?? 'new'} provider={chosen} roles={roles} redirect={found.data?.redirect_uri ?? null} done={(p) => { close(); void again(client); setTested(p); }} close={close} />
        </Dialog>
      ) : null}
      {tested ? <Dialog opened close={() => setTested(undefined)} title={`Test of ${tested.name}`}><TestSteps provider={tested} close={() => setTested(undefined)} edit={() => { change({ at: tested.id }); setTested(undefined); }} /></Dialog> : null}
      {leaving ? (
        <Dialog opened close={() => setLeaving(undefined)} title={`Delete ${leaving.name}`}>
          <div style={{ display: 'grid', gap: 14 }}>
            <p>Who came by {leaving.name} is signed out. Their accounts stay, but nobody signs in to them until they have a password or a passkey.</p>
            {drop.isError ? <ProblemBox problem={drop.error} /> : null}
            <div className="row"><button type="button" className="btn" data-danger disabled={drop.isPending} onClick={() => drop.mutate(leaving)}>Delete {leaving.name}</button><button type="button" className="btn" data-autofocus onClick={() => setLeaving(undefined)}>Keep</button></div>
          </div>
        </Dialog>
      ) : null}
    </>
  );
}

type TableProps = { all: readonly Schemas['Provider'][]; may: boolean; edit: (p: Provider) => void; test: (p: Provider) => void; drop: (p: Provider) => void };

function Table({ all, may, edit, test, drop }: TableProps) {
  return (
    <section className="card">
      <div className="scrollx" tabIndex={0} role="region" aria-label="Sign-in providers">
        <table className="tbl">
          <thead><tr><th scope="col">Provider</th><th scope="col">Issuer</th><th scope="col">Client</th><th scope="col">Gets in</th><th scope="col">State</th><th scope="col"><span className="vh">Acts</span></th></tr></thead>
          <tbody>{all.map((p) => (
            <tr key={p.id}>
              <td className="said" title={`Changed ${exact(p.updated_at)}`}><strong>{p.name}</strong></td>
              <td className="mono">{p.issuer}</td>
              <td><span className="mono">{p.client_id}</span> <span className="muted">{p.has_secret ? 'with a secret' : 'public'}</span></td>
              <td>{whoGetsIn(p)}</td>
              <td><span className={`pill ${p.enabled ? 'c-ok' : 'c-quiet'}`}>{p.enabled ? 'on' : 'off'}</span></td>
              <td className="nowrap num">{may ? <>
                <button type="button" className="btn" aria-label={`Test ${p.name}`} onClick={() => test(p)}>Test</button>{' '}
                <button type="button" className="btn" aria-label={`Change ${p.name}`} onClick={() => edit(p)}>Change</button>{' '}
                <button type="button" className="btn" aria-label={`Delete ${p.name}`} onClick={() => drop(p)}>Delete…</button>
              </> : null}</td>
            </tr>
          ))}</tbody>
        </table>
      </div>
    </section>
  );
}

function Teach({ may, redirect, begin }: { may: boolean; redirect: string | null; begin: () => void }) {
  return (
    <div className="empty">
      <h2>People sign in with passkeys and passwords only</h2>
      <p className="muted">With an OpenID provider (Keycloak, Microsoft Entra ID, Okta, Google …) they sign in with the account that they have there, get an account here the first time, and a role by their groups. Who leaves there is out here.</p>
      <ol className="teach">
        <li>Make a client there (“web application”, authorization code), with this redirect URI: {redirect ? <code>{redirect}</code> : <span>set <code>http.origin</code> first, so that there is one</span>}</li>
        <li>Bring its issuer, client id and secret here, and say which group gets which role.</li>
        <li>Press Test: it looks at each step without signing anybody in.</li>
      </ol>
      {may ? <button type="button" className="btn" data-primary onClick={begin}>New sign-in provider</button> : null}
    </div>
  );
}
