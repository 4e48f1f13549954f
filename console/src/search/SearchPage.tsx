import { useEffect, useMemo, useRef, useState } from 'react';
import { Menu } from '@mantine/core';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Refused, answer, api } from '../api/client';
import { number } from '../ui/format';
import { useKeys } from '../ui/keys';
import { CopyButton, Key, ProblemBox } from '../ui/parts';
import { HistogramPlot } from './HistogramPlot';
import QueryBar, { type QueryBarHandle } from './QueryBar';
import { Results, type ResultsHandle } from './Results';
import { SearchEmpty, Syntax } from './SearchHelp';
import { TimeRange } from './TimeRange';
import { clause, combine } from './clause';
import { span, type HuntSearch } from './range';
import { recent, remember } from './recent';

const route = getRouteApi('/search');
const LIMIT = 200;
const BUCKETS = 96;

export default function SearchPage() {
  const search = route.useSearch();
  const nav = useNavigate({ from: '/search' });
  const [draft, setDraft] = useState(search.q ?? '');
  const [asked, setAsked] = useState(() => Date.now());
  const [syntax, setSyntax] = useState(false);
  const bar = useRef<QueryBarHandle>(null);
  const list = useRef<ResultsHandle>(null);
  const clock = useRef<HTMLButtonElement>(null);
  useEffect(() => setDraft(search.q ?? ''), [search.q]);

  const change = (c: Partial<HuntSearch>, replace = false) => void nav({ search: (p) => ({ ...p, ...c }), replace });
  // One pair of instants for the page, the histogram and every page of rows: nothing shifts while the reader scrolls.
  const range = useMemo(() => span(search, asked), [search.last, search.from, search.to, asked]);
  const body = { query: search.q ?? '', ...range };
  const rows = useInfiniteQuery({
    queryKey: ['events', body],
    queryFn: ({ pageParam, signal }) => answer(api.POST('/v1/events/search', { body: { ...body, limit: LIMIT, ...(pageParam ? { cursor: pageParam } : {}) }, signal })),
    initialPageParam: '',
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    gcTime: 60_000,
  });
  const counts = useQuery({
    queryKey: ['histogram', body],
    queryFn: ({ signal }) => answer(api.POST('/v1/events/histogram', { body: { ...body, buckets: BUCKETS }, signal })),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
  });

  const pages = rows.isError ? undefined : rows.data?.pages;
  const events = useMemo(() => pages?.flatMap((p) => p.events) ?? [], [pages]);
  const fields = useMemo(() => new Set(events.slice(0, 200).flatMap((e) => Object.keys(e.fields))), [events]);
  const queryWrong = rows.error instanceof Refused && rows.error.status === 400 ? rows.error : undefined;

  const run = (q: string) => {
    remember(q);
    setAsked(Date.now());
    change({ q: q.trim() || undefined, event: undefined, tab: undefined });
    list.current?.top();
  };
  const narrow = (field: string, value: string, include: boolean) => run(combine(search.q ?? '', clause(field, value, include)));
  const open = (id: string | undefined) => change({ event: id, ...(id ? {} : { tab: undefined }) }, true);
  const at = events.findIndex((e) => e.id === search.event);
  const [cursor, setCursor] = useState(-1);
  const move = (d: number) => {
    const next = Math.max(0, Math.min(events.length - 1, cursor + d));
    setCursor(next);
    list.current?.reveal(next);
  };
  useEffect(() => { if (at >= 0) setCursor(at); }, [at]);
  useEffect(() => setCursor(-1), [rows.data?.pages[0]]);

  useKeys([
    { keys: ['j', 'ArrowDown'], label: 'Next event', group: 'Move', run: () => move(1) },
    { keys: ['k', 'ArrowUp'], label: 'Previous event', group: 'Move', run: () => move(-1) },
    { keys: ['g g', 'Home'], label: 'First event', group: 'Move', run: () => move(-events.length) },
    { keys: ['o', 'Enter'], label: 'Open or close the event', group: 'Event', run: () => { const e = events[cursor]; if (e) open(e.id === search.event ? undefined : e.id); } },
    { keys: ['Escape'], label: 'Close the event', group: 'Event', run: () => open(undefined) },
    { keys: ['/'], label: 'To the query', group: 'Query', run: () => bar.current?.focus() },
    { keys: ['t'], label: 'Time range', group: 'Query', run: () => clock.current?.click() },
    { keys: ['r'], label: 'Run again', group: 'Query', run: () => run(draft) },
    { keys: ['s'], label: 'How to write a query', group: 'Query', run: () => setSyntax(!syntax) },
  ]);

  const first = pages?.[0];
  const scanned = pages?.reduce((n, p) => n + p.scanned, 0) ?? 0;
  return (
    <div className="search">
      <header className="shead">
        <h1 className="vh">Search events</h1>
        <div className="ask-row">
          <QueryBar ref={bar} value={draft} wrongAt={column(queryWrong)} fields={fields} onRun={run} onEdit={setDraft} />
          <RecentMenu run={run} />
          <TimeRange button={clock} search={search} onChange={(c) => { setAsked(Date.now()); change({ ...c, event: undefined }); }} />
          <button type="button" className="btn" data-primary onClick={() => run(draft)}>Run <Key k="Enter" /></button>
        </div>
        <div id="query-wrong" className="wrong" role="status" hidden={!queryWrong}>{queryWrong ? explain(queryWrong) : ''}</div>
        {counts.data && !queryWrong ? <HistogramPlot data={counts.data} onRange={(from, to) => { setAsked(Date.now()); change({ from, to, last: undefined, event: undefined }); }} /> : queryWrong ? null : <div className="histo" />}
        <div className="meta">
          {counts.data && !queryWrong ? <span data-testid="found"><strong>{number(counts.data.total)}</strong> {counts.data.total === 1 ? 'event' : 'events'}{counts.data.partial ? ' so far' : ''}</span> : null}
          {first && !queryWrong ? <span title={`${number(scanned)} events looked at for the rows`}>in {took(first.took_ms)}</span> : null}
          {pages?.some((p) => p.partial) ? <span className="pill c-quiet" title="The time limit came before the end. Narrow the time range to see everything.">incomplete: the time limit came first</span> : null}
          {rows.isFetching ? <span role="status">Searching…</span> : null}
          <span style={{ marginLeft: 'auto' }} />
          <button type="button" className="plain" aria-expanded={syntax} onClick={() => setSyntax(!syntax)}>How to write a query</button>
          <CopyButton text={shareable(range, search)} label="Copy a link to this search">Link</CopyButton>
        </div>
        {syntax ? <Syntax run={run} /> : null}
      </header>
      {rows.isError && !queryWrong ? <div className="empty"><ProblemBox problem={rows.error} retry={() => void rows.refetch()} /></div> : null}
      {queryWrong ? <div className="empty"><h2>The query cannot be read</h2><p className="muted">What is wrong is underlined. Queries look like these; click one to run it.</p><Syntax run={run} /></div> : null}
      {!rows.isError && first && events.length === 0 ? <SearchEmpty search={search} run={run} widen={(last) => { setAsked(Date.now()); change({ last, from: undefined, to: undefined }); }} /> : null}
      {!rows.isError && events.length > 0 ? <Results ref={list} events={events} open={search.event} cursor={cursor} tab={search.tab ?? 'fields'} onTab={(t) => change({ tab: t === 'fields' ? undefined : t }, true)} onOpen={open} more={rows.hasNextPage} ensure={() => { if (!rows.isFetchingNextPage) void rows.fetchNextPage(); }} narrow={narrow} /> : null}
    </div>
  );
}

