import { Fragment, useState, type FormEvent } from 'react';
import { useMutation, useQuery, useQueryClient, type UseQueryResult } from '@tanstack/react-query';
import type { Schemas } from '../api/client';
import { session, useSession } from '../session/session';
import { Dialog } from '../ui/Dialog';
import { Waiting } from '../ui/EventView';
import { TrashIcon } from '../ui/icons';
import { useKeys } from '../ui/keys';
import { Key, ProblemBox } from '../ui/parts';
import { failed, said } from '../ui/toast';
import { MEANING, SECOND_FACTOR, again, createRole, deleteRole, grouped, setSecondFactor, updateRole, type Role } from './users';
import type { UsersSearch } from './search';

type Props = { roles: UseQueryResult<Schemas['RoleList']>; search: UsersSearch; change: (c: Partial<UsersSearch>) => void; may: boolean };
type Drafts = Readonly<Record<string, readonly string[]>>;

/** What each role may do, permission by permission; the tenant's own roles are changed here. */
export function RolesTab({ roles, search, change, may }: Props) {
  const client = useQueryClient();
  const { permissions: own } = useSession();
  const [drafts, setDrafts] = useState<Drafts>({});
  const all = roles.data?.roles ?? [];
  const has = (p: string) => own.includes(p) || own.includes('*');
  const mine = (r: Role) => may && r.id !== null && r.permissions.every(has);
  const now = (r: Role) => (r.id ? drafts[r.id] : undefined) ?? r.permissions;
  const differs = (r: Role) => r.id !== null && drafts[r.id] !== undefined && (drafts[r.id]!.length !== r.permissions.length || drafts[r.id]!.some((p) => !r.permissions.includes(p)));
  const changed = all.filter(differs);
  const flip = (r: Role, p: string) => setDrafts((d) => ({ ...d, [r.id!]: now(r).includes(p) ? now(r).filter((x) => x !== p) : [...now(r), p].sort() }));
  const save = useMutation({
    mutationFn: async () => {
      for (const r of changed) await updateRole(r.id!, { description: r.description, permissions: [...now(r)] });
    },
    onSuccess: () => { said(`${changed.map((r) => r.name).join(', ')}: in force from the next request`); setDrafts({}); },
    onSettled: () => again(client),
  });
  const drop = (r: Role) => deleteRole(r.id!).then(() => said(`${r.name} is deleted`), (e: unknown) => failed(`${r.name} is still there`, e instanceof Error ? e.message : String(e))).then(() => again(client));
  const look = (r: Role) => session.viewAs({ role: r.name }).then(() => client.resetQueries(), (e: unknown) => failed('You still see it as yourself', e instanceof Error ? e.message : String(e)));
  useKeys([
    { keys: ['s'], label: 'Save the changes', group: 'Roles', run: () => { if (changed.length > 0) save.mutate(); } },
    { keys: ['0'], label: 'Forget the changes', group: 'Roles', run: () => setDrafts({}) },
  ]);
  const custom = all.some((r) => r.id !== null);
  return (
    <>
      {roles.isError ? <ProblemBox problem={roles.error} retry={() => void roles.refetch()} /> : null}
      {roles.isPending ? <Waiting /> : null}
      {save.isError ? <ProblemBox problem={save.error} /> : null}
      {changed.length > 0 ? (
        <div className="row audit-filters" role="status">
          <span>{changed.map((r) => r.name).join(', ')} changed: counts at once for {changed.reduce((n, r) => n + r.users, 0)} users.</span>
          <button type="button" className="btn" data-primary disabled={save.isPending} onClick={() => save.mutate()}>Save <Key k="s" /></button>
          <button type="button" className="btn" onClick={() => setDrafts({})}>Forget <Key k="0" /></button>
        </div>
      ) : null}
      {roles.data ? (
        <section className="card">
          <div className="scrollx" tabIndex={0} role="region" aria-label="Permissions of each role">
            <table className="tbl matrix">
              <thead><tr><th scope="col">Permission</th>{all.map((r) => (
                <th scope="col" key={r.name} title={r.description}>
                  <span className="mono">{r.name}</span>
                  {may ? <button type="button" className="link" title="See the platform as this role does, until you end it" aria-label={`See as ${r.name}`} onClick={() => void look(r)}>See as</button> : null}
                  <span className="row"><span className="muted">{r.users === 1 ? '1 user' : `${r.users} users`}</span>
                    {mine(r) && r.users === 0 ? <button type="button" className="icon" aria-label={`Delete the role ${r.name}`} title="Delete" onClick={() => void drop(r)}><TrashIcon size={14} /></button> : null}</span>
                </th>
              ))}</tr></thead>
              <tbody>
              <SecondFactor all={all} may={(r) => may && r.permissions.every(has)} />
              {grouped(roles.data.permissions).map((g) => (
                <Fragment key={g.resource}>
                  <tr className="group"><th scope="rowgroup" colSpan={all.length + 1} className="cap">{g.resource}</th></tr>
                  {g.permissions.map((p) => (
                    <tr key={p}>
                      <th scope="row"><span className="mono">{p}</span> <span className="muted">{MEANING[p] ?? ''}</span></th>
                      {all.map((r) => {
                        const on = now(r).includes(p);
                        if (!mine(r)) return <td key={r.name} className="tick" aria-label={on ? 'may' : 'may not'}>{on ? '✓' : <span className="muted">·</span>}</td>;
                        return <td key={r.name} className="tick" data-changed={on !== r.permissions.includes(p) || undefined}><input type="checkbox" checked={on} disabled={!has(p) || save.isPending} aria-label={`${r.name} may ${p}`} title={has(p) ? undefined : 'You cannot give what you do not have'} onChange={() => flip(r, p)} /></td>;
                      })}
                    </tr>
                  ))}
                </Fragment>
              ))}</tbody>
            </table>
          </div>
        </section>
      ) : null}
      {roles.data && !custom ? <p className="muted pad">These four are in every installation. A role of your own gives just what a task needs: somebody who only watches sources, say, or keeps users. {may ? <button type="button" className="btn" onClick={() => change({ new: 'role' })}>New role <Key k="n" /></button> : null}</p> : null}
      <NewRoleDialog opened={may && search.new === 'role'} roles={all} has={has} close={() => change({ new: undefined })} />
    </>
  );
}

