import { useState, type FormEvent } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { answer, api } from '../api/client';
import { useSession } from '../session/session';
import { Dialog } from '../ui/Dialog';
import { CopyLine, ProblemBox } from '../ui/parts';
import { MEANING, grouped } from '../users/users';

const DAY_MS = 86_400_000;
const LIVES: readonly [days: number, text: string][] = [[30, 'in 30 days'], [90, 'in 90 days'], [365, 'in a year'], [0, 'never']];

/** Makes a token for a program: it may no more than one may oneself, and its secret is shown once. */
export function NewToken({ opened, close }: { opened: boolean; close: () => void }) {
  const client = useQueryClient();
  const { permissions: own } = useSession();
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const make = useMutation({
    mutationFn: ({ name, days }: { name: string; days: number }) => answer(api.POST('/v1/tokens', { body: { name, permissions: [...chosen], ...(days ? { expires_at: new Date(Date.now() + days * DAY_MS).toISOString() } : {}) } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['tokens'] }),
  });
  const leave = () => { make.reset(); setChosen([]); close(); };
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const f = new FormData(e.currentTarget);
    make.mutate({ name: String(f.get('name')).trim(), days: Number(f.get('life')) });
  };
  const flip = (p: string) => setChosen((now) => (now.includes(p) ? now.filter((x) => x !== p) : [...now, p].sort()));
  const made = make.data;
  return (
    <Dialog opened={opened} close={leave} title={made ? `${made.name} is made` : 'New token'} firm={made !== undefined}>
      {made ? (
        <div className="stack">
          <p><strong>Copy it now.</strong> It is shown this once and kept as a hash only.</p>
          <CopyLine text={made.secret} label="Copy the token" />
          <p className="muted">A program sends it as <span className="mono">Authorization: Bearer …</span></p>
          <div className="row"><button type="button" className="btn" data-primary data-autofocus onClick={leave}>I have it</button></div>
        </div>
      ) : (
        <form className="form" onSubmit={submit}>
          <p className="muted">For a program that asks or acts without a person. It belongs to the organisation and outlives whoever made it; what it does is in the audit log under its name.</p>
          <div className="two">
            <label>Name<input className="input" name="name" required maxLength={100} autoComplete="off" placeholder="ticket-bridge" data-autofocus /></label>
            <label>Ends<select className="input" name="life" defaultValue="90">{LIVES.map(([days, text]) => <option key={days} value={days}>{text}</option>)}</select></label>
          </div>
          <fieldset className="groups">
            <legend>May</legend>
            <div className="ticks">{grouped([...own].sort()).flatMap((g) => g.permissions).map((p) => (
              <label className="check" key={p}><input type="checkbox" checked={chosen.includes(p)} onChange={() => flip(p)} /><span><span className="mono">{p}</span><span className="muted small">{MEANING[p] ?? ''}</span></span></label>
            ))}</div>
          </fieldset>
          {make.isError ? <ProblemBox problem={make.error} /> : null}
          <div className="row"><button type="submit" className="btn" data-primary disabled={make.isPending || chosen.length === 0}>Make it</button><button type="button" className="btn" onClick={leave}>Cancel</button>{chosen.length === 0 ? <span className="muted">Tick what it may.</span> : null}</div>
        </form>
      )}
    </Dialog>
  );
}