function RecentMenu({ run }: { run: (q: string) => void }) {
  const [kept, setKept] = useState<string[]>([]);
  return (
    <Menu position="bottom-end" shadow="md" width={480} onOpen={() => setKept(recent())}>
      <Menu.Target><button type="button" className="btn">Recent</button></Menu.Target>
      <Menu.Dropdown>
        {kept.length === 0 ? <Menu.Label>Queries that you run are kept here, in this browser.</Menu.Label> : null}
        {kept.map((q) => <Menu.Item key={q} className="mono" onClick={() => run(q)}>{q}</Menu.Item>)}
      </Menu.Dropdown>
    </Menu>
  );
}

const took = (ms: number) => (ms < 1000 ? `${Math.max(1, Math.round(ms))} ms` : `${(ms / 1000).toFixed(1)} s`);

/** The column that the server names, the first character being 1. */
function column(p: Refused | undefined): number | undefined {
  const at = p?.errors.map((e) => /^query:(\d+)$/.exec(e.where)).find((m) => m);
  return at ? Number(at[1]) : undefined;
}

function explain(p: Refused): string {
  const said = p.errors.map((e) => (/^query:\d+$/.test(e.where) ? `Column ${e.where.slice(6)}: ${e.reason}` : `${e.where}: ${e.reason}`));
  return said.length > 0 ? said.join('\n') : p.message;
}

/** A link that means the same tomorrow: with the instants and not with a length back from now. */
function shareable(range: { from: string; to: string }, s: HuntSearch): string {
  const u = new URLSearchParams({ ...(s.q ? { q: s.q } : {}), ...range, ...(s.event ? { event: s.event } : {}) });
  return `${window.location.origin}/search?${u.toString()}`;
}