/** Which roles need more than a password. */
function SecondFactor({ all, may }: { all: readonly Role[]; may: (r: Role) => boolean }) {
  const client = useQueryClient();
  const needed = useQuery(SECOND_FACTOR);
  const set = useMutation({
    mutationFn: ({ roles }: { roles: string[]; told: string }) => setSecondFactor(roles),
    onSuccess: (_, { told }) => said(told),
    onError: (e) => failed('Not changed', e.message),
    onSettled: () => client.invalidateQueries({ queryKey: SECOND_FACTOR.queryKey }),
  });
  const roles = needed.data?.roles ?? [];
  const flip = (r: Role, on: boolean) => set.mutate({ roles: on ? roles.filter((x) => x !== r.name) : [...roles, r.name], told: on ? `${r.name}: a password is enough` : `${r.name}: who signed in with a password alone can only add a second factor now` });
  return (
    <>
      <tr className="group"><th scope="rowgroup" colSpan={all.length + 1} className="cap">sign-in</th></tr>
      <tr>
        <th scope="row"><span className="mono">second factor</span> <span className="muted">Needs a passkey, or a code beside the password</span></th>
        {all.map((r) => {
          const on = roles.includes(r.name);
          if (!needed.data || !may(r)) return <td key={r.name} className="tick" aria-label={on ? 'needed' : 'not needed'}>{on ? '✓' : <span className="muted">·</span>}</td>;
          return <td key={r.name} className="tick"><input type="checkbox" checked={on} disabled={set.isPending} aria-label={`${r.name} needs a second factor`} onChange={() => flip(r, on)} /></td>;
        })}
      </tr>
    </>
  );
}

/** Makes a role that may what another one may, as far as one may oneself; the matrix changes it then. */
function NewRoleDialog({ opened, roles, has, close }: { opened: boolean; roles: readonly Role[]; has: (p: string) => boolean; close: () => void }) {
  const client = useQueryClient();
  const make = useMutation({
    mutationFn: (f: FormData) => createRole({ name: String(f.get('name')).trim(), description: String(f.get('description')).trim(), permissions: (roles.find((r) => r.name === f.get('like'))?.permissions ?? []).filter(has) }),
    onSuccess: async (r) => { said(`${r.name} is made: tick what it may do`); await again(client); close(); },
  });
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    make.mutate(new FormData(e.currentTarget));
  };
  return (
    <Dialog opened={opened} close={() => { make.reset(); close(); }} title="New role">
      <form className="form" onSubmit={submit}>
        <label>Name <span className="muted">(lower-case letters, digits and _)</span><input className="input mono" name="name" required minLength={2} maxLength={40} pattern="[a-z][a-z0-9_]+" autoComplete="off" placeholder="night_shift" data-autofocus /></label>
        <label>What it is for <span className="muted">(may stay empty)</span><input className="input" name="description" maxLength={500} autoComplete="off" /></label>
        <label>Begin with what this one may
          <select className="input" name="like" defaultValue="auditor">{roles.map((r) => <option key={r.name} value={r.name}>{r.name}</option>)}<option value="">nothing</option></select>
        </label>
        {make.isError ? <ProblemBox problem={make.error} /> : null}
        <div className="row"><button type="submit" className="btn" data-primary disabled={make.isPending}>Make the role</button><button type="button" className="btn" onClick={close}>Cancel</button></div>
      </form>
    </Dialog>
  );
}
