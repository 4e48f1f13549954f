import './risk.css';
import { useState } from 'react';
import { useInfiniteQuery } from '@tanstack/react-query';
import { Link, getRouteApi, useNavigate } from '@tanstack/react-router';
import { ICON } from '../alerts/entity';
import { Waiting } from '../ui/EventView';
import { compact, number, shortHost } from '../ui/format';
import { useKeys } from '../ui/keys';
import { Key, ProblemBox, TabRow } from '../ui/parts';
import { BANDS, BEARERS, type RiskSearch } from './address';
import { ContextPanel } from './ContextPanel';
import { change, page, toggle, type RiskedEntity } from './risk';
import { Score, Spark } from './parts';

const route = getRouteApi('/risk');
const EVERY_MS = 30_000;

const TABS = [{ value: 'entities', label: 'Entities' }, { value: 'known', label: 'What is known' }] as const;

/** Whom to look at first; and what is known of them that makes alerts about them weigh more or less. */
export default function RiskPage() {
  const search = route.useSearch();
  const nav = useNavigate({ from: '/risk' });
  const tab = search.tab ?? 'entities';
  return (
    <div className="page" tabIndex={0} role="region" aria-label="Risk">
      <div className="pagehead"><h1>Risk</h1><TabRow label="Risk" choices={TABS} value={tab} onChange={(t) => void nav({ search: t === 'known' ? { tab: t } : {} })} panel="risk-panel" /></div>
      <div id="risk-panel" role="tabpanel" aria-label={tab === 'known' ? 'What is known' : 'Entities'}>{tab === 'known' ? <ContextPanel /> : <Queue />}</div>
    </div>
  );
}

/** Hosts, users and others by how much speaks against them now. */
function Queue() {
  const search = route.useSearch();
  const nav = useNavigate({ from: '/risk' });
  const pages = useInfiniteQuery({ queryKey: ['risk', search.type, search.band], queryFn: ({ pageParam, signal }) => page(search, pageParam, signal), initialPageParam: undefined as string | undefined, getNextPageParam: (p) => p.next ?? undefined, refetchInterval: EVERY_MS });
  const first = pages.data?.pages[0];
  const rows = pages.data?.pages.flatMap((p) => p.entities) ?? [];
  const [cursor, setCursor] = useState(0);
  const at = Math.min(cursor, rows.length - 1);
  const narrow = (next: RiskSearch) => { setCursor(0); void nav({ search: { ...search, ...next }, replace: true }); };
  const open = (e: RiskedEntity | undefined) => { if (e) void nav({ to: '/entities/$type/$value', params: { type: e.type, value: e.value } }); };
  const move = (d: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, at + d));
    setCursor(next);
    document.querySelector(`.risktable tbody tr:nth-child(${next + 1})`)?.scrollIntoView({ block: 'nearest' });
    if (next > rows.length - 5 && pages.hasNextPage && !pages.isFetchingNextPage) void pages.fetchNextPage();
  };
  useKeys([
    { keys: ['j', 'ArrowDown'], label: 'Next', group: 'Move', run: () => move(1) },
    { keys: ['k', 'ArrowUp'], label: 'Previous', group: 'Move', run: () => move(-1) },
    { keys: ['o', 'Enter'], label: 'Open the entity', group: 'Move', run: () => open(rows[at]) },
    ...BANDS.map((b, i) => ({ keys: [String(i + 1)], label: `Only ${b}`, group: 'Filter', run: () => narrow({ band: toggle(search.band, b) }) })),
    { keys: ['0'], label: 'All filters off', group: 'Filter', run: () => narrow({ band: undefined, type: undefined }) },
  ]);
  const chosen = (of: string | undefined, x: string) => (of ?? '').split(',').includes(x);
  return (
    <>
      <div className="pagehead">
        <span className="muted" aria-live="polite">{first ? number(first.total) : ''}</span>
        <div className="row wrap" role="group" aria-label="Band">{BANDS.map((b, i) => <button key={b} type="button" className={`chip c-${b}`} aria-pressed={chosen(search.band, b)} title={`Only ${b} (${i + 1})`} onClick={() => narrow({ band: toggle(search.band, b) })}><span className="dot" />{b}<span className="n">{first ? compact(first.bands[b] ?? 0) : ''}</span></button>)}</div>
        <div className="row wrap" role="group" aria-label="Type">{BEARERS.map((t) => <button key={t} type="button" className="chip" aria-pressed={chosen(search.type, t)} onClick={() => narrow({ type: toggle(search.type, t) })}>{t}</button>)}</div>
      </div>
      {pages.isError ? <ProblemBox problem={pages.error} retry={() => void pages.refetch()} /> : null}
      {pages.isPending ? <Waiting /> : null}
      {first && rows.length === 0 ? <Nobody filtered={Boolean(search.band ?? search.type)} off={() => narrow({ band: undefined, type: undefined })} /> : null}
      {rows.length > 0 ? <section className="card" aria-label="Entities"><div className="scrollx"><table className="tbl risktable">
        <thead><tr><th scope="col">Entity</th><th scope="col">Score</th><th scope="col">A day</th><th scope="col" className="num">In 4 h</th><th scope="col" className="num">Alerts</th><th scope="col">Most of it by</th></tr></thead>
        <tbody>{rows.map((e, i) => <Row key={e.type + e.value} e={e} current={i === at} open={() => open(e)} />)}</tbody>
      </table></div></section> : null}
      {pages.hasNextPage ? <p style={{ marginTop: 10 }}><button type="button" className="btn" disabled={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>More</button></p> : null}
    </>
  );
}

function Row({ e, current, open }: { e: RiskedEntity; current: boolean; open: () => void }) {
  const Icon = ICON[e.type];
  const by = change(e.trend);
  return (
    <tr aria-current={current || undefined} onClick={open}>
      <td><div className="whofor"><Icon size={15} aria-hidden /><span className="muted">{e.type}</span><Link to="/entities/$type/$value" params={{ type: e.type, value: e.value }} className="mono" title={e.value} onClick={(x) => x.stopPropagation()}>{e.type === 'host' ? shortHost(e.value) : e.value}</Link></div></td>
      <td><Score score={e.score} band={e.band} /></td>
      <td><Spark trend={e.trend} band={e.band} /></td>
      <td className={`num mono ${by > 0 ? 'up' : by < 0 ? 'down' : ''}`}>{by > 0 ? `+${by}` : by < 0 ? `−${-by}` : '0'}</td>
      <td className="num mono">{number(e.alerts)}</td>
      <td className="said">{e.contributors.map((c) => <div key={c.alert_id} className="row"><span className="mono muted">{c.counted.toFixed(2)}</span><span>{c.title}</span></div>)}</td>
    </tr>
  );
}

function Nobody({ filtered, off }: { filtered: boolean; off: () => void }) {
  if (filtered) return <div className="empty"><h2>Nobody here now</h2><p className="muted">No entity fits these filters.</p><button type="button" className="btn" onClick={off}>All filters off <Key k="0" /></button></div>;
  return <div className="empty"><h2>Nothing speaks against anybody now</h2><p className="muted">Each alert gives every host, user and address that it names points by its severity: 40, 20, 8, 3 or 1. They halve every four hours and are gone after a day; a rule that fires over and over counts less each time. Whoever has most stands on top here, and at a score of 80 is worth a case.</p><Link className="btn" to="/alerts" search={{}}>Go to the alerts <Key k="g a" /></Link></div>;
}
