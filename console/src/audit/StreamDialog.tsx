import type { FormEvent } from 'react';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Dialog } from '../ui/Dialog';
import { exact, number } from '../ui/format';
import { ProblemBox } from '../ui/parts';
import { said } from '../ui/toast';
import { STREAM, endStream, setStream, standing, type Receiver } from './audit';

type Props = { receiver: Receiver | null; newest: number; may: boolean; close: () => void };

/** The receiver of the audit log: how it does, another one, or none. */
export function StreamDialog({ receiver, newest, may, close }: Props) {
  const client = useQueryClient();
  const fresh = () => client.invalidateQueries({ queryKey: STREAM.queryKey });
  const set = useMutation({
    mutationFn: setStream,
    onSuccess: (_, to) => said(`The audit log goes to ${to.host}:${to.port} from now on`),
    onSettled: fresh,
  });
  const end = useMutation({
    mutationFn: endStream,
    onSuccess: () => { said('The audit log is only here'); close(); },
    onSettled: fresh,
  });
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const f = new FormData(e.currentTarget);
    const text = (name: string) => String(f.get(name) ?? '').trim();
    end.reset();
    set.mutate({ host: text('host'), port: Number(text('port')), ...(text('authority') ? { authority: `${text('authority')}\n` } : {}) });
  };
  const problem = set.error ?? end.error;
  const busy = set.isPending || end.isPending;
  return (
    <Dialog opened close={close} title="Where the audit log goes besides" firm>
      <div className="stack">
        {receiver ? <State receiver={receiver} newest={newest} /> : <Teach may={may} />}
        {may ? (
          <form className="form wide" key={receiver ? `${receiver.host}:${receiver.port}` : 'none'} onSubmit={submit}>
            <div className="two wide-left">
              <label>Host<input className="input mono" name="host" required maxLength={253} autoComplete="off" autoCapitalize="none" spellCheck={false} placeholder="logs.example.org" defaultValue={receiver?.host} data-autofocus /></label>
              <label>Port<input className="input mono" name="port" type="number" required min={1} max={65_535} defaultValue={receiver?.port ?? 6514} /></label>
            </div>
            <label>Certificate of who signs the receiver’s <span className="muted">(PEM; empty: whom this machine trusts)</span><textarea className="input mono" name="authority" rows={4} maxLength={65_536} autoComplete="off" spellCheck={false} placeholder="-----BEGIN CERTIFICATE-----" defaultValue={receiver?.authority ?? ''} /></label>
            {problem ? <ProblemBox problem={problem} /> : null}
            <div className="row"><button type="submit" className="btn" data-primary disabled={busy}>{receiver ? 'Change it' : 'Send it there'}</button>{receiver ? <button type="button" className="btn" data-danger disabled={busy} onClick={() => end.mutate()}>Switch it off</button> : null}<button type="button" className="btn" onClick={close}>Close</button></div>
            {receiver ? <p className="muted">Another receiver goes on where this one is. Switched off and on again, it begins with the first entry.</p> : null}
          </form>
        ) : <div className="row"><button type="button" className="btn" data-autofocus onClick={close}>Close</button></div>}
      </div>
    </Dialog>
  );
}

function State({ receiver: r, newest }: { receiver: Receiver; newest: number }) {
  const now = standing(r, newest);
  return (
    <div className="stack" role="status" aria-label="State of the receiver">
      <p><span className={`pill ${now.tone}`}>{now.word}</span> {now.text}</p>
      {r.fault && r.failed_at ? <div className="problem" style={{ width: '100%' }}><strong>The last try failed</strong><p>{r.fault}</p></div> : null}
      <dl className="audit-more">
        <dt>Receiver</dt><dd className="mono">{r.host}:{r.port}</dd>
        <dt>Has entries up to</dt><dd>{number(r.sent)}{newest > r.sent ? ` of ${number(newest)}` : ''}</dd>
        <dt>Last taken</dt><dd className="mono">{r.sent_at ? exact(r.sent_at) : 'nothing yet'}</dd>
        {r.failed_at ? <><dt>Last failure</dt><dd className="mono">{exact(r.failed_at)}</dd></> : null}
        <dt>Trusted</dt><dd>{r.authority ? 'the certificate below' : 'whom the platform’s machine trusts'}</dd>
      </dl>
    </div>
  );
}

function Teach({ may }: { may: boolean }) {
  return (
    <div className="stack">
      <p>The log can go to a receiver of syslog besides (RFC 5424 over TLS), from its first entry on, each entry at least once and in order. Then a second machine has the record, whatever happens to this one.</p>
      <ol className="teach">
        <li>Let the receiver listen for syslog over TLS: rsyslog, syslog-ng, Vector and Fluent Bit can; the port is mostly 6514.</li>
        <li>Its certificate has to be of the name that you type here.</li>
        <li>One inside a network has to be allowed by whoever runs the installation: <code>outbound.allow</code>.</li>
      </ol>
      {may ? null : <p className="muted">Saying where it goes takes the permission <span className="mono">audit:write</span>.</p>}
    </div>
  );
}
