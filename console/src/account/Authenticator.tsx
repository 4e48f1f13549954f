import { useState, type FormEvent } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { encode } from 'uqr';
import { answer, api, type Schemas } from '../api/client';
import { session, useSession } from '../session/session';
import { Dialog } from '../ui/Dialog';
import { Waiting } from '../ui/EventView';
import { exact } from '../ui/format';
import { PlusIcon } from '../ui/icons';
import { useKeys } from '../ui/keys';
import { CopyButton, CopyLine, Key, ProblemBox } from '../ui/parts';
import { said } from '../ui/toast';
import { AUTHENTICATOR } from './account';
import { Hindrance } from './Hindrance';

type Doing = 'remove' | 'renew';
const DOING = {
  remove: { title: 'Remove the authenticator app?', text: 'Your password alone signs you in then. Its recovery codes are void, too.', act: 'Remove it' },
  renew: { title: 'Other recovery codes', text: 'The codes that are left of those before are void then.', act: 'Make new codes' },
} as const;

/** The authenticator app: adding it, its recovery codes, and the end of it. */
export function Authenticator() {
  const client = useQueryClient();
  const state = useQuery(AUTHENTICATOR);
  const due = useSession().second_factor_due;
  const [secret, setSecret] = useState<Schemas['AuthenticatorSecret']>();
  const [codes, setCodes] = useState<readonly string[]>();
  const [doing, setDoing] = useState<Doing>();
  const fresh = () => client.invalidateQueries({ queryKey: AUTHENTICATOR.queryKey });
  const begin = useMutation({ mutationFn: () => answer(api.POST('/v1/auth/authenticator/begin')), onSuccess: setSecret });
  const confirm = useMutation({
    mutationFn: (code: string) => answer(api.POST('/v1/auth/authenticator', { body: { code } })),
    onSuccess: (made) => { setSecret(undefined); setCodes(made.recovery_codes); return fresh(); },
  });
  const change = useMutation({
    mutationFn: async ({ to, code }: { to: Doing; code: string }) =>
      to === 'renew' ? (await answer(api.POST('/v1/auth/authenticator/recovery-codes', { body: { code } }))).recovery_codes : answer(api.POST('/v1/auth/authenticator/remove', { body: { code } })).then(() => undefined),
    onSuccess: (renewed) => { setDoing(undefined); if (renewed) setCodes(renewed); else said('The authenticator app is removed'); return fresh(); },
  });
  const have = state.data?.since ?? undefined;
  const start = () => { confirm.reset(); begin.mutate(); };
  const open = (to: Doing) => { change.reset(); setDoing(to); };
  const done = () => { setCodes(undefined); if (due) void session.restore(); };
  useKeys(have || !state.data ? [] : [{ keys: ['a'], label: 'Add an authenticator app', group: 'Account', run: start }]);
  return (
    <section className="card" aria-labelledby="authenticator">
      <header><h2 id="authenticator">Authenticator app</h2><span className="grow1" />
        {have ? <><button type="button" className="btn" onClick={() => open('renew')}>Other recovery codes</button><button type="button" className="btn" onClick={() => open('remove')}>Remove</button></> : null}
      </header>
      {state.isPending ? <Waiting /> : null}
      {state.isError ? <div className="pad"><ProblemBox problem={state.error} retry={() => void state.refetch()} /></div> : null}
      {have && state.data ? (
        <p className="pad">Your password needs a code of the app since {exact(have).replace(/:\d\d\.\d+$/, '')}. {state.data.recovery_codes === 0 ? <strong className="tone c-failing">No recovery codes are left: make new ones.</strong> : <>{state.data.recovery_codes} recovery codes are left, for when the device is lost.</>}</p>
      ) : null}
      {state.data && !have ? (
        <div className="empty">
          <h3>{state.data.required ? 'Your role needs a second factor' : 'Password alone'}</h3>
          <p className="muted">With an authenticator app your password needs a code beside it that changes every 30 seconds. A passkey is safer and quicker: it is two factors by itself.</p>
          {begin.isError ? <Hindrance problem={begin.error} /> : null}
          <button type="button" className="btn" disabled={begin.isPending} onClick={start}><PlusIcon size={15} />Add an authenticator app <Key k="a" /></button>
        </div>
      ) : null}
      <Dialog opened={secret !== undefined} close={() => setSecret(undefined)} title="Add an authenticator app" firm>
        {secret ? (
          <div className="stack">
            <p>Read this with the app, or type the key into it. Then type the code that the app shows.</p>
            <div className="row wrap"><QrCode text={secret.uri} /><div className="grow1"><CopyLine text={secret.secret.replace(/(.{4})(?=.)/g, '$1 ')} label="Key for the app" /></div></div>
            <CodeForm problem={confirm.error} busy={confirm.isPending} act="Confirm" send={(code) => confirm.mutate(code)} />
          </div>
        ) : null}
      </Dialog>
      <Dialog opened={codes !== undefined} close={done} title="Recovery codes" firm>
        {codes ? (
          <div className="stack">
            <p>Each signs you in once in the place of a code, when the device is lost. Keep them where the device is not; they are shown now and never again.</p>
            <ol className="codes mono" aria-label="Recovery codes">{codes.map((c) => <li key={c}>{c.replace(/(.{4})(?=.)/g, '$1-')}</li>)}</ol>
            <div className="row"><CopyButton text={codes.join('\n')} label="Copy the recovery codes">Copy</CopyButton><button type="button" className="btn" data-primary onClick={done}>I have them</button></div>
          </div>
        ) : null}
      </Dialog>
      <Dialog opened={doing !== undefined} close={() => setDoing(undefined)} title={doing ? DOING[doing].title : ''}>
        {doing ? <CodeForm problem={change.error} busy={change.isPending} act={DOING[doing].act} send={(code) => change.mutate({ to: doing, code })}><p>{DOING[doing].text}</p></CodeForm> : null}
      </Dialog>
    </section>
  );
}

function CodeForm({ act, busy, problem, send, children }: { act: string; busy: boolean; problem: Error | null; send: (code: string) => void; children?: React.ReactNode }) {
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    send(String(new FormData(e.currentTarget).get('code')).trim());
  };
  return (
    <form className="stack" onSubmit={submit}>
      {children}
      {problem ? <Hindrance problem={problem} /> : null}
      <label className="stack">Code of the app<input className="input mono" name="code" required maxLength={64} autoComplete="one-time-code" autoCapitalize="none" spellCheck={false} data-autofocus /></label>
      <div className="row"><button type="submit" className="btn" data-primary disabled={busy}>{act}</button></div>
    </form>
  );
}

/** Black on white in every colour scheme: cameras want it so. */
function QrCode({ text }: { text: string }) {
  const { data, size } = encode(text, { border: 3 });
  const path = data.flatMap((row, y) => row.map((on, x) => (on ? `M${x} ${y}h1v1h-1z` : ''))).join('');
  return <svg className="qr" viewBox={`0 0 ${size} ${size}`} width={180} height={180} role="img" aria-label="The key as a QR code"><rect width={size} height={size} fill="#fff" /><path d={path} fill="#000" shapeRendering="crispEdges" /></svg>;
}
