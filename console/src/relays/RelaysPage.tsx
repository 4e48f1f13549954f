import { useState } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Nearby } from '../endpoints/Nearby';
import { revoke } from '../endpoints/endpoints';
import { useMay } from '../session/session';
import { Dialog } from '../ui/Dialog';
import { Waiting } from '../ui/EventView';
import { ago, bytes, exact, number } from '../ui/format';
import { CopyLine, ProblemBox } from '../ui/parts';
import { said } from '../ui/toast';
import { RelayDetails } from './RelayDetails';
import { RELAYS, TONE, hosts, map, standing, type Relay, type Relays } from './relays';

/** The relays between hosts and the platform: how each is, what waits there, and which hosts come through it. */
export default function RelaysPage() {
  const client = useQueryClient();
  const may = useMay('endpoints:manage');
  const list = useQuery(RELAYS);
  const [going, setGoing] = useState<Relay>();
  const [shown, setShown] = useState<string>();
  const end = useMutation({
    mutationFn: (r: Relay) => revoke(r.id),
    onSuccess: async (_e, r) => {
      said(`${r.hostname} is kept out from now on`);
      setGoing(undefined);
      await client.invalidateQueries({ queryKey: RELAYS.queryKey });
    },
  });
  const all = list.data?.relays ?? [];
  const now = list.dataUpdatedAt || Date.now();
  return (
    <div className="page">
      <Nearby />
      <header className="dhead"><h1>Relays</h1><p className="muted">A relay stands in a network of its own between its hosts and the platform: it verifies what passes, keeps on its disk what hosts report while the platform is away, and holds no key that could order anything.</p></header>
      {list.isError ? <div className="pad"><ProblemBox problem={list.error} retry={() => void list.refetch()} /></div> : null}
      {list.isPending ? <div className="pad"><Waiting /></div> : null}
      {list.data && all.length === 0 ? (
        <div className="empty"><h2>There is no relay</h2><p className="muted">Hosts that reach the platform need none. Where they must not, set one up: make a secret for a relay, run two lines on its machine, and let hosts in at it instead of here.</p>
          <CopyLine text="./marsad relay --help" label="The relay's help" />
          {may ? <div className="row"><Link className="btn" data-primary to="/endpoints" search={{ enroll: true }}>Let a relay in</Link></div> : null}</div>
      ) : null}
      {list.data && all.length > 0 ? <Map all={list.data} now={now} /> : null}
      {all.length > 0 ? (
        <div className="scrollx pad" tabIndex={0} role="region" aria-label="Relays">
          <table className="tbl"><thead><tr><th scope="col">Relay</th><th scope="col">State</th><th scope="col">Hosts</th><th scope="col">Waiting there</th><th scope="col">Lost</th><th scope="col">Heard</th><th scope="col">Certificate until</th><th scope="col"><span className="vh">What to do</span></th></tr></thead>
            <tbody>{all.map((r) => {
              const s = standing(r, now);
              return (
                <tr key={r.id} id={`relay-${r.id}`}>
                  <td><button type="button" className="link" title="Everything about it" onClick={() => setShown(r.id)}><strong>{r.hostname}</strong></button> <span className="muted mono">{r.last_address}</span></td>
                  <td><span className={`pill ${TONE[s]}`}>{s}</span></td>
                  <td>{number(hosts(r))} <span className="muted">{r.groups.map((g) => g.group).join(', ')}</span></td>
                  <td className="nowrap">{r.waiting_records > 0 ? `${number(r.waiting_records)} records, ${bytes(r.waiting_bytes)}` : 'nothing'}</td>
                  <td className="nowrap">{r.lost_records > 0 ? <span className="c-bad">{number(r.lost_records)} records</span> : 'nothing'}</td>
                  <td className="nowrap muted">{ago(r.last_seen_at, now)}</td>
                  <td className="nowrap">{r.certificate_until ? exact(r.certificate_until) : '–'}</td>
                  <td>{may && r.state === 'active' ? <button type="button" className="btn" onClick={() => setGoing(r)}>Revoke</button> : null}</td>
                </tr>
              );
            })}</tbody></table>
        </div>
      ) : null}
      <RelayDetails relay={all.find((r) => r.id === shown)} now={now} close={() => setShown(undefined)} />
      <Dialog opened={going !== undefined} close={() => setGoing(undefined)} title={`Revoke ${going?.hostname ?? ''}?`}>
        <div className="form">
          {end.isError ? <ProblemBox problem={end.error} /> : null}
          <p>Within a minute nobody speaks with it any more, and {going ? number(hosts(going)) : ''} hosts that come through it are cut off: they keep what they collect on their disks until they are let in at another. What waits at the relay does not come any more.</p>
          <div className="row"><button type="button" className="btn" data-primary disabled={end.isPending} onClick={() => { if (going) end.mutate(going); }}>Revoke it</button><button type="button" className="btn" data-autofocus onClick={() => setGoing(undefined)}>Leave it</button></div>
        </div>
      </Dialog>
    </div>
  );
}

/** The same as the table, at a glance. */
function Map({ all, now }: { all: Relays; now: number }) {
  const m = map(all, now);
  return (
    <div className="scrollx pad" tabIndex={0} role="region" aria-label="Map">
      <svg className="relaymap" width={m.width + 2} height={m.height + 2} viewBox={`-1 -1 ${m.width + 2} ${m.height + 2}`} role="img" aria-label={`${all.relays.length} relays between the platform and groups of hosts; the table below says the same`}>
        {m.lines.map((l) => <path key={`${l.from.key} ${l.to.key}`} className={l.tone} d={`M${l.from.x + l.from.w} ${l.from.y + l.from.h / 2} C${l.from.x + l.from.w + 40} ${l.from.y + l.from.h / 2} ${l.to.x - 40} ${l.to.y + l.to.h / 2} ${l.to.x} ${l.to.y + l.to.h / 2}`} />)}
        {m.nodes.map((n) => (
          <g key={n.key} className={n.tone} transform={`translate(${n.x} ${n.y})`}>
            <rect width={n.w} height={n.h} rx="6" />
            <text x="12" y="19" className="mt">{n.title.length > 26 ? `${n.title.slice(0, 25)}…` : n.title}</text>
            <text x="12" y="36" className="md">{n.detail}</text>
          </g>
        ))}
      </svg>
    </div>
  );
}
