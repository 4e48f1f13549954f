import { useState } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { session, useSession } from '../session/session';
import { Dialog } from '../ui/Dialog';
import { ProblemBox } from '../ui/parts';
import { said } from '../ui/toast';
import { PasswordShown } from './PasswordShown';
import { again, deleteUser, endSessions, givable, resetPassword, updateUser, type Role, type User } from './users';

type Props = { user: User | undefined; self: boolean; roles: readonly Role[]; close: () => void };
type Act = { run: (u: User) => Promise<unknown>; told: string; leave?: boolean };

/** Changes a user: role, in or out, password, sessions, the end. */
export function UserDialog({ user, self, roles, close }: Props) {
  const client = useQueryClient();
  const { permissions } = useSession();
  const [role, setRole] = useState(user?.role ?? '');
  const [password, setPassword] = useState<string>();
  const [leaving, setLeaving] = useState(false);
  const act = useMutation({
    mutationFn: async ({ run }: Act) => { if (user) await run(user); },
    onSuccess: (_, done) => { said(done.told); if (done.leave) close(); },
    onSettled: () => again(client),
  });
  if (!user) return null;
  const name = user.username;
  const mine = roles.find((r) => r.name === user.role);
  const above = mine !== undefined && givable([mine], permissions).length === 0;
  const choices = givable(roles, permissions);
  return (
    <Dialog opened close={close} title={name} firm={password !== undefined}>
      {password !== undefined ? <PasswordShown username={name} password={password} done={close} /> : above ? (
        <p>{name} is {user.role} and may do more than you: only who may do that, too, changes this user.</p>
      ) : leaving ? (
        <div style={{ display: 'grid', gap: 14 }}>
          <p>{name} is signed out everywhere and cannot sign in any more. What {name} did stays, with the name.</p>
          {act.isError ? <ProblemBox problem={act.error} /> : null}
          <div className="row">
            <button type="button" className="btn" data-danger disabled={act.isPending} onClick={() => act.mutate({ run: (u) => deleteUser(u.id), told: `${name} is deleted`, leave: true })}>Delete {name}</button>
            <button type="button" className="btn" data-autofocus onClick={() => { act.reset(); setLeaving(false); }}>Keep</button>
          </div>
        </div>
      ) : (
        <div className="form">
          <label>Role
            <select className="input" value={role} data-autofocus onChange={(e) => setRole(e.target.value)}>{choices.map((r) => <option key={r.name} value={r.name}>{r.name}{r.description ? `: ${r.description}` : ''}</option>)}</select>
          </label>
          <div className="row">
            <button type="button" className="btn" data-primary disabled={act.isPending || role === user.role} onClick={() => act.mutate({ run: (u) => updateUser(u.id, { role }), told: `${name} is ${role} now`, leave: true })}>Give this role</button>
            <span className="muted">Counts from the next request of open sessions.</span>
          </div>
          {act.isError ? <ProblemBox problem={act.error} /> : null}
          <div className="row wrap">
            {self || user.disabled ? null : <button type="button" className="btn" disabled={act.isPending} title="What you may and they may not is hidden and refused until you end it" onClick={() => act.mutate({ run: async (u) => { await session.viewAs({ user: u.id }); await client.resetQueries(); }, told: `You see the platform as ${name}`, leave: true })}>See as {name}</button>}
            {self ? null : <button type="button" className="btn" disabled={act.isPending} onClick={() => act.mutate({ run: (u) => updateUser(u.id, { disabled: !u.disabled }), told: user.disabled ? `${name} may sign in again` : `${name} is locked out` })}>{user.disabled ? 'Enable' : 'Disable'}</button>}
            <button type="button" className="btn" disabled={act.isPending} onClick={() => act.mutate({ run: async (u) => setPassword((await resetPassword(u.id)).password ?? ''), told: `${name} signs in with a new password only` })} title="Passkeys and authenticator app are forgotten with it">Reset sign-in</button>
            <button type="button" className="btn" disabled={act.isPending || user.sessions === 0} onClick={() => act.mutate({ run: (u) => endSessions(u.id), told: `${name} is signed out everywhere` })}>End {user.sessions === 1 ? 'the session' : `${user.sessions} sessions`}</button>
            <span className="grow1" />
            {self ? <span className="muted">You cannot disable or delete yourself.</span> : <button type="button" className="btn" onClick={() => { act.reset(); setLeaving(true); }}>Delete…</button>}
          </div>
        </div>
      )}
    </Dialog>
  );
}
