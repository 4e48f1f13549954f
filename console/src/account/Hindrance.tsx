import { Refused } from '../api/client';
import { session } from '../session/session';
import { ProblemBox } from '../ui/parts';
import { failed } from '../ui/toast';

/** Why something was not added to the account; where signing in again helps, that is one click away. */
export function Hindrance({ problem }: { problem: unknown }) {
  if (!(problem instanceof Refused) || (problem.type !== 'sign-in-again' && problem.type !== 'use-your-passkey')) return <ProblemBox problem={problem} />;
  const leave = () => session.signOut().catch((e: unknown) => failed('Not signed out', e instanceof Error ? e.message : String(e)));
  return (
    <div className="problem" role="alert">
      <strong>{problem.type === 'sign-in-again' ? 'Sign in again first' : 'Sign in with your passkey'}</strong>
      <p>{problem.message}</p>
      <p><button type="button" className="btn" onClick={() => void leave()}>Sign in again</button> <span className="muted">You come back to this page.</span></p>
    </div>
  );
}
