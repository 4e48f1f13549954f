import './connectors.css';
import { useState } from 'react';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi } from '@tanstack/react-router';
import { useMay } from '../session/session';
import { Dialog } from '../ui/Dialog';
import { Waiting } from '../ui/EventView';
import { ago, exact, number } from '../ui/format';
import { useKeys } from '../ui/keys';
import { Key, ProblemBox } from '../ui/parts';
import { failed, said } from '../ui/toast';
import { ConnectionForm } from './ConnectionForm';
import { Catalogue } from './Catalogue';
import { CONNECTIONS, CONNECTORS, again, remove, test, turn, type Connection, type Connector } from './connectors';

const route = getRouteApi('/settings');

/** What a tenant has connected so that actions are carried out, and what could be. */
export default function ConnectorSettings() {
  const client = useQueryClient();
  const may = useMay('connectors:write');
  const { carries } = route.useSearch();
  const connectors = useQuery(CONNECTORS);
  const found = useQuery(CONNECTIONS);
  const [making, setMaking] = useState<Connector | 'choose'>();
  const [changing, setChanging] = useState<Connection>();
  const [leaving, setLeaving] = useState<Connection>();
  const kinds = connectors.data?.connectors ?? [];
  const all = found.data?.connections ?? [];
  const taken = all.map((c) => c.name);
  const ready = connectors.data !== undefined && found.data !== undefined;
  useKeys(may && ready ? [{ keys: ['n'], label: 'New connection', group: 'Connectors', run: () => setMaking('choose') }] : []);
  const tried = useMutation({
    mutationFn: test,
    onSuccess: (t, c) => (t.ok ? said(`${c.name} works: it answered in ${number(t.took_ms)} ms`) : failed(`${c.name} does not work`, t.problem ?? '')),
    onError: (e, c) => failed(`${c.name} was not tested`, e.message),
    onSettled: () => again(client),
  });
  const turned = useMutation({
    mutationFn: ({ of, on }: { of: Connection; on: boolean }) => turn(of, on),
    onSuccess: (c) => said(c.enabled ? `${c.name} carries actions out again` : `${c.name} carries nothing out any more`),
    onError: (e, { of }) => failed(`${of.name} stays as it was`, e.message),
    onSettled: () => again(client),
  });
  const drop = useMutation({ mutationFn: remove, onSuccess: (_, c) => { said(`${c.name} is deleted, and its secrets are forgotten`); setLeaving(undefined); }, onSettled: () => again(client) });
  const kindOf = (c: Connection) => kinds.find((k) => k.name === c.connector);
  const now = Date.now();
  const chosen = making === 'choose' ? undefined : making;
  const close = () => { setMaking(undefined); setChanging(undefined); };
  const form = changing ? kindOf(changing) : chosen;
  return (
    <div className="pad stack connectors">
      <div className="row wrap"><h2 className="grow1">Connectors</h2>{may ? <button type="button" className="btn" data-primary disabled={!ready} onClick={() => setMaking('choose')}>New connection <Key k="n" /></button> : null}</div>
      <p className="muted">What Marsad cannot do itself, such as blocking an address or suspending a user, it does in the products that you connect here. Their secrets go into the vault; nobody is ever told them.</p>
      {connectors.isError ? <ProblemBox problem={connectors.error} retry={() => void connectors.refetch()} /> : null}
      {found.isError ? <ProblemBox problem={found.error} retry={() => void found.refetch()} /> : null}
      {(connectors.isPending && !connectors.isError) || (found.isPending && !found.isError) ? <Waiting /> : null}
      {ready && all.length === 0 ? (
        <div className="empty">
          <h2>Nothing is connected yet</h2>
          <p className="muted">Until then the platform notes, tags, opens cases and looks things up by itself; every other action fails and says so, and playbooks wait for a person instead.</p>
          <ol className="teach"><li>Choose a product below: each says what it carries out.</li><li>Give its address and a key; the form says where the key is found.</li><li>Press Test: the product is asked something that changes nothing.</li><li>Save. From then on playbooks and people can use it, by the rules of response.</li></ol>
          {may ? <div className="row"><button type="button" className="btn" onClick={() => setMaking('choose')}>New connection <Key k="n" /></button></div> : <p className="muted">Connecting one takes the permission <span className="mono">connectors:write</span>.</p>}
        </div>
      ) : null}
      {ready && all.length > 0 ? (
        <section className="card">
          <div className="scrollx" tabIndex={0} role="region" aria-label="Connections">
            <table className="tbl">
              <thead><tr><th scope="col">Connection</th><th scope="col">State</th><th scope="col">Carries out</th><th scope="col">Secrets</th><th scope="col"><span className="vh">Acts</span></th></tr></thead>
              <tbody>
                {all.map((c) => (
                  <tr key={c.id} data-gone={c.enabled ? undefined : ''}>
                    <td>{c.name}<div className="muted">{c.title}</div></td>
                    <td className="constate"><Standing of={c} now={now} /></td>
                    <td className="concarries">{c.actions.length > 0 ? c.actions.map((a) => <span key={a} className="tag">{a}</span>) : <span className="muted">no action; by hand only</span>}</td>
                    <td>{c.secrets.length > 0 ? c.secrets.map((s) => <div key={s} className="nowrap"><span className="mono">{s}</span> <span className="muted">set</span></div>) : <span className="muted">none set</span>}</td>
                    <td>{may ? <div className="row">
                      <button type="button" className="btn" aria-label={`Test ${c.name}`} disabled={tried.isPending} onClick={() => tried.mutate(c)}>{tried.isPending && tried.variables === c ? 'Asking …' : 'Test'}</button>
                      <button type="button" className="btn" aria-label={`Change ${c.name}`} disabled={!kindOf(c)} onClick={() => setChanging(c)}>Change</button>
                      <button type="button" className="btn" aria-label={`Switch ${c.enabled ? 'off' : 'on'} ${c.name}`} disabled={turned.isPending} onClick={() => turned.mutate({ of: c, on: !c.enabled })}>Switch {c.enabled ? 'off' : 'on'}</button>
                      <button type="button" className="btn" aria-label={`Delete ${c.name}`} onClick={() => setLeaving(c)}>Delete</button>
                    </div> : null}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </section>
      ) : null}
      {connectors.data ? <section aria-labelledby="connect-what" className="catalogue"><h3 className="cap" id="connect-what">What can be connected</h3><Catalogue all={kinds} connected={all} first={carries ?? ''} choose={may ? setMaking : undefined} /></section> : null}
      {making === 'choose' ? <Dialog opened close={close} firm title="New connection: which product"><Catalogue all={kinds} connected={all} first={carries ?? ''} choose={setMaking} dialog /></Dialog> : null}
      {form ? (
        <Dialog opened close={close} firm title={changing ? `${form.title}: ${changing.name}` : `New connection: ${form.title}`}>
          <ConnectionForm key={changing?.id ?? form.name} connector={form} before={changing} taken={taken} close={close} back={changing ? undefined : () => setMaking('choose')} done={() => { close(); void again(client); }} />
        </Dialog>
      ) : null}
      {leaving ? (
        <Dialog opened close={() => setLeaving(undefined)} title={`Delete ${leaving.name}`}>
          <div className="form">
            <p>Nothing is carried out over it any more, and its secrets are forgotten. What was done over it stays in the log of actions, and can no longer be taken back by it. To pause it, switch it off instead.</p>
            {drop.isError ? <ProblemBox problem={drop.error} /> : null}
            <div className="row"><button type="button" className="btn" data-danger disabled={drop.isPending} onClick={() => drop.mutate(leaving)}>Delete {leaving.name}</button><button type="button" className="btn" data-autofocus onClick={() => setLeaving(undefined)}>Keep</button></div>
          </div>
        </Dialog>
      ) : null}
    </div>
  );
}

function Standing({ of, now }: { of: Connection; now: number }) {
  const off = of.enabled ? null : <span className="pill c-quiet">off</span>;
  const tested = of.tested_at ? <span title={exact(of.tested_at)}>tested {ago(of.tested_at, now)}</span> : null;
  if (of.state === 'untested') return <div className="row wrap">{off}<span className="pill c-quiet">untested</span></div>;
  if (of.state === 'ok') return <><div className="row wrap">{off}<span className="pill c-ok">ok</span></div><div className="muted">{tested}</div></>;
  return <><div className="row wrap">{off}<span className="pill c-failing">failing</span></div><div>{of.problem}</div><div className="muted">{of.failing_since ? <span title={exact(of.failing_since)}>since {ago(of.failing_since, now)}; </span> : null}{tested}</div></>;
}
