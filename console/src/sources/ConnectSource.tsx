import { useState, type FormEvent } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { Refused, answer, api, type Schemas } from '../api/client';
import { Dialog } from '../ui/Dialog';
import { CopyLine, ProblemBox } from '../ui/parts';
import { firstEvent } from './FirstEvent';

/** Makes a token for a source and shows its secret, once. */
export function ConnectSource({ opened, close }: { opened: boolean; close: () => void }) {
  const [made, setMade] = useState<Schemas['CreatedToken']>();
  const [problem, setProblem] = useState<Refused>();
  const [busy, setBusy] = useState(false);
  const client = useQueryClient();
  const leave = () => {
    setMade(undefined);
    setProblem(undefined);
    close();
  };
  const submit = async (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const name = String(new FormData(e.currentTarget).get('name')).trim();
    setBusy(true);
    setProblem(undefined);
    try {
      setMade(await answer(api.POST('/v1/tokens', { body: { name, permissions: ['ingest:write'] } })));
      void client.invalidateQueries({ queryKey: ['tokens'] });
    } catch (err) {
      if (!(err instanceof Refused)) throw err;
      setProblem(err);
    } finally {
      setBusy(false);
    }
  };
  return (
    <Dialog opened={opened} close={leave} title={made ? `${made.name} can send now` : 'Connect a source'} firm={made !== undefined}>
      {made ? (
        <div style={{ display: 'grid', gap: 12 }}>
          <p><strong>Copy the token now.</strong> It is shown this once and kept only as a hash.</p>
          <CopyLine text={made.secret} label="Copy the token" />
          <p>Send a first event with it:</p>
          <CopyLine text={firstEvent(made.secret)} label="Copy the line that sends a first event" />
          <div className="row"><button type="button" className="btn" data-primary onClick={leave}>I have it</button></div>
        </div>
      ) : (
        <form onSubmit={(e) => void submit(e)} style={{ display: 'grid', gap: 12 }}>
          <p className="muted">A source sends with a token of its own; the token's name is the source's name. It can send events and nothing else.</p>
          {problem ? <ProblemBox problem={problem} /> : null}
          <label style={{ display: 'grid', gap: 4, fontWeight: 600 }}>Name of the source<input className="input" name="name" placeholder="web-servers" required maxLength={100} autoComplete="off" data-autofocus /></label>
          <div className="row"><button type="submit" className="btn" data-primary disabled={busy}>{busy ? 'Making…' : 'Make the token'}</button></div>
        </form>
      )}
    </Dialog>
  );
}
