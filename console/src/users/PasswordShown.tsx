import { CopyLine } from '../ui/parts';

/** A password that is shown now and never again. */
export function PasswordShown({ username, password, done }: { username: string; password: string | null; done: () => void }) {
  return (
    <div style={{ display: 'grid', gap: 14 }}>
      {password === null ? <p>{username} has no password and signs in by other means.</p> : (
        <>
          <p>Hand this to {username} over a channel that only the two of you read. It is kept as a hash only and cannot be shown again.</p>
          <CopyLine text={password} label={`Password of ${username}`} />
        </>
      )}
      <div className="row"><button type="button" className="btn" data-primary data-autofocus onClick={done}>{password === null ? 'Close' : 'I have it'}</button></div>
    </div>
  );
}
