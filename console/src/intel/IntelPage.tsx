import { useEffect, useRef, useState, type FormEvent } from 'react';
import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, getRouteApi, useNavigate } from '@tanstack/react-router';
import { near } from '../search/range';
import { useMay } from '../session/session';
import { Dialog } from '../ui/Dialog';
import { Waiting } from '../ui/EventView';
import { ago, exact, number, when } from '../ui/format';
import { useKeys } from '../ui/keys';
import { Key, ProblemBox } from '../ui/parts';
import { failed, said } from '../ui/toast';
import { again, indicators, one, past, put, revoke, type Content, type Indicator } from './intel';
import { FeedsDialog } from './FeedsDialog';
import { ImportDialog } from './ImportDialog';
import { Known } from './Known';
import type { IntelSearch } from './search';

const route = getRouteApi('/intel');
const TONE: Record<Indicator['state'], string> = { active: 'c-ok', waiting: 'c-low', warned: 'c-medium', expired: 'c-quiet', revoked: 'c-quiet' };
const STATES: readonly (readonly [IntelSearch['state'], string])[] = [[undefined, 'All'], ['active', 'Active'], ['seen', 'Seen'], ['warned', 'Warned'], ['expired', 'Expired']];

/** What is looked for in every event, where it was seen, and what is known of a value. */
export default function IntelPage() {
  const search = route.useSearch();
  const nav = useNavigate({ from: '/intel' });
  const client = useQueryClient();
  const may = useMay('intel:write');
  const list = useInfiniteQuery(indicators(search));
  const all = list.data?.pages.flatMap((p) => p.indicators) ?? [];
  const total = list.data?.pages[0]?.total;
  const id = search.indicator ?? (search.value ? undefined : all[0]?.id);
  const [making, setMaking] = useState(false);
  const [bringing, setBringing] = useState(false);
  const [feeds, setFeeds] = useState(false);
  const words = useRef<HTMLInputElement>(null);
  const change = (c: Partial<IntelSearch>) => void nav({ search: (p) => ({ ...p, ...c }), replace: true });
  const open = (indicator: string) => change({ indicator, value: undefined });
  const move = (d: number) => {
    const i = all.findIndex((x) => x.id === id);
    const next = all[i < 0 ? 0 : Math.max(0, Math.min(all.length - 1, i + d))];
    if (next) open(next.id);
  };
  const turn = async (i: Indicator, revoked: boolean) => {
    try {
      const now = await revoke(i, revoked);
      said(revoked ? `${i.value} is not looked for any more` : `${i.value} is looked for again`, () => void turn(now, !revoked));
    } catch (e) {
      failed('It stays as it was', e instanceof Error ? e.message : String(e));
    }
    await again(client, i.id);
  };
  const current = useQuery({ ...one(id ?? ''), enabled: id !== undefined });
  useKeys([
    { keys: ['j', 'ArrowDown'], label: 'Next', group: 'Move', run: () => move(1) },
    { keys: ['k', 'ArrowUp'], label: 'Previous', group: 'Move', run: () => move(-1) },
    { keys: ['/'], label: 'What is known of a value', group: 'Intelligence', run: () => words.current?.focus() },
    { keys: ['f'], label: 'Feeds that are fetched', group: 'Intelligence', run: () => setFeeds(true) },
    ...(may ? [
      { keys: ['i'], label: 'Bring a feed in', group: 'Intelligence', run: () => setBringing(true) },
      { keys: ['c'], label: 'List an indicator', group: 'Intelligence', run: () => setMaking(true) },
      { keys: ['d'], label: 'Revoke it, or not', group: 'Intelligence', run: () => { if (current.data) void turn(current.data, !(current.data.state === 'revoked')); } },
    ] : []),
  ]);
  const ask = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const value = String(new FormData(e.currentTarget).get('value')).trim();
    if (value) void nav({ search: (p) => ({ ...p, value, indicator: undefined }) });
    words.current?.blur();
  };
  return (
    <div className="hunts">
      <aside className="hside" aria-label="Indicators">
        <header><h1>Intelligence</h1><span className="muted">{total === undefined ? '' : number(total)}</span><span className="grow1" />{may ? <button type="button" className="btn" onClick={() => setMaking(true)}>List <Key k="c" /></button> : null}</header>
        <form className="pad" onSubmit={ask}><label className="form"><span>What is known of <Key k="/" /></span><input ref={words} key={search.value} className="input mono" name="value" maxLength={2048} autoComplete="off" spellCheck={false} defaultValue={search.value} placeholder="203.0.113.9, bad[.]example, a hash…" /></label></form>
        <div className="pad"><div className="seg" role="group" aria-label="Which">{STATES.map(([state, label]) => <button key={label} type="button" aria-pressed={search.state === state} onClick={() => change({ state, indicator: undefined })}>{label}</button>)}</div></div>
        <div className="pad row wrap">{may ? <button type="button" className="btn" onClick={() => setBringing(true)}>Bring a feed in… <Key k="i" /></button> : null}<button type="button" className="btn" onClick={() => setFeeds(true)}>Feeds <Key k="f" /></button></div>
        {list.isError ? <div className="pad"><ProblemBox problem={list.error} retry={() => void list.refetch()} /></div> : null}
        {list.isPending ? <div className="pad"><Waiting /></div> : null}
        <ul className="hlist" aria-label="Listed indicators">
          {all.map((i) => (
            <li key={i.id}>
              <button type="button" aria-current={i.id === id || undefined} onClick={() => open(i.id)}>
                <span className="ht mono" title={i.value}>{i.value}</span>
                <span className="hm muted"><span className={`pill ${TONE[i.state]}`}>{i.state}</span>{i.type}, {i.confidence}<span className="grow1" />{i.sightings > 0 ? `seen ${number(i.sightings)} ×` : i.source}</span>
              </button>
            </li>
          ))}
        </ul>
        {list.hasNextPage ? <div className="pad"><button type="button" className="btn" onClick={() => void list.fetchNextPage()}>More</button></div> : null}
      </aside>
      <div className="hmain" tabIndex={0} role="region" aria-label="Indicator">
        {search.value ? <Known value={search.value} list={may ? () => setMaking(true) : undefined} /> : null}
        {!search.value && list.data && all.length === 0 ? <div className="empty"><h2>{search.state ? 'None of these' : 'Nothing is listed yet'}</h2><p className="muted">List an address, a network, a name, a hash, a link or a mailbox: every event is looked at from then on, and the last 30 days at once.</p><p className="muted">Whole feeds come in from a file or the clipboard (CSV, a list, STIX), or are fetched from an address again and again. For a first one that costs nothing, take a list that your national CERT publishes.</p>{may ? <div className="row"><button type="button" className="btn" onClick={() => setMaking(true)}>List one</button><button type="button" className="btn" onClick={() => setBringing(true)}>Bring a feed in</button><button type="button" className="btn" onClick={() => setFeeds(true)}>Have one fetched</button></div> : null}</div> : null}
        {!search.value && current.isError ? <div className="pad"><ProblemBox problem={current.error} /></div> : null}
        {!search.value && current.data ? <Detail key={current.data.id} of={current.data} turn={may ? turn : undefined} /> : null}
      </div>
      <ImportDialog opened={bringing} close={() => setBringing(false)} done={() => void again(client)} />
      {feeds ? <FeedsDialog may={may} close={() => setFeeds(false)} /> : null}
      <NewIndicator opened={making} value={search.value} close={() => setMaking(false)} saved={(i) => { void again(client, i.id); open(i.id); }} />
    </div>
  );
}

