import { Dialog } from '../ui/Dialog';
import { ago, bytes, exact, number } from '../ui/format';
import { CopyButton } from '../ui/parts';
import { TONE, standing, type Relay } from './relays';

/** Everything that is known of a relay. */
export function RelayDetails({ relay: r, now, close }: { relay: Relay | undefined; now: number; close: () => void }) {
  return <Dialog opened={r !== undefined} close={close} title={r?.hostname ?? ''}>{r ? <Details relay={r} now={now} /> : null}</Dialog>;
}

function Details({ relay: r, now }: { relay: Relay; now: number }) {
  const state = standing(r, now);
  return (
    <div className="form">
      <dl className="kv">
        <dt>State</dt><dd><span className={`pill ${TONE[state]}`}>{state}</span></dd>
        <dt>Heard</dt><dd>{ago(r.last_seen_at, now)}, {exact(r.last_seen_at)}{r.last_address ? <> from <span className="mono">{r.last_address}</span></> : null}</dd>
        <dt>Waiting there</dt><dd>{r.waiting_records > 0 ? `${number(r.waiting_records)} records, ${bytes(r.waiting_bytes)}` : 'nothing'}</dd>
        <dt>Lost</dt><dd>{r.lost_records > 0 ? <span className="c-bad">{number(r.lost_records)} records, {bytes(r.lost_bytes)}</span> : 'nothing'}</dd>
        <dt>Software</dt><dd className="mono">{r.software_version || '–'}</dd>
        <dt>Group</dt><dd>{r.group}</dd>
        <dt>Let in</dt><dd>{exact(r.enrolled_at)}</dd>
        <dt>Certificate</dt><dd>{r.certificate_until ? `until ${exact(r.certificate_until)}` : 'none that ends'}</dd>
        <dt>Id</dt><dd><span className="mono">{r.id}</span> <CopyButton text={r.id} label="Copy the id" /></dd>
      </dl>
      <h3 className="cap">Hosts that come through it</h3>
      {r.groups.length === 0 ? <p className="muted">None.</p> : (
        <table className="tbl"><thead><tr><th scope="col">Group</th><th scope="col">Hosts</th><th scope="col">Heard lately</th></tr></thead>
          <tbody>{r.groups.map((g) => <tr key={g.group}><td>{g.group}</td><td>{number(g.hosts)}</td><td className={g.heard < g.hosts ? 'c-bad' : undefined}>{number(g.heard)}</td></tr>)}</tbody></table>
      )}
    </div>
  );
}
