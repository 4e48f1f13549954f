import { useState } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Refused, answer, api, type Schemas } from '../api/client';
import { Dialog } from '../ui/Dialog';
import { ago, exact } from '../ui/format';
import { PlusIcon } from '../ui/icons';
import { useKeys } from '../ui/keys';
import { CopyLine, Key, ProblemBox } from '../ui/parts';
import { failed, said } from '../ui/toast';
import { NewToken } from './NewToken';

type Token = Schemas['Token'];
const REFRESH_MS = 10_000;
const SOON_MS = 7 * 86_400_000;
const GRACE: readonly [seconds: number, text: string][] = [[0, 'no longer: it is known to somebody'], [3600, 'an hour'], [86_400, 'a day'], [604_800, 'a week']];

/** Who may send or ask without a person, and the end of that. */
export function Tokens({ may, made, making }: { may: boolean; made: boolean; making: (on: boolean) => void }) {
  const client = useQueryClient();
  const tokens = useQuery({ queryKey: ['tokens'], queryFn: ({ signal }) => answer(api.GET('/v1/tokens', { signal })), refetchInterval: REFRESH_MS });
  const [leaving, setLeaving] = useState<Token>();
  const [turning, setTurning] = useState<Token>();
  const rotate = useMutation({
    mutationFn: ({ of, grace }: { of: Token; grace: number }) => answer(api.POST('/v1/tokens/{id}/rotation', { params: { path: { id: of.id } }, body: { grace_seconds: grace } })),
    onSuccess: () => client.invalidateQueries({ queryKey: ['tokens'] }),
  });
  const turned = () => { setTurning(undefined); rotate.reset(); };
  const revoke = useMutation({
    mutationFn: (t: Token) => answer(api.DELETE('/v1/tokens/{id}', { params: { path: { id: t.id } } })),
    onSuccess: (_, t) => said(`${t.name} is revoked`),
    onError: (e) => failed('Not revoked', e instanceof Refused ? e.message : String(e)),
    onSettled: () => {
      setLeaving(undefined);
      return client.invalidateQueries({ queryKey: ['tokens'] });
    },
  });
  const all = tokens.data?.tokens ?? [];
  useKeys(may ? [{ keys: ['t'], label: 'New token', group: 'Sources', run: () => making(true) }] : []);
  return (
    <section className="card" aria-labelledby="tokens">
      <header><h2 id="tokens">Tokens</h2><span className="muted">{tokens.data ? all.length : ''}</span><span className="grow1" />{may ? <button type="button" className="btn" onClick={() => making(true)}><PlusIcon size={15} />New token <Key k="t" /></button> : null}</header>
      {tokens.isError ? <div style={{ padding: 14 }}><ProblemBox problem={tokens.error} retry={() => void tokens.refetch()} /></div> : null}
      {tokens.data && all.length === 0 ? <p className="muted" style={{ padding: 14 }}>None yet. A source sends with a token of its own: connect one to make it. A program that asks or acts without a person has one, too, with just what it needs.</p> : null}
      {all.length > 0 ? (
        <div className="scrollx" tabIndex={0} role="region" aria-label="Table of tokens">
          <table className="tbl">
            <thead><tr><th scope="col">Name</th><th scope="col">May</th><th scope="col">Made</th><th scope="col">Last used</th><th scope="col">Ends</th><th scope="col"><span className="vh">Acts</span></th></tr></thead>
            <tbody>{all.map((t) => <Row key={t.id} t={t} now={tokens.dataUpdatedAt} revoke={may ? () => setLeaving(t) : undefined} rotate={may ? () => { rotate.reset(); setTurning(t); } : undefined} />)}</tbody>
          </table>
        </div>
      ) : null}
      <NewToken opened={made && may} close={() => making(false)} />
      <Dialog opened={turning !== undefined} close={turned} title={`Another secret for ${turning?.name ?? ''}`} firm={rotate.isSuccess}>
        {rotate.data ? (
          <div className="stack">
            <p>Put this where the one before is. It is kept as a hash only and cannot be shown again.</p>
            <CopyLine text={rotate.data.secret} label="Copy the token" />
            <div className="row"><button type="button" className="btn" data-primary onClick={turned}>I have it</button></div>
          </div>
        ) : turning ? (
          <form className="stack" onSubmit={(e) => { e.preventDefault(); rotate.mutate({ of: turning, grace: Number(new FormData(e.currentTarget).get('grace')) }); }}>
            <p>Name and permissions stay. Whatever uses the token needs the new secret before the one before ends.</p>
            {rotate.isError ? <ProblemBox problem={rotate.error} /> : null}
            <label className="stack">The one before works for<select className="input" name="grace" defaultValue="86400" data-autofocus>{GRACE.map(([s, text]) => <option key={s} value={s}>{text}</option>)}</select></label>
            <div className="row"><button type="submit" className="btn" data-primary disabled={rotate.isPending}>Make it</button><button type="button" className="btn" onClick={turned}>Cancel</button></div>
          </form>
        ) : null}
      </Dialog>
      <Dialog opened={leaving !== undefined} close={() => setLeaving(undefined)} title={`Revoke ${leaving?.name ?? ''}?`}>
        <div style={{ display: 'grid', gap: 14 }}>
          <p>Whatever uses this token is refused from this moment on. What it sent stays. A revoked token cannot come back; make a new one instead.</p>
          <div className="row">
            <button type="button" className="btn" data-danger disabled={revoke.isPending} onClick={() => leaving && revoke.mutate(leaving)}>Revoke it</button>
            <button type="button" className="btn" data-autofocus onClick={() => setLeaving(undefined)}>Keep it</button>
          </div>
        </div>
      </Dialog>
    </section>
  );
}

function Row({ t, now, revoke, rotate }: { t: Token; now: number; revoke: (() => void) | undefined; rotate: (() => void) | undefined }) {
  return (
    <tr data-token={t.name}>
      <td className="said"><strong>{t.name}</strong></td>
      <td className="mono">{t.permissions.join(' ')}</td>
      <td className="nowrap" title={exact(t.created_at)}>{ago(t.created_at, now)}</td>
      <td className="nowrap" title={t.last_used_at ? exact(t.last_used_at) : ''}>{t.last_used_at ? ago(t.last_used_at, now) : <span className="muted">never</span>}</td>
      <td className="nowrap">{t.expires_at ? <Ends at={t.expires_at} now={now} /> : <span className="muted">never</span>}</td>
      <td className="nowrap num">{rotate ? <button type="button" className="btn" aria-label={`Rotate ${t.name}`} onClick={rotate}>Rotate</button> : null} {revoke ? <button type="button" className="btn" aria-label={`Revoke ${t.name}`} onClick={revoke}>Revoke</button> : null}</td>
    </tr>
  );
}

/** When it stops working; soon is said in colour, and in words. */
function Ends({ at, now }: { at: string; now: number }) {
  const left = Date.parse(at) - now;
  const day = exact(at).replace(/:\d\d\.\d+$/, '');
  if (left > SOON_MS) return day;
  return <span className={`tone ${left < 0 ? 'c-failing' : 'c-quiet'}`}>{day}, {left < 0 ? 'over' : 'soon'}</span>;
}
