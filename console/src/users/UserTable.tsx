import { useRef } from 'react';
import type { UseQueryResult } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { Schemas } from '../api/client';
import { useMay, useSession } from '../session/session';
import { Waiting } from '../ui/EventView';
import { ago, exact } from '../ui/format';
import { useKeys } from '../ui/keys';
import { Key, ProblemBox } from '../ui/parts';
import { Words } from '../ui/Words';
import { UserDialog } from './UserDialog';
import { NewUserDialog } from './NewUserDialog';
import { seen, signsIn, type Role, type User } from './users';
import type { UsersSearch } from './search';

type Props = { users: UseQueryResult<Schemas['UserList']>; roles: readonly Role[]; search: UsersSearch; change: (c: Partial<UsersSearch>) => void; may: boolean };

/** The users, with role, state and when they were last seen; one of them open to be changed. */
export function UserTable({ users, roles, search, change, may }: Props) {
  const own = useSession().user.id;
  const reads = useMay('audit:read');
  const words = useRef<HTMLInputElement>(null);
  const all = users.data?.users ?? [];
  const shown = seen(all, search);
  const open = may ? shown.find((u) => u.id === search.at) : undefined;
  const narrowed = Boolean(search.q ?? search.role);
  const cursor = useRef(-1);
  const move = (d: number) => {
    cursor.current = Math.max(0, Math.min(shown.length - 1, cursor.current + d));
    document.getElementById(`user-${shown[cursor.current]?.id}`)?.focus();
  };
  useKeys([
    { keys: ['j', 'ArrowDown'], label: 'Next', group: 'Move', run: () => move(1) },
    { keys: ['k', 'ArrowUp'], label: 'Previous', group: 'Move', run: () => move(-1) },
    { keys: ['o'], label: may ? 'Change this user' : 'Choose this user', group: 'User', run: () => { const u = shown[cursor.current]; if (u) change({ at: u.id }); } },
    { keys: ['/'], label: 'A name', group: 'Filter', run: () => words.current?.focus() },
    { keys: ['0'], label: 'All filters off', group: 'Filter', run: () => change({ q: undefined, role: undefined }) },
  ]);
  const used = roles.filter((r) => r.users > 0 || r.name === search.role);
  return (
    <>
      <div className="row wrap audit-filters" role="group" aria-label="Filters">
        {used.map((r) => <button type="button" key={r.name} className="chip" aria-pressed={search.role === r.name} onClick={() => change({ role: search.role === r.name ? undefined : r.name })}>{r.name} <span className="n">{r.users}</span></button>)}
        {narrowed ? <button type="button" className="btn" onClick={() => change({ q: undefined, role: undefined })}>Clear <Key k="0" /></button> : null}
        <span className="grow1" />
        <Words id="user-words" label="Name" q={search.q} change={(q) => change({ q })} input={words} />
      </div>
      {users.isError ? <ProblemBox problem={users.error} retry={() => void users.refetch()} /> : null}
      {users.isPending ? <Waiting /> : null}
      {users.data && shown.length === 0 ? <div className="empty"><h2>Nobody of that kind</h2><p className="muted">No user has this name or role.</p><button type="button" className="btn" onClick={() => change({ q: undefined, role: undefined })}>Show everybody <Key k="0" /></button></div> : null}
      {shown.length > 0 ? (
        <section className="card">
          <div className="scrollx" tabIndex={0} role="region" aria-label="Table of users">
            <table className="tbl">
              <thead><tr><th scope="col">Name</th><th scope="col">Role</th><th scope="col">State</th><th scope="col">Signs in by</th><th scope="col">Last seen</th><th scope="col" className="num">Sessions</th><th scope="col">Made</th><th scope="col"><span className="vh">Acts</span></th></tr></thead>
              <tbody>{shown.map((u, i) => (
                <tr key={u.id} id={`user-${u.id}`} tabIndex={-1} data-user={u.username} aria-current={u.id === search.at || undefined} onFocus={() => { cursor.current = i; }} onKeyDown={(e) => { if (e.key === 'Enter' && e.target === e.currentTarget) change({ at: u.id }); }}>
                  <td className="said"><strong>{u.username}</strong>{u.id === own ? <span className="muted"> (you)</span> : null}</td>
                  <td className="mono">{u.role}</td>
                  <td><State u={u} /></td>
                  <td className="nowrap">{signsIn(u)}</td>
                  <td className="nowrap" title={u.last_seen_at ? exact(u.last_seen_at) : ''}>{u.last_seen_at ? ago(u.last_seen_at, users.dataUpdatedAt) : <span className="muted">never</span>}</td>
                  <td className="num">{u.sessions}</td>
                  <td className="nowrap" title={exact(u.created_at)}>{ago(u.created_at, users.dataUpdatedAt)}</td>
                  <td className="nowrap num">
                    {reads ? <Link className="btn" to="/audit" search={{ object: `user:${u.id}` }} aria-label={`Audit of ${u.username}`}>Audit</Link> : null}{' '}
                    {may ? <button type="button" className="btn" aria-label={`Change ${u.username}`} onClick={() => change({ at: u.id })}>Change</button> : null}
                  </td>
                </tr>
              ))}</tbody>
            </table>
          </div>
        </section>
      ) : null}
      {users.data && all.length === 1 && may ? <p className="muted pad">Only you so far. Give each colleague an account of their own: the audit log then says who did what. <button type="button" className="btn" onClick={() => change({ new: 'user' })}>New user <Key k="n" /></button></p> : null}
      <UserDialog key={open?.id ?? 'none'} user={open} self={open?.id === own} roles={roles} close={() => change({ at: undefined })} />
      <NewUserDialog opened={may && search.new === 'user'} roles={roles} close={() => change({ new: undefined })} />
    </>
  );
}

export function State({ u }: { u: User }) {
  return u.disabled ? <span className="pill c-failing">disabled</span> : <span className="pill c-ok">enabled</span>;
}
