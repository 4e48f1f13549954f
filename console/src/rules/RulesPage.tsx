import { useEffect, useMemo, useRef, useState } from 'react';
import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { SEVERITIES, answer, api } from '../api/client';
import { useMay } from '../session/session';
import { number } from '../ui/format';
import { useKeys } from '../ui/keys';
import { Key, ProblemBox } from '../ui/parts';
import { RailBox } from '../ui/RailBox';
import { useSettled } from '../ui/settled';
import { Words } from '../ui/Words';
import { failed } from '../ui/toast';
import { RuleGrid, type RuleGridHandle } from './RuleGrid';
import { RuleRail } from './RuleRail';
import { RULE_STATUSES, type RuleStatus, type RuleSummary, type RulesSearch } from './filter';
import { ruleText } from './query';

const route = getRouteApi('/rules');
const PAGE = 500;
const PAGE_STEP = 15;
const toggle = (list: string | undefined, value: string) => {
  const now = new Set((list ?? '').split(',').filter(Boolean));
  if (!now.delete(value)) now.add(value);
  return [...now].join(',') || undefined;
};

export default function RulesPage() {
  const search = route.useSearch();
  const nav = useNavigate({ from: '/rules' });
  const client = useQueryClient();
  const grid = useRef<RuleGridHandle>(null);
  const words = useRef<HTMLInputElement>(null);
  const change = (c: Partial<RulesSearch>, replace = true) => void nav({ search: (p) => ({ ...p, ...c }), replace });

  const query = { q: search.q, level: search.level?.split(',') as RuleSummary['level'][] | undefined, status: search.status?.split(',') as RuleStatus[] | undefined };
  const found = useInfiniteQuery({
    queryKey: ['rules', query],
    queryFn: ({ signal, pageParam }) => answer(api.GET('/v1/rules', { params: { query: { ...query, limit: PAGE, ...(pageParam ? { cursor: pageParam } : {}) } }, signal })),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
  const rules = useMemo(() => found.data?.pages.flatMap((p) => p.rules) ?? [], [found.data]);
  const total = found.data?.pages[0]?.total;
  const [cursor, setCursor] = useState<string | undefined>(search.rule);
  useEffect(() => { if (search.rule !== undefined) setCursor(search.rule); }, [search.rule]);
  const at = cursor === undefined ? -1 : rules.findIndex((r) => r.id === cursor);
  const shown = useSettled(search.rule);
  const mayHunt = useMay('hunts:write');

  const place = (i: number) => {
    const r = rules[Math.max(0, Math.min(rules.length - 1, i))];
    if (!r) return;
    setCursor(r.id);
    grid.current?.reveal(rules.indexOf(r));
    if (search.rule !== undefined) change({ rule: r.id });
  };
  const open = (id: string) => { setCursor(id); change({ rule: id }, false); };
  const shut = () => { change({ rule: undefined }); grid.current?.focus(); };
  const one = search.rule ?? cursor;
  const known = rules.find((r) => r.id === one);
  const searchable = one !== undefined && known?.searchable !== false;
  const searchIt = async () => {
    if (one === undefined || !searchable) return;
    try {
      const text = await client.fetchQuery(ruleText(one));
      void nav({ to: '/search', search: { q: text.query || undefined, of: one } });
    } catch (e) {
      failed('No search of it', e instanceof Error ? e.message : String(e));
    }
  };
  const chosen = (list: string | undefined, value: string) => (list ?? '').split(',').includes(value);
  useKeys([
    { keys: ['j', 'ArrowDown'], label: 'Next rule', group: 'Move', run: () => place(at + 1) },
    { keys: ['k', 'ArrowUp'], label: 'Previous rule', group: 'Move', run: () => place(at < 0 ? rules.length - 1 : at - 1) },
    { keys: ['g g', 'Home'], label: 'First rule', group: 'Move', run: () => place(0) },
    { keys: ['G', 'End'], label: 'Last rule that is loaded', group: 'Move', run: () => place(rules.length - 1) },
    { keys: ['PageDown'], label: 'A page down', group: 'Move', run: () => place(at + PAGE_STEP), hidden: true },
    { keys: ['PageUp'], label: 'A page up', group: 'Move', run: () => place(at - PAGE_STEP), hidden: true },
    { keys: ['o', 'Enter'], label: 'Open the rule', group: 'Rule', run: () => { const id = cursor ?? rules[0]?.id; if (id) open(id); } },
    { keys: ['Escape'], label: 'Close', group: 'Rule', run: () => (search.rule !== undefined ? shut() : setCursor(undefined)) },
    { keys: ['s'], label: 'Search its events', group: 'Rule', run: () => void searchIt() },
    { keys: ['e'], label: 'Run exactly', group: 'Rule', run: () => { if (one !== undefined && searchable) void nav({ to: '/search', search: { rule: one } }); } },
    ...(mayHunt ? [{ keys: ['h'], label: 'Hunt over the past', group: 'Rule', run: () => { if (one !== undefined) void nav({ to: '/hunts', search: { new: 'yes', rules: one } }); } }] : []),
    { keys: ['/'], label: 'Words that it has', group: 'Filter', run: () => words.current?.focus() },
    ...SEVERITIES.map((s, i) => ({ keys: [String(i + 1)], label: `Only ${s}, or not`, group: 'Filter', run: () => change({ level: toggle(search.level, s) }) })),
    { keys: ['0'], label: 'All filters off', group: 'Filter', run: () => change({ q: undefined, level: undefined, status: undefined }) },
  ]);
  const narrowed = search.q ?? search.level ?? search.status;
  return (
    <div className="queue">
      <header className="qhead">
        <div className="row"><h1>Rules</h1><span className="muted" data-testid="rule-total" aria-live="polite">{total === undefined ? '' : number(total)}</span>{narrowed ? <button type="button" className="btn" onClick={() => change({ q: undefined, level: undefined, status: undefined })}>Clear <Key k="0" /></button> : null}<Words id="rule-words" label="Words in title, id, tags or log source" q={search.q} change={(q) => change({ q })} input={words} /></div>
        <div className="row wrap">
          <div className="row wrap" role="group" aria-label="Level">
            {SEVERITIES.map((s, i) => <button type="button" key={s} className={`chip c-${s}`} aria-pressed={chosen(search.level, s)} title={`Only ${s} (${i + 1})`} onClick={() => change({ level: toggle(search.level, s) })}><span className="dot" />{s === 'informational' ? 'info' : s}</button>)}
          </div>
          <div className="row wrap" role="group" aria-label="Status">
            {RULE_STATUSES.map((s) => <button type="button" key={s} className="chip" aria-pressed={chosen(search.status, s)} onClick={() => change({ status: toggle(search.status, s) })}>{s}</button>)}
          </div>
        </div>
      </header>
      <div className="gridwrap">
        {found.isError ? <div className="pad"><ProblemBox problem={found.error} retry={() => void found.refetch()} /></div> : null}
        <RuleGrid ref={grid} rules={rules} total={total} cursor={at} loading={found.isPending} more={found.hasNextPage && !found.isFetchingNextPage} ensure={() => void found.fetchNextPage()} onOpen={open} empty={found.isError ? null : <Empty narrowed={narrowed !== undefined} clear={() => change({ q: undefined, level: undefined, status: undefined })} />} />
        <div className="status"><span><Key k="j" /> <Key k="k" /> move</span><span><Key k="o" /> open</span><span><Key k="s" /> search its events</span><span><Key k="e" /> run exactly</span><span><Key k="h" /> hunt</span><span><Key k="/" /> filter</span></div>
      </div>
      {shown !== undefined && search.rule !== undefined ? <RailBox><RuleRail id={shown} shut={shut} search={() => void searchIt()} /></RailBox> : null}
    </div>
  );
}

function Empty({ narrowed, clear }: { narrowed: boolean; clear: () => void }) {
  return narrowed ? (
    <div className="empty"><h2>No rule fits these filters</h2><p className="muted">Words are looked for in the title, the id, the tags and the log source.</p><div className="row"><button type="button" className="btn" onClick={clear}>Clear the filters <Key k="0" /></button></div></div>
  ) : (
    <div className="empty"><h2>No rules are loaded</h2><p className="muted">Marsad ships rules of its own and takes Sigma sets as they are. <span className="mono">./marsad rules import</span> brings a public set in; what is in the rules folder is read when the platform starts, and again on <span className="mono">./marsad rules reload</span>.</p></div>
  );
}