function Detail({ of, turn }: { of: Indicator & { newest: { event_id: string; time: string; field: string; value: string }[] }; turn?: (i: Indicator, revoked: boolean) => Promise<void> }) {
  const before = useQuery(past(of.id));
  return (
    <>
      <header className="dhead">
        <div className="row wrap">
          <h2 className="grow1 mono">{of.value}</h2>
          <span className={`pill ${TONE[of.state]}`}>{of.state}</span>
          <Link to="/intel" search={{ value: of.value }} className="btn">What is known</Link>
          {turn ? <button type="button" className="btn" onClick={() => void turn(of, of.state !== 'revoked')}>{of.state === 'revoked' ? 'Look for it again' : 'Revoke'} <Key k="d" /></button> : null}
        </div>
        {of.warning ? <p className="muted">Not looked for: it is on the warning list “{of.warning}”.</p> : null}
        <dl className="kv">
          <dt>Type</dt><dd>{of.type}</dd>
          <dt>Confidence</dt><dd>{of.confidence} of 100</dd>
          <dt>TLP</dt><dd>{of.tlp}</dd>
          <dt>Source</dt><dd>{of.source}{of.description ? `: ${of.description}` : ''}</dd>
          {of.tags.length > 0 ? <><dt>Tags</dt><dd>{of.tags.join(', ')}</dd></> : null}
          <dt>Holds</dt><dd>from {exact(of.valid_from)}{of.valid_until ? ` to ${exact(of.valid_until)}` : ', without an end'}</dd>
          <dt>Listed by</dt><dd>{of.created_by}, {when(of.created_at)}</dd>
          <dt>Seen since</dt><dd>{number(of.sightings)} {of.sightings === 1 ? 'event' : 'events'}{of.last_seen ? `, the last ${ago(of.last_seen, Date.now())}` : ''}</dd>
        </dl>
      </header>
      <section className="pad">
        <h3 className="cap">The last 30 days</h3>
        {before.isPending ? <Waiting /> : before.isError ? <ProblemBox problem={before.error} retry={() => void before.refetch()} /> : <>
          <p className="muted">{before.data.events === 0 ? 'It was in no event.' : `In ${number(before.data.events)} ${before.data.events === 1 ? 'event' : 'events'}${before.data.partial ? ' at least' : ''}.`}</p>
          <ul className="hist" aria-label="Where it was seen">{before.data.newest.slice(0, 50).map((s) => <li key={s.event_id + s.field} className="row"><span className="mono muted">{exact(s.time)}</span><span className="mono">{s.field}</span><span className="grow1 mono">{s.value}</span><Link to="/search" search={{ event: s.event_id, ...near(s.time) }}>its event</Link></li>)}</ul>
        </>}
      </section>
    </>
  );
}

