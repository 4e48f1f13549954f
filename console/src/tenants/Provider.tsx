import type { FormEvent } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../api/client';
import { Dialog } from '../ui/Dialog';
import { Waiting } from '../ui/EventView';
import { exact } from '../ui/format';
import { ProblemBox } from '../ui/parts';
import { said } from '../ui/toast';
import type { Tenant } from './tenants';

type Delegation = Schemas['Delegation'];
const ROLES: readonly Schemas['NewDelegation']['role'][] = ['soc_analyst', 'auditor', 'tenant_admin'];

/** Which other tenant looks after this one, and who of it may act here as what. */
export function Provider({ tenant, all, close, done }: { tenant: Tenant; all: readonly Tenant[]; close: () => void; done: () => void }) {
  const client = useQueryClient();
  const at = { params: { path: { tenant: tenant.id } } };
  const key = ['delegations', tenant.id];
  const found = useQuery({ queryKey: key, queryFn: ({ signal }) => answer(api.GET('/v1/tenants/{tenant}/delegations', { ...at, signal })) });
  const again = () => client.invalidateQueries({ queryKey: key });
  const parent = useMutation({
    mutationFn: (id: string | null) => answer(api.PUT('/v1/tenants/{tenant}/parent', { ...at, body: { parent: id } })),
    onSuccess: (_, id) => { said(id ? `${id} is the provider of ${tenant.name}` : `${tenant.name} has no provider`); done(); return again(); },
  });
  const add = useMutation({
    mutationFn: (body: Schemas['NewDelegation']) => answer(api.POST('/v1/tenants/{tenant}/delegations', { ...at, body })),
    onSuccess: again,
  });
  const end = useMutation({
    mutationFn: (d: Delegation) => answer(api.POST('/v1/tenants/{tenant}/undelegate', { ...at, body: { id: d.id } })),
    onSuccess: (_, d) => said(`${who(d)} may do nothing in ${tenant.name} any more`),
    onSettled: again,
  });
  const able = all.filter((t) => t.id !== tenant.id && !t.own && t.parent === null && t.state === 'active');
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const form = e.currentTarget;
    const f = new FormData(form);
    const name = String(f.get('who')).trim();
    add.mutate({ role: String(f.get('role')) as Schemas['NewDelegation']['role'], ...(f.get('kind') === 'user' ? { provider_user: name } : { provider_role: name }) }, { onSuccess: () => form.reset() });
  };
  const problem = parent.error ?? add.error ?? end.error;
  const delegations = found.data?.delegations ?? [];
  return (
    <Dialog opened close={close} title={`Provider of ${tenant.name}`} firm>
      <div className="form provider">
        <label>Looked after by
          <select className="input" value={tenant.parent ?? ''} disabled={parent.isPending} data-autofocus onChange={(e) => parent.mutate(e.target.value || null)}>
            <option value="">nobody else</option>
            {tenant.parent && !able.some((t) => t.id === tenant.parent) ? <option value={tenant.parent}>{tenant.parent}</option> : null}
            {able.map((t) => <option key={t.id} value={t.id}>{t.name} ({t.id})</option>)}
          </select>
        </label>
        <p className="muted">Nothing follows from it yet: people of the provider act here only as far as is said below, by a switch of theirs that both audit logs have. Another provider, or none, ends what was delegated at once.</p>
        {problem ? <ProblemBox problem={problem} /> : null}
        {found.isPending ? <Waiting /> : null}
        {found.isError ? <ProblemBox problem={found.error} retry={() => void found.refetch()} /> : null}
        {delegations.length > 0 ? (
          <table className="tbl" aria-label="Delegations">
            <thead><tr><th scope="col">Who of {tenant.parent ?? 'the provider'}</th><th scope="col">Is here</th><th scope="col">Since</th><th scope="col"><span className="vh">Acts</span></th></tr></thead>
            <tbody>{delegations.map((d) => (
              <tr key={d.id}>
                <td className="said">{who(d)}</td><td className="mono">{d.role}</td><td className="nowrap">{exact(d.created_at).replace(/:\d\d\.\d+$/, '')}</td>
                <td className="num"><button type="button" className="btn" aria-label={`Take back from ${who(d)}`} disabled={end.isPending} onClick={() => end.mutate(d)}>Take back</button></td>
              </tr>
            ))}</tbody>
          </table>
        ) : null}
        {tenant.parent && found.data && delegations.length === 0 ? <p>Nobody of {tenant.parent} may act here yet: say who, and as what.</p> : null}
      </div>
      {tenant.parent ? (
        <form className="form" onSubmit={submit}>
          <div className="two">
            <label>Let<select className="input" name="kind" defaultValue="role"><option value="role">everybody with the role</option><option value="user">the user</option></select></label>
            <label>Name at {tenant.parent}<input className="input mono" name="who" required maxLength={128} autoComplete="off" spellCheck={false} placeholder="soc_analyst" /></label>
          </div>
          <label>Be here<select className="input" name="role" defaultValue="soc_analyst">{ROLES.map((r) => <option key={r} value={r}>{r}</option>)}</select></label>
          <div className="row"><button type="submit" className="btn" data-primary disabled={add.isPending}>Delegate</button><button type="button" className="btn" onClick={close}>Close</button></div>
        </form>
      ) : <div className="row"><button type="button" className="btn" onClick={close}>Close</button></div>}
    </Dialog>
  );
}

const who = (d: Delegation) => (d.provider_role ? `everybody with ${d.provider_role}` : (d.provider_username ?? d.provider_user ?? 'somebody'));
