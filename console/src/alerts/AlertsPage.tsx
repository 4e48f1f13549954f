import { useCallback, useEffect, useMemo, useRef, useState, useSyncExternalStore } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { SEVERITIES, type Alert, type Verdict } from '../api/client';
import { live } from '../live/context';
import { useSession } from '../session/session';
import { useKeys } from '../ui/keys';
import { Key, ProblemBox } from '../ui/parts';
import { useSettled } from '../ui/settled';
import { failed, said } from '../ui/toast';
import { ConfirmAll, TagDialog, type Wanted } from './ActDialogs';
import { AlertGrid, type GridHandle } from './AlertGrid';
import { BulkBar } from './BulkBar';
import { QueueEmpty } from './QueueEmpty';
import { QueueHead } from './QueueHead';
import { Rail } from './Rail';
import { RailBox } from '../ui/RailBox';
import { SNOOZES, VERDICTS, open as isOpen, until, type Snooze } from './acts';
import { toFilter, type QueueSearch } from './filter';
import { AlertQueue } from './queue';
import { Triage, type Act } from './triage';

const route = getRouteApi('/alerts');
const PAGE_STEP = 15;
export function AlertsPage() {
  const search = route.useSearch();
  const nav = useNavigate({ from: '/alerts' });
  const goto = useNavigate();
  const client = useQueryClient();
  const { user } = useSession();
  const filterKey = JSON.stringify(toFilter(search));
  const filter = useMemo(() => toFilter(search), [filterKey]);
  const [queue] = useState(() => new AlertQueue(undefined, (seq) => live.start(seq)));
  const [triage] = useState(() => new Triage(queue, user.username, { done: said, failed }, (id) => void client.invalidateQueries({ queryKey: ['alert', id] })));
  const state = useSyncExternalStore(queue.subscribe, queue.get);
  const grid = useRef<GridHandle>(null);
  const words = useRef<HTMLInputElement>(null);
  const [cursor, setCursor] = useState<string | undefined>(search.alert);
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const [all, setAll] = useState(false);
  const [wanted, setWanted] = useState<Wanted>();
  const [tagging, setTagging] = useState<readonly Alert[] | undefined>();
  const railId = search.alert;

  const change = useCallback((c: Partial<QueueSearch>, replace = true) => void nav({ search: (p) => ({ ...p, ...c }), replace }), [nav]);
  const rows = state.rows;
  const at = cursor === undefined ? -1 : rows.findIndex((a) => a.id === cursor);

  // The reader has begun to read: from now on a new alert waits below the bar.
  const touched = useRef(false);
  touched.current = cursor !== undefined || marked.size > 0;
  useEffect(() => {
    queue.whenTouched(() => touched.current || (grid.current?.top() ?? 0) > 4);
    return live.read((m) => queue.receive(m));
  }, [queue]);
  useEffect(() => {
    setMarked(new Set());
    setAll(false);
    void queue.load(filter);
  }, [queue, filter]);
  useEffect(() => { if (railId !== undefined) setCursor(railId); }, [railId]);

  const place = useCallback((id: string | undefined, open: boolean) => {
    setCursor(id);
    if (id !== undefined) {
      const i = queue.get().rows.findIndex((a) => a.id === id);
      if (i >= 0) grid.current?.reveal(i);
    }
    if (open) change({ alert: id }, true);
  }, [queue, change]);
  const move = (d: number) => {
    if (rows.length === 0) return;
    const i = at < 0 ? (d > 0 ? 0 : rows.length - 1) : Math.max(0, Math.min(rows.length - 1, at + d));
    place(rows[i]!.id, railId !== undefined);
  };
  const open = useCallback((id: string) => { setCursor(id); change({ alert: id }, false); }, [change]);
  const shut = () => {
    change({ alert: undefined, tab: undefined });
    grid.current?.focus();
  };
  const showFresh = useCallback(() => {
    queue.showFresh();
    grid.current?.reveal(0);
  }, [queue]);
  const anchor = useRef<string | undefined>(undefined);
  const mark = useCallback((id: string, range = false) => {
    setAll(false);
    const known = queue.get().rows;
    const to = known.findIndex((a) => a.id === id);
    const from = range ? known.findIndex((a) => a.id === anchor.current) : -1;
    anchor.current = id;
    setMarked((m) => {
      const next = new Set(m);
      if (from >= 0) known.slice(Math.min(from, to), Math.max(from, to) + 1).forEach((a) => next.add(a.id));
      else if (!next.delete(id)) next.add(id);
      return next;
    });
  }, [queue]);
  const unmark = () => { setMarked(new Set()); setAll(false); };

  /** What an act is for: the marked rows, else the one under the cursor, which may be known to the rail only. */
  const targets = (): Alert[] => {
    if (marked.size > 0) return rows.filter((a) => marked.has(a.id));
    const id = cursor ?? railId;
    const known = id === undefined ? undefined : (queue.find(id) ?? client.getQueryData<Alert>(['alert', id]));
    return known ? [known] : [];
  };
  const act = (to: Act, label: string, fit: (a: Alert) => boolean, step: boolean) => {
    if (all) return setWanted({ act: to, label, count: () => triage.count(filter, to), run: (asOf) => { void triage.all(filter, asOf, to, label); unmark(); } });
    const chosen = targets().filter(fit);
    if (chosen.length === 0) return;
    const single = marked.size === 0;
    void triage.change(chosen, to, label);
    unmark();
    if (single && step && at >= 0 && at < rows.length - 1) move(1);
  };
  const take = () => act({ to: 'in_progress' }, 'Took', (a) => a.status !== 'in_progress' || a.assignee !== user.username, false);
  const close = (v: Verdict, label: string) => act({ to: 'resolved', verdict: v }, `Closed as ${label}:`, isOpen, true);
  const dismiss = () => act({ to: 'dismissed' }, 'Dismissed', isOpen, true);
  const snooze = (s: Snooze) => act({ to: 'snoozed', until: until(s) }, `Snoozed for ${s.label}:`, isOpen, true);
  const escalate = () => {
    const back = !all && targets().length > 0 && targets().every((a) => a.escalated);
    act({ escalated: !back }, back ? 'No longer escalated:' : 'Escalated', (a) => isOpen(a) && a.escalated === back, false);
  };
  const tag = () => setTagging(all ? [] : targets());
  const hide = () => { const [a] = targets(); if (a) void goto({ to: '/suppressions', search: { make: true, rule: a.rule_id, entity: a.entities[0]?.value } }); };
  const undo = () => {
    if (!triage.undo()) act({ to: 'in_progress' }, 'Reopened', (a) => !isOpen(a), false);
  };
  const toggle = (list: string | undefined, value: string) => {
    const now = new Set((list ?? '').split(',').filter(Boolean));
    if (!now.delete(value)) now.add(value);
    return [...now].join(',') || undefined;
  };

  useKeys([
    { keys: ['j', 'ArrowDown'], label: 'Next alert', group: 'Move', run: () => move(1) },
    { keys: ['k', 'ArrowUp'], label: 'Previous alert', group: 'Move', run: () => move(-1) },
    { keys: ['g g', 'Home'], label: 'First alert', group: 'Move', run: () => rows[0] && place(rows[0].id, railId !== undefined) },
    { keys: ['G', 'End'], label: 'Last alert that is loaded', group: 'Move', run: () => rows.length && place(rows[rows.length - 1]!.id, railId !== undefined) },
    { keys: ['PageDown'], label: 'A page down', group: 'Move', run: () => move(PAGE_STEP), hidden: true },
    { keys: ['PageUp'], label: 'A page up', group: 'Move', run: () => move(-PAGE_STEP), hidden: true },
    { keys: ['.'], label: 'Show new alerts', group: 'Move', run: showFresh },
    { keys: ['o', 'Enter'], label: 'Open the alert', group: 'Alert', run: () => { const id = cursor ?? rows[0]?.id; if (id) open(id); } },
    { keys: ['Escape'], label: 'Close, unmark', group: 'Alert', run: () => (railId !== undefined ? shut() : marked.size || all ? unmark() : setCursor(undefined)) },
    { keys: ['a'], label: 'Take', group: 'Alert', run: take },
    ...VERDICTS.map((v) => ({ keys: [`e ${v.key}`], label: `Close as ${v.label}`, group: 'Alert', run: () => close(v.verdict, v.label) })),
    { keys: ['e d'], label: 'Dismiss, without a verdict', group: 'Alert', run: dismiss },
    ...SNOOZES.map((s) => ({ keys: [`s ${s.key}`], label: `Snooze for ${s.label}`, group: 'Alert', run: () => snooze(s) })),
    { keys: ['!'], label: 'Escalate, or not', group: 'Alert', run: escalate },
    { keys: ['#'], label: 'Tags', group: 'Alert', run: tag },
    { keys: ['h'], label: 'Hide such alerts…', group: 'Alert', run: hide },
    { keys: ['u'], label: 'Undo, or reopen', group: 'Alert', run: undo },
    { keys: ['x'], label: 'Mark for acting on many', group: 'Alert', run: () => { if (cursor) { mark(cursor); move(1); } } },
    { keys: ['X'], label: 'Mark all up to here', group: 'Alert', run: () => { if (cursor) mark(cursor, true); } },
    { keys: ['*'], label: 'Act on all that fit the filter', group: 'Alert', run: () => { setMarked(new Set()); setAll((on) => !on); } },
    { keys: ['/'], label: 'Words in the title', group: 'Filter', run: () => words.current?.focus() },
    ...SEVERITIES.map((s, i) => ({ keys: [String(i + 1)], label: `Only ${s}, or not`, group: 'Filter', run: () => change({ severity: toggle(search.severity, s) }) })),
    { keys: ['0'], label: 'All filters off', group: 'Filter', run: () => change({ severity: undefined, status: undefined, q: undefined, entity: undefined, rule: undefined, tag: undefined, from: undefined, to: undefined }) },
  ]);

  const settled = useSettled(railId);

  return (
    <div className="queue">
      <QueueHead search={search} counts={state.counts} total={state.total} change={change} toggle={toggle} words={words} />
      <div className="gridwrap">
        {state.fresh.length > 0 ? <button type="button" className="newbar" onClick={showFresh}><span role="status">{state.fresh.length} new {state.fresh.length === 1 ? 'alert' : 'alerts'}</span> · press <Key k="." /> to show</button> : null}
        {state.problem ? <div className="empty"><ProblemBox problem={state.problem} retry={() => void queue.reload()} /></div> : null}
        <AlertGrid ref={grid} rows={rows} cursor={at} marked={marked} loading={state.total === undefined && !state.problem} more={state.more} ensure={() => void queue.loadMore()} onOpen={open} onMark={mark} empty={state.problem ? null : <QueueEmpty search={search} change={change} />} />
        {marked.size > 0 || all ? (
          <BulkBar marked={all ? undefined : marked.size} total={state.total} take={take} close={close} dismiss={dismiss} snooze={snooze} tag={tag} everything={() => { setMarked(new Set()); setAll(true); }} unmark={unmark} />
        ) : (
          <div className="status">
            <span><Key k="j" /> <Key k="k" /> move</span><span><Key k="o" /> open</span><span><Key k="a" /> take</span><span><Key k="e" /> then <Key k="b" /> <Key k="f" /> <Key k="t" /> close</span><span><Key k="s" /> snooze</span><span><Key k="x" /> mark</span><span><Key k="*" /> all</span><span><Key k="u" /> undo</span>
            <span className="sep">{state.total !== undefined && state.more ? `${rows.length} of ${state.total} loaded` : ''}</span>
          </div>
        )}
      </div>
      {railId !== undefined ? <RailBox><Rail id={settled ?? railId} shown={queue.find(settled ?? railId)} tab={search.tab ?? 'fields'} onTab={(t) => change({ tab: t === 'fields' ? undefined : t })} acts={{ take, close, dismiss, snooze, escalate, tag }} undo={undo} shut={shut} /></RailBox> : null}
      <ConfirmAll wanted={wanted} close={() => setWanted(undefined)} />
      <TagDialog alerts={tagging} close={() => setTagging(undefined)} change={(add, remove) => act({ add_tags: add, remove_tags: remove }, add.length > 0 ? 'Tagged' : 'Tag removed:', () => true, false)} />
    </div>
  );
}