function NewIndicator({ opened, value, close, saved }: { opened: boolean; value: string | undefined; close: () => void; saved: (i: Indicator) => void }) {
  const save = useMutation({ mutationFn: (body: Content) => put(body), onSuccess: (i) => { close(); said(i.warning ? `Listed, but not looked for: it is on the warning list “${i.warning}”` : 'Every event is looked at for it from now on'); saved(i); } });
  const reset = save.reset;
  useEffect(() => { if (opened) reset(); }, [opened, reset]);
  const submit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault();
    const f = new FormData(e.currentTarget);
    const days = Number(f.get('days'));
    save.mutate({ value: String(f.get('value')).trim(), confidence: Number(f.get('confidence')), tlp: String(f.get('tlp')) as Content['tlp'], source: String(f.get('source')).trim() || undefined, description: String(f.get('description')).trim(), valid_until: days > 0 ? new Date(Date.now() + days * 86_400_000).toISOString() : undefined, despite_warning: f.get('despite') === 'on' });
  };
  return (
    <Dialog opened={opened} close={close} firm title="List an indicator">
      <form className="form" onSubmit={submit}>
        <label><span>Value <span className="muted">(address, network, name, hash, link or mailbox)</span></span><input className="input mono" name="value" required maxLength={2048} autoComplete="off" spellCheck={false} defaultValue={value} data-autofocus placeholder="hxxp://bad[.]example/a" /></label>
        <div className="two">
          <label>Confidence, 0 to 100<input className="input" name="confidence" type="number" min={0} max={100} required defaultValue={75} /></label>
          <label>TLP<select className="input" name="tlp" defaultValue="amber">{['clear', 'green', 'amber', 'amber+strict', 'red'].map((t) => <option key={t}>{t}</option>)}</select></label>
        </div>
        <div className="two">
          <label>Source<input className="input" name="source" maxLength={200} autoComplete="off" placeholder="analyst" /></label>
          <label>For<select className="input" name="days" defaultValue={90}><option value={7}>a week</option><option value={30}>30 days</option><option value={90}>90 days</option><option value={365}>a year</option><option value={0}>ever</option></select></label>
        </div>
        <label>What it is<input className="input" name="description" maxLength={2000} autoComplete="off" /></label>
        <label className="check"><input type="checkbox" name="despite" />Look for it although it is on a warning list</label>
        {save.isError ? <ProblemBox problem={save.error} /> : null}
        <div className="row"><button type="submit" className="btn" data-primary disabled={save.isPending}>List it</button><button type="button" className="btn" onClick={close}>Leave it</button></div>
      </form>
    </Dialog>
  );
}
