import { useEffect, useRef, useState, type FormEvent, type KeyboardEvent } from 'react';
import { Refused } from '../api/client';
import { NoPasskey, obstacle } from '../account/webauthn';
import { PasskeyIcon } from '../ui/icons';
import { ProviderButtons, refusal } from './ProviderButtons';
import { session } from './session';

const WHY = { fresh: 'Sign in to your security operations.', expired: 'Your session ended. Sign in to continue where you were.', left: 'You are signed out.' } as const;

export default function SignIn({ why }: { why: keyof typeof WHY }) {
  const [problem, setProblem] = useState<Refused | NoPasskey | undefined>(refusal);
  const [busy, setBusy] = useState<'passkey' | 'password' | 'provider'>();
  const [caps, setCaps] = useState(false);
  const [organisation, setOrganisation] = useState(false);
  const [tenant, setTenant] = useState('');
  const [shown, setShown] = useState(false);
  /** The password was right, and a code is asked for. */
  const [coded, setCoded] = useState(false);
  const password = useRef<HTMLInputElement>(null);
  const code = useRef<HTMLInputElement>(null);
  const wait = useCountdown(problem);

  const submit = async (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const form = new FormData(e.currentTarget);
    const tenant = String(form.get('tenant') ?? '').trim();
    const typed = String(form.get('code') ?? '').trim();
    setBusy('password');
    setProblem(undefined);
    try {
      await session.signIn({ username: String(form.get('username')).trim(), password: String(form.get('password')), ...(tenant ? { tenant } : {}), ...(typed ? { code: typed } : {}) });
    } catch (err) {
      if (!(err instanceof Refused)) throw err;
      const asked = err.type === 'code-required';
      setCoded(asked || err.type === 'wrong-code' || (coded && err.status === 429));
      setProblem(asked ? undefined : err);
      setBusy(undefined);
      (err.type === 'wrong-code' ? code : password).current?.select();
    }
  };
  const byPasskey = async () => {
    setBusy('passkey');
    setProblem(undefined);
    try {
      await session.signInWithPasskey();
    } catch (err) {
      if (!(err instanceof Refused || err instanceof NoPasskey)) throw err;
      setProblem(err instanceof Refused && err.status === 401 ? new NoPasskey('This passkey does not sign in here. It may have been removed from the account; delete it on the device, too.') : err);
      setBusy(undefined);
    }
  };
  const byProvider = async (id: string) => {
    setBusy('provider');
    setProblem(undefined);
    try {
      await session.leaveFor(id, tenant.trim() || undefined);
    } catch (err) {
      if (!(err instanceof Refused)) throw err;
      setProblem(err);
      setBusy(undefined);
    }
  };
  const hindered = obstacle();
  const capsHint = (e: KeyboardEvent) => setCaps(e.getModifierState('CapsLock'));

  return (
    <main className="signin">
      <form onSubmit={(e) => void submit(e)} aria-labelledby="product">
        <h1 className="brand" id="product"><img src="/assets/marsad.svg" alt="" />Marsad</h1>
        <p className="lead">{WHY[why]}</p>
        {problem ? <div className="problem" role="alert"><strong>{headline(problem)}</strong><p>{advice(problem, wait)}</p></div> : null}
        {hindered ? null : <button className="btn" data-primary type="button" disabled={busy !== undefined} onClick={() => void byPasskey()}><PasskeyIcon size={17} />{busy === 'passkey' ? 'Look at your device…' : 'Sign in with a passkey'}</button>}
        {hindered?.go ? <a className="plain" href={hindered.go + window.location.pathname}>For passkeys open {hindered.go}</a> : null}
        <ProviderButtons tenant={tenant.trim()} busy={busy !== undefined} leave={(id) => void byProvider(id)} going={busy === 'provider'} />
        {hindered ? null : <p className="or"><span>or with a password</span></p>}
        <label>Username<input className="input" name="username" autoComplete="username" autoCapitalize="none" spellCheck={false} required maxLength={128} autoFocus /></label>
        <div className="field">
          <span className="row"><label htmlFor="password">Password</label><span className="grow1" /><button type="button" className="plain" aria-pressed={shown} onClick={() => setShown(!shown)}>{shown ? 'Hide' : 'Show'}<span className="vh"> the password</span></button></span>
          <input ref={password} className="input" id="password" name="password" type={shown ? 'text' : 'password'} autoComplete="current-password" required maxLength={1024} onKeyUp={capsHint} onKeyDown={capsHint} onBlur={() => setCaps(false)} />
          <span className="hint" role="status">{caps ? 'Caps Lock is on' : ''}</span>
        </div>
        {coded ? <label>Code of your authenticator app<input ref={code} className="input mono" name="code" autoComplete="one-time-code" autoCapitalize="none" spellCheck={false} required maxLength={64} autoFocus /><span className="muted">Device lost? Type a recovery code.</span></label> : null}
        {organisation ? <label>Organisation<input className="input" name="tenant" autoComplete="organization" autoCapitalize="none" spellCheck={false} maxLength={128} autoFocus value={tenant} onChange={(e) => setTenant(e.target.value)} /></label> : null}
        <button className="btn" data-primary={hindered ? true : undefined} type="submit" disabled={busy !== undefined || wait > 0}>{busy === 'password' ? 'Signing in…' : wait > 0 ? `Wait ${wait} s` : 'Sign in'}</button>
        {organisation ? null : <button type="button" className="plain" onClick={() => setOrganisation(true)}>Sign in to another organisation</button>}
      </form>
    </main>
  );
}

function headline(p: Refused | NoPasskey): string {
  if (p instanceof NoPasskey) return 'Not signed in';
  if (p.status === 401) return 'Not signed in';
  if (p.status === 429) return 'Too many attempts';
  return p.title;
}

function advice(p: Refused | NoPasskey, wait: number): string {
  if (p instanceof NoPasskey) return p.message;
  if (p.type === 'wrong-code') return 'The code is wrong, or was used already. Wait for the next one.';
  if (p.status === 401) return 'The username or the password is not right.';
  if (p.status === 429) return wait > 0 ? `Try again in ${wait} s.` : 'You can try again now.';
  return p.message;
}

/** Seconds until the server listens again. */
function useCountdown(problem: Refused | NoPasskey | undefined): number {
  const [left, setLeft] = useState(0);
  useEffect(() => {
    if (!(problem instanceof Refused) || !problem.retryAfter) return setLeft(0);
    setLeft(problem.retryAfter);
    const t = setInterval(() => setLeft((n) => Math.max(0, n - 1)), 1000);
    return () => clearInterval(t);
  }, [problem]);
  return left;
}
