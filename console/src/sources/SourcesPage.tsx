import { useState } from 'react';
import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { answer, api, type Schemas, type Source } from '../api/client';
import { useMay } from '../session/session';
import { Waiting } from '../ui/EventView';
import { ago, bytes, compact, exact, logSource, number } from '../ui/format';
import { PlusIcon } from '../ui/icons';
import { useKeys } from '../ui/keys';
import { Key, ProblemBox } from '../ui/parts';
import { ConnectSource } from './ConnectSource';
import { DeadLetters } from './DeadLetters';
import { FirstEvent } from './FirstEvent';
import { Tokens } from './Tokens';

const route = getRouteApi('/sources');
const REFRESH_MS = 5000;

export default function SourcesPage() {
  const asked = route.useSearch();
  const nav = useNavigate({ from: '/sources' });
  const may = useMay('tokens:write');
  const seesTokens = useMay('tokens:read');
  const sources = useQuery({ queryKey: ['sources'], queryFn: ({ signal }) => answer(api.GET('/v1/sources', { signal })), refetchInterval: REFRESH_MS });
  const [connecting, setConnecting] = useState(false);
  const show = (on: boolean) => {
    setConnecting(on);
    if (!on && asked.new) void nav({ search: {}, replace: true });
  };
  useKeys([
    ...(may ? [{ keys: ['n'], label: 'Connect a source', group: 'Sources', run: () => show(true) }] : []),
    { keys: ['r'], label: 'Ask again now', group: 'Sources', run: () => void sources.refetch() },
  ]);
  const d = sources.data;
  return (
    <div className="page" tabIndex={0} role="region" aria-label="Sources">
      <div className="pagehead">
        <h1>Sources</h1>
        {d ? <span className="muted">{new Set(d.sources.map((s) => s.origin)).size}</span> : null}
        <span className="grow1" />
        {may && d && d.sources.length > 0 ? <button type="button" className="btn" onClick={() => show(true)}><PlusIcon size={15} />Connect a source <Key k="n" /></button> : null}
      </div>
      {sources.isError ? <ProblemBox problem={sources.error} retry={() => void sources.refetch()} /> : null}
      {sources.isPending ? <Waiting /> : null}
      {d ? <Ledger d={d} /> : null}
      {d && d.sources.length > 0 ? <Table sources={d.sources} now={sources.dataUpdatedAt} /> : null}
      {d && d.sources.length === 0 ? <FirstEvent connect={may ? () => show(true) : undefined} /> : null}
      {d ? <DeadLetters total={d.ledger.dead} /> : null}
      {seesTokens ? <Tokens may={may} made={asked.new === 'token'} making={(on) => void nav({ search: on ? { new: 'token' } : {}, replace: true })} /> : null}
      <ConnectSource opened={connecting || (asked.new === 'source' && may)} close={() => show(false)} />
    </div>
  );
}

/** Nothing is lost without a word: what came in is what was kept, recognised as double, refused or is still on its way. */
function Ledger({ d }: { d: Schemas['Sources'] }) {
  const l = d.ledger;
  const off = l.received - l.stored - l.deduplicated - l.dead - l.pending;
  const sum = (n: number, what: string, sign: string) => [<i key={`${what}s`} aria-hidden="true">{sign}</i>, <div key={what}><b>{number(n)}</b><span>{what}</span></div>];
  return (
    <section className="card" aria-labelledby="ledger">
      <header><h2 id="ledger">Where every record went</h2><span className="grow1" />{off === 0 ? <span className="pill c-ok">adds up</span> : <span className="pill c-failing">{number(Math.abs(off))} {off > 0 ? 'missing' : 'too many'}</span>}</header>
      <div className="ledger">
        <div><b>{number(l.received)}</b><span>received</span></div>
        {sum(l.stored, 'stored', '=')}{sum(l.deduplicated, 'seen before', '+')}{sum(l.dead, 'could not be read', '+')}{sum(l.pending, 'on their way', '+')}
        {d.rules ? <div style={{ marginLeft: 'auto' }}><b>{number(d.rules.loaded)}</b><span>rules watch{d.rules.refused > 0 ? <strong className="tone c-failing">; {number(d.rules.refused)} refused</strong> : '; none refused'}</span></div> : null}
      </div>
    </section>
  );
}

const STATE: Record<Source['state'], string> = { ok: 'receiving', quiet: 'quiet', failing: 'failing' };
const ORDER: Record<Source['state'], number> = { failing: 0, quiet: 1, ok: 2 };

function Table({ sources, now }: { sources: readonly Source[]; now: number }) {
  const sorted = sources.toSorted((a, b) => ORDER[a.state] - ORDER[b.state] || (a.origin < b.origin ? -1 : 1));
  return (
    <section className="card" aria-labelledby="sources">
      <header><h2 id="sources">What arrives</h2></header>
      <div className="scrollx" tabIndex={0} role="region" aria-label="Table of sources">
        <table className="tbl">
          <thead><tr><th scope="col">State</th><th scope="col">Source</th><th scope="col">Format</th><th scope="col" className="num">Per minute</th><th scope="col" className="num">Received</th><th scope="col" className="num">Stored</th><th scope="col" className="num">Seen before</th><th scope="col" className="num">Unreadable</th><th scope="col" className="num">Size</th><th scope="col">Last record</th></tr></thead>
          <tbody>{sorted.map((s) => <Row key={`${s.origin}/${s.format}`} s={s} now={now} />)}</tbody>
        </table>
      </div>
    </section>
  );
}

function Row({ s, now }: { s: Source; now: number }) {
  return (
    <tr data-origin={s.origin}>
      <td className="nowrap"><span className={`pill c-${s.state}`} title={s.state === 'quiet' ? 'Nothing came for ten minutes' : s.state === 'failing' ? 'In the last minute some records could not be read' : ''}>{STATE[s.state]}</span></td>
      <td className="said">
        <strong>{s.origin}</strong>
        {s.log_sources?.length ? <div className="muted small">{s.log_sources.map(logSource).join(', ')}</div> : null}
        {s.last_error ? <div className="small"><span className="muted">Last problem:</span> <span className="wrong">{s.last_error}</span></div> : null}
      </td>
      <td className="mono">{s.format}</td>
      <td className="num mono">{s.events_per_minute === undefined ? '' : compact(Math.round(s.events_per_minute))}</td>
      <td className="num mono">{number(s.received)}</td><td className="num mono">{number(s.stored)}</td><td className="num mono">{number(s.deduplicated)}</td>
      <td className="num mono">{s.dead > 0 ? <a href="#dead-letters" aria-label={`${number(s.dead)} could not be read; show them`}>{number(s.dead)}</a> : 0}</td>
      <td className="num mono nowrap">{bytes(s.bytes)}</td>
      <td className="nowrap" title={exact(s.last_received_at)}>{ago(s.last_received_at, now)}</td>
    </tr>
  );
}
