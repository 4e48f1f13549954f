import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { keepPreviousData, useQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Refused, answer, api } from '../api/client';
import { ruleText } from '../rules/query';
import { useKeys } from '../ui/keys';
import { Key, ProblemBox } from '../ui/parts';
import { failed } from '../ui/toast';
import { FieldPane } from './FieldPane';
import { HistogramPlot } from './HistogramPlot';
import QueryBar, { type Complete, type QueryBarHandle } from './QueryBar';
import { RecentMenu } from './RecentMenu';
import { Results, type ResultsHandle } from './Results';
import { RuleNote } from './RuleNote';
import { RunLine } from './RunLine';
import { SearchEmpty, Syntax } from './SearchHelp';
import { TableResult, type View } from './TableResult';
import { SavedBits } from '../saved/SavedBits';
import { TimeRange } from './TimeRange';
import { WideAsk } from './WideAsk';
import { clause, combine, fieldName } from './clause';
import { explain, wrongPlace } from './mistake';
import { filterOf, withFilter } from './pipe';
import { span, type HuntSearch } from './range';
import { useHistory } from './useHistory';
import { LIMITS, keyOf, useRun } from './useRun';

const route = getRouteApi('/search');
const BUCKETS = 96;
const NONE: readonly string[] = [];

export default function SearchPage() {
  const search = route.useSearch();
  const nav = useNavigate({ from: '/search' });
  const client = useQueryClient();
  const [draft, setDraft] = useState(search.q ?? '');
  const [asked, setAsked] = useState(() => Date.now());
  const [syntax, setSyntax] = useState(false);
  const [agreed, setAgreed] = useState('');
  const bar = useRef<QueryBarHandle>(null);
  const list = useRef<ResultsHandle>(null);
  const clock = useRef<HTMLButtonElement>(null);
  const past = useHistory();
  useEffect(() => setDraft(search.q ?? ''), [search.q]);

  const change = (c: Partial<HuntSearch>, replace = false) => void nav({ search: (p) => ({ ...p, ...c }), replace });
  // One pair of instants for the rows, the histogram and the fields: nothing shifts while the reader scrolls.
  const range = useMemo(() => span(search, asked), [search.last, search.from, search.to, asked]);
  const query = search.q ?? '';
  const { rule } = search;
  const body = useMemo(() => ({ query, ...range, ...(rule ? { rule } : {}) }), [query, range, rule]);
  const filtered = useMemo(() => ({ ...body, query: filterOf(query) }), [body]);
  const cost = useQuery({ queryKey: ['estimate', body], queryFn: ({ signal }) => answer(api.POST('/v1/events/estimate', { body: { ...body, ...LIMITS, remember: false }, signal })), staleTime: Infinity, gcTime: 60_000 });
  const key = keyOf(body);
  const wide = cost.data?.wide === true && agreed !== key;
  const { run, more, stop } = useRun(body, !wide && (cost.isSuccess || cost.isError));
  const mistake = run.error instanceof Refused && run.error.status === 400 ? run.error : undefined;
  // The first rows come before everything else: counts and fields would take the processor from them.
  const own = run.of === key;
  const ended = own && !run.running && (run.end !== undefined || run.stopped || run.error !== undefined);
  const seen = ended || (own && run.begun && run.events.length > 0);
  useEffect(() => { if (ended) past.again(); }, [ended, key]);
  const counts = useQuery({
    queryKey: ['histogram', filtered],
    queryFn: ({ signal }) => answer(api.POST('/v1/events/histogram', { body: { ...filtered, buckets: BUCKETS }, signal })),
    placeholderData: keepPreviousData,
    staleTime: Infinity,
    enabled: !wide && seen,
  });

  const ask = (q: string) => {
    setAsked(Date.now());
    change({ q: q.trim() || undefined, event: undefined, tab: undefined });
    list.current?.top();
  };
  const narrow = (field: string, value: string, include: boolean) => ask(withFilter(query, combine(filterOf(query), clause(field, value, include))));
  const count = (field: string) => ask(`${filterOf(query) || '*'} | stats count by ${fieldName(field)} | sort -count`);
  const ranged = (c: Partial<HuntSearch>) => {
    setAsked(Date.now());
    change({ ...c, event: undefined });
  };
  const show = (c: HuntSearch) => {
    setAsked(Date.now());
    change({ of: undefined, event: undefined, ...c });
  };
  const exactly = (id: string | undefined) => change({ rule: id, of: undefined, q: id ? undefined : search.q, event: undefined });
  const asText = async (id: string) => {
    try {
      const text = await client.fetchQuery(ruleText(id));
      setAsked(Date.now());
      change({ q: text.query || undefined, of: id, rule: undefined, event: undefined });
    } catch (e) {
      failed('No text of it', e instanceof Error ? e.message : String(e));
    }
  };
  const around = async (id: string) => {
    try {
      const found = await answer(api.GET('/v1/events/{id}/surrounding', { params: { path: { id } } }));
      change({ q: found.query || undefined, from: found.from, to: found.to, last: undefined, event: id });
    } catch (e) {
      failed('The surrounding events cannot be shown', e instanceof Error ? e.message : String(e));
    }
  };
  const complete = useCallback<Complete>((text, position, signal) => answer(api.POST('/v1/events/complete', { body: { query: text, position, ...range, limit: 30 }, signal })), [range]);

  const { events } = run;
  const open = (id: string | undefined) => change({ event: id, ...(id ? {} : { tab: undefined }) }, true);
  const at = events.findIndex((e) => e.id === search.event);
  const [cursor, setCursor] = useState(-1);
  const move = (d: number) => {
    const next = Math.max(0, Math.min(events.length - 1, cursor + d));
    setCursor(next);
    list.current?.reveal(next);
  };
  useEffect(() => { if (at >= 0) setCursor(at); }, [at]);
  useEffect(() => setCursor(-1), [key]);

  const timed = run.columns.some((c) => c.type === 'time');
  const view: View = search.view ?? (timed ? 'chart' : 'table');
  const columns = search.cols ?? NONE;
  const onColumns = (c: string[]) => change({ cols: c.length > 0 ? c : undefined }, true);
  const sideOff = search.side === 'off';
  useKeys([
    { keys: ['j', 'ArrowDown'], label: 'Next event', group: 'Move', run: () => move(1) },
    { keys: ['k', 'ArrowUp'], label: 'Previous event', group: 'Move', run: () => move(-1) },
    { keys: ['g g', 'Home'], label: 'First event', group: 'Move', run: () => move(-events.length) },
    { keys: ['o', 'Enter'], label: 'Open or close the event', group: 'Event', run: () => { const e = events[cursor]; if (e) open(e.id === search.event ? undefined : e.id); } },
    { keys: ['w'], label: 'What happened around the event', group: 'Event', run: () => { const e = events[cursor]; if (e) void around(e.id); } },
    { keys: ['Escape'], label: 'Close the event', group: 'Event', run: () => open(undefined) },
    { keys: ['/'], label: 'To the query', group: 'Query', run: () => bar.current?.focus() },
    { keys: ['t'], label: 'Time range', group: 'Query', run: () => clock.current?.click() },
    { keys: ['r'], label: 'Run again', group: 'Query', run: () => ask(draft) },
    { keys: ['x'], label: 'Stop the search', group: 'Query', run: stop },
    { keys: ['e'], label: 'Run the rule exactly', group: 'Query', run: () => { if (search.of) exactly(search.of); }, hidden: !search.of },
    { keys: ['s'], label: 'How to write a query', group: 'Query', run: () => setSyntax(!syntax) },
    { keys: ['['], label: 'Show or hide the fields', group: 'View', run: () => change({ side: sideOff ? undefined : 'off' }, true) },
    { keys: ['v'], label: 'Table or chart', group: 'View', run: () => change({ view: view === 'chart' ? 'table' : 'chart' }, true) },
  ]);

  const table = run.kind === 'table';
  const nothing = run.end !== undefined && (table ? run.rows.length === 0 : events.length === 0);
  const drawn = !mistake && !wide && counts.data;
  return (
    <div className="search">
      <header className="shead">
        <h1 className="vh">Search events</h1>
        <div className="ask-row">
          <QueryBar ref={bar} value={draft} wrongAt={wrongPlace(mistake)} complete={complete} onRun={ask} onEdit={setDraft} older={past.older} />
          <SavedBits search={search} show={(s, replace) => { setAsked(Date.now()); void nav({ search: s, replace: replace === true }); }} />
          <RecentMenu past={past.entries} run={(e) => (e.rule ? show({ rule: e.rule, q: e.query || undefined }) : ask(e.query))} forget={past.forget} />
          <TimeRange button={clock} search={search} onChange={ranged} />
          {run.running ? <button type="button" className="btn" onClick={stop}>Stop <Key k="x" /></button> : <button type="button" className="btn" data-primary onClick={() => ask(draft)}>Run <Key k="Enter" /></button>}
        </div>
        <RuleNote rule={rule} of={search.of} query={query} onRule={exactly} onText={(id) => void asText(id)} />
        <div id="query-wrong" className="wrong" role="status" hidden={!mistake}>{mistake ? explain(mistake) : ''}</div>
        {drawn ? <HistogramPlot data={drawn} onRange={(from, to) => ranged({ from, to, last: undefined })} /> : mistake || wide ? null : <div className="histo" />}
        <RunLine run={run} total={mistake || wide || counts.isPlaceholderData ? undefined : counts.data} asked={body} search={search} view={view} onView={(v) => change({ view: v }, true)} syntax={syntax} onSyntax={() => setSyntax(!syntax)} />
        {syntax ? <Syntax run={ask} /> : null}
      </header>
      <div className="sbody">
        {mistake || wide || sideOff ? null : <FieldPane asked={filtered} ready={ended} narrow={narrow} count={count} columns={columns} onColumns={onColumns} />}
        {wide && cost.data ? <WideAsk bytes={cost.data.total_bytes} onRun={() => setAgreed(key)} onNarrow={() => clock.current?.click()} /> : null}
        {run.error && !mistake ? <div className="empty"><ProblemBox problem={run.error} retry={() => ask(query)} /></div> : null}
        {mistake ? <div className="empty"><h2>The query cannot be read</h2><p className="muted">What is wrong is underlined. Queries look like these; click one to run it.</p><Syntax run={ask} /></div> : null}
        {!run.error && !wide && nothing ? <SearchEmpty search={search} run={ask} widen={(last) => ranged({ last, from: undefined, to: undefined })} /> : null}
        {!run.error && !wide && !nothing && table ? <div id="answer" className="answer" role="tabpanel" aria-label="Answer"><TableResult columns={run.columns} rows={run.rows} view={view} narrow={narrow} /></div> : null}
        {!run.error && !wide && !nothing && !table && events.length > 0 ? <Results ref={list} events={events} open={search.event} cursor={cursor} columns={columns} onColumns={onColumns} tab={search.tab ?? 'fields'} onTab={(t) => change({ tab: t === 'fields' ? undefined : t }, true)} onOpen={open} more={run.end?.next != null} ensure={more} narrow={narrow} around={(id) => void around(id)} /> : null}
      </div>
    </div>
  );
}
