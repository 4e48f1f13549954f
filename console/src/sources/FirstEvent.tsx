import { CopyLine } from '../ui/parts';
import { PlusIcon } from '../ui/icons';

/** A line that sends one event; `secret` is a token's, or the place where it goes. */
export const firstEvent = (secret: string, origin = window.location.origin) =>
  `curl -sS ${origin}/v1/ingest/events \\
  -H 'Authorization: Bearer ${secret}' -H 'Content-Type: application/json' \\
  -d '{"category":"auth","action":"login","outcome":"failure","source":{"host":"web-1"},"actor":{"type":"user","name":"alice"}}'`;

/** Nothing is connected: how to change that in a minute. */
export function FirstEvent({ connect }: { connect: (() => void) | undefined }) {
  return (
    <section className="card" aria-labelledby="first">
      <header><h2 id="first">Nothing is connected yet</h2></header>
      <div style={{ padding: 14, display: 'grid', gap: 12, justifyItems: 'start' }}>
        <p>A source sends with a token of its own, so that each is seen here by name. Make one, then send a first event:</p>
        {connect ? <button type="button" className="btn" data-primary onClick={connect}><PlusIcon size={15} />Make a token</button> : <p className="muted">Making a token needs the permission tokens:write; ask an administrator.</p>}
        <CopyLine text={firstEvent('TOKEN')} label="Copy the line that sends a first event" />
        <p className="muted">The source appears here within seconds. Windows, syslog, auditd, Falco and CloudTrail records are understood as they are: send them in batches to <span className="mono">/v1/ingest/batch</span>.</p>
      </div>
    </section>
  );
}
