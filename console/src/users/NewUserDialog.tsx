import { useState, type FormEvent } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Schemas } from '../api/client';
import { useSession } from '../session/session';
import { Dialog } from '../ui/Dialog';
import { ProblemBox } from '../ui/parts';
import { PasswordShown } from './PasswordShown';
import { again, createUser, givable, type Role } from './users';

/** Makes a user; the password is shown once. */
export function NewUserDialog({ opened, roles, close }: { opened: boolean; roles: readonly Role[]; close: () => void }) {
  const client = useQueryClient();
  const { permissions } = useSession();
  const [made, setMade] = useState<Schemas['UserWithPassword']>();
  const make = useMutation({
    mutationFn: (f: FormData) => createUser({ username: String(f.get('username')).trim(), role: String(f.get('role')), password: f.get('password') === 'on' ? 'random' : 'none' }),
    onSuccess: async (user) => { setMade(user); await again(client); },
  });
  const leave = () => { make.reset(); setMade(undefined); close(); };
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    make.mutate(new FormData(e.currentTarget));
  };
  return (
    <Dialog opened={opened} close={leave} title={made ? `${made.username} may sign in` : 'New user'} firm={made !== undefined}>
      {made ? <PasswordShown username={made.username} password={made.password} done={leave} /> : (
        <form className="form" onSubmit={submit}>
          <label>Name<input className="input" name="username" required maxLength={128} autoComplete="off" placeholder="ada" data-autofocus /></label>
          <label>Role
            <select className="input" name="role" defaultValue="soc_analyst">{givable(roles, permissions).map((r) => <option key={r.name} value={r.name}>{r.name}{r.description ? `: ${r.description}` : ''}</option>)}</select>
          </label>
          <label className="check"><input type="checkbox" name="password" defaultChecked />With a random password, shown once</label>
          {make.isError ? <ProblemBox problem={make.error} /> : null}
          <div className="row"><button type="submit" className="btn" data-primary disabled={make.isPending}>Make the user</button><button type="button" className="btn" onClick={leave}>Cancel</button></div>
        </form>
      )}
    </Dialog>
  );
}
