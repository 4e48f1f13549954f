import { useRef, type FormEvent } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { answer, api } from '../api/client';
import { useSession } from '../session/session';
import { ProblemBox } from '../ui/parts';
import { said } from '../ui/toast';
import { SESSIONS } from './account';

const SHORTEST = 12;

/** Changing one's password. */
export function Password() {
  const client = useQueryClient();
  const { user } = useSession();
  const form = useRef<HTMLFormElement>(null);
  const change = useMutation({
    mutationFn: (body: { old: string; new: string }) => answer(api.POST('/v1/auth/password', { body })),
    onSuccess: ({ ended }) => {
      form.current?.reset();
      said(`The password is changed${ended ? `, and ${ended === 1 ? 'one other session is' : `${ended} other sessions are`} over` : ''}`);
      return client.invalidateQueries({ queryKey: SESSIONS.queryKey });
    },
  });
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const data = new FormData(e.currentTarget);
    change.mutate({ old: String(data.get('old')), new: String(data.get('new')) });
  };
  return (
    <section className="card" aria-labelledby="password-title">
      <header><h2 id="password-title">Password</h2></header>
      <form ref={form} className="stack pad" onSubmit={submit}>
        <p className="muted">Your other sessions end with the old one. It has {SHORTEST} characters or more; a few words are best.</p>
        {change.isError ? <ProblemBox problem={change.error} /> : null}
        <input className="vh" name="username" autoComplete="username" defaultValue={user.username} readOnly tabIndex={-1} aria-hidden="true" />
        <label className="stack">Old password<input className="input" id="old-password" name="old" type="password" autoComplete="current-password" required maxLength={1024} /></label>
        <label className="stack">New password<input className="input" name="new" type="password" autoComplete="new-password" required minLength={SHORTEST} maxLength={1024} /></label>
        <div className="row"><button type="submit" className="btn" disabled={change.isPending}>{change.isPending ? 'Changing…' : 'Change the password'}</button></div>
      </form>
    </section>
  );
}
