import { useState } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { answer, api, type Schemas } from '../api/client';
import { Nearby } from '../endpoints/Nearby';
import { useMay } from '../session/session';
import { Dialog } from '../ui/Dialog';
import { Waiting } from '../ui/EventView';
import { bytes, exact, number } from '../ui/format';
import { CopyButton, ProblemBox } from '../ui/parts';
import { said } from '../ui/toast';

type Carve = Schemas['Carve'];
const REFRESH_MS = 5_000;

/** Files that hosts sent because somebody asked: carves of osquery, and the triage packages of our agents. */
export default function CarvesPage() {
  const client = useQueryClient();
  const may = useMay('endpoints:manage');
  const [going, setGoing] = useState<Carve>();
  const list = useQuery({ queryKey: ['carves'], queryFn: ({ signal }) => answer(api.GET('/v1/carves', { signal })), refetchInterval: REFRESH_MS });
  const end = useMutation({
    mutationFn: (c: Carve) => answer(api.DELETE('/v1/carves/{id}', { params: { path: { id: c.id } } })),
    onSuccess: async () => {
      said('It is gone');
      setGoing(undefined);
      await client.invalidateQueries({ queryKey: ['carves'] });
    },
  });
  const all = list.data?.carves ?? [];
  return (
    <div className="page">
      <Nearby />
      <header className="dhead"><h1>Files from hosts</h1><p className="muted">What hosts have sent whole because somebody asked: carves of osquery (<span className="mono">SELECT * FROM carves WHERE carve = 1 AND path = …</span> as a live query) and the triage packages of our agents. Each block is kept when it comes; the SHA-256 is of the whole. That one was read is in the audit log.</p></header>
      {list.isError ? <div className="pad"><ProblemBox problem={list.error} retry={() => void list.refetch()} /></div> : null}
      {list.isPending ? <div className="pad"><Waiting /></div> : null}
      {list.data && all.length === 0 ? <div className="empty"><h2>No host has sent a file</h2><p className="muted">Ask one by a live query over osquery&rsquo;s table carves, or collect a triage package as an action on a host that runs our agent.</p><div className="row"><Link className="btn" data-primary to="/live-queries">Ask hosts</Link></div></div> : null}
      {all.length > 0 ? (
        <div className="scrollx pad" tabIndex={0} role="region" aria-label="Files from hosts">
          <table className="tbl"><thead><tr><th scope="col">Host</th><th scope="col">Begun</th><th scope="col">Size</th><th scope="col">State</th><th scope="col">SHA-256</th><th scope="col">Asked by</th><th scope="col"><span className="vh">What to do</span></th></tr></thead>
            <tbody>{all.map((c) => (
              <tr key={c.id}>
                <td><Link to="/endpoints" search={{ host: c.endpoint_id }}>{c.hostname}</Link></td>
                <td className="nowrap">{exact(c.started_at)}</td>
                <td className="nowrap">{bytes(c.size)}</td>
                <td className="nowrap">{c.state === 'complete' ? <span className="pill c-ok">complete</span> : <><span className="pill c-low">receiving</span> {number(c.received)} of {number(c.block_count)} blocks</>}</td>
                <td className="nowrap">{c.sha256 ? <><span className="mono" title={c.sha256}>{c.sha256.slice(0, 12)}…</span> <CopyButton text={c.sha256} label={`Copy the SHA-256 of what ${c.hostname} sent`}>Copy</CopyButton></> : '–'}</td>
                <td className="mono">{c.request_id || '–'}</td>
                <td className="nowrap">{c.state === 'complete' ? <a className="btn" download href={`/v1/carves/${c.id}/content`}>Download</a> : null}{may ? <> <button type="button" className="btn" onClick={() => setGoing(c)}>Delete</button></> : null}</td>
              </tr>
            ))}</tbody></table>
        </div>
      ) : null}
      <Dialog opened={going !== undefined} close={() => setGoing(undefined)} title={`Delete what ${going?.hostname ?? ''} sent?`}>
        <div className="form">
          {end.isError ? <ProblemBox problem={end.error} /> : null}
          <p>All of it that is here goes, for good. The audit log keeps its SHA-256 and who deleted it.</p>
          <div className="row"><button type="button" className="btn" data-primary disabled={end.isPending} onClick={() => { if (going) end.mutate(going); }}>Delete it</button><button type="button" className="btn" data-autofocus onClick={() => setGoing(undefined)}>Leave it</button></div>
        </div>
      </Dialog>
    </div>
  );
}
