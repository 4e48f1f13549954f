import { memo, useCallback, useEffect, useImperativeHandle, useRef, type ReactNode, type Ref } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import type { Alert, Entity } from '../api/client';
import { compact, logSource, shortHost, when } from '../ui/format';
import { CheckIcon } from '../ui/icons';
import { SeverityLabel, StatusPill } from '../ui/parts';

const ROW = 32;
const HEAD = 28;
const AHEAD = 60;
const NEW_MS = 6000;
const COLUMNS = [['', 'Marked'], ['', 'Severity'], ['c-time', 'Time'], ['', 'Alert'], ['c-host', 'Host'], ['c-user', 'User'], ['c-attack', 'ATT&CK'], ['', 'Status'], ['c-source', 'Source']] as const;

export type GridHandle = { reveal: (i: number) => void; top: () => number; focus: () => void };
type Props = {
  ref: Ref<GridHandle>;
  rows: readonly Alert[];
  cursor: number;
  marked: ReadonlySet<string>;
  loading: boolean;
  more: boolean;
  ensure: () => void;
  onOpen: (id: string) => void;
  onMark: (id: string, range?: boolean) => void;
  empty: ReactNode;
};

/** The rows of the queue; only those in view exist, and they are recycled by slot, so that scrolling changes text and mounts nothing. */
export function AlertGrid({ ref, rows, cursor, marked, loading, more, ensure, onOpen, onMark, empty }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const v = useVirtualizer({ count: rows.length, getScrollElement: () => box.current, estimateSize: useCallback(() => ROW, []), overscan: 10, scrollPaddingStart: HEAD, scrollMargin: HEAD });
  const items = v.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => { if (more && last > rows.length - AHEAD) ensure(); }, [last, rows.length, more]);
  useImperativeHandle(ref, () => ({ reveal: (i) => v.scrollToIndex(i, { align: 'auto' }), top: () => box.current?.scrollTop ?? 0, focus: () => box.current?.focus({ preventScroll: true }) }), [v]);
  const slots = Math.max(items.length, 64);
  const active = rows[cursor]?.id;
  const today = new Date();
  return (
    <div ref={box} className="grid" role="grid" aria-label="Alerts" aria-rowcount={rows.length + 1} aria-multiselectable="true" aria-busy={loading} tabIndex={0} aria-activedescendant={active && items.some((it) => it.index === cursor) ? `row-${active}` : undefined} data-testid="grid">
      <div className="ghead" role="row" aria-rowindex={1}>{COLUMNS.map(([c, h]) => <span role="columnheader" key={h} className={c || undefined}>{h === 'Marked' ? <span className="vh">{h}</span> : h}</span>)}</div>
      <div role="rowgroup" style={{ height: Math.max(0, v.getTotalSize()), position: 'relative' }}>
        {items.map((it) => {
          const a = rows[it.index];
          return a ? <AlertRow key={it.index % slots} a={a} i={it.index} top={it.start - HEAD} selected={it.index === cursor} marked={marked.has(a.id)} today={today.toDateString()} onOpen={onOpen} onMark={onMark} /> : null;
        })}
        {loading ? [0, 1, 2, 3, 4, 5].map((i) => <div key={i} className="grow" role="row" style={{ transform: `translateY(${i * ROW}px)` }}><span role="gridcell" aria-label="Loading" /><span role="gridcell" className="sk" /><span role="gridcell" className="sk" /><span role="gridcell" className="sk" /></div>) : null}
        {!loading && rows.length === 0 && empty ? <div role="row"><div role="gridcell">{empty}</div></div> : null}
      </div>
    </div>
  );
}

type RowProps = { a: Alert; i: number; top: number; selected: boolean; marked: boolean; today: string; onOpen: (id: string) => void; onMark: (id: string, range?: boolean) => void };

const AlertRow = memo(function AlertRow({ a, i, top, selected, marked, today, onOpen, onMark }: RowProps) {
  const host = named(a, 'host', 'container', 'account');
  const user = named(a, 'user');
  const fresh = Date.now() - Date.parse(a.created_at) < NEW_MS && a.status === 'new';
  return (
    <div className="grow" role="row" id={`row-${a.id}`} aria-rowindex={i + 2} aria-selected={selected} data-marked={marked || undefined} data-resolved={a.status === 'resolved' || a.status === 'dismissed' || undefined} data-new={fresh || undefined} data-status={a.status} style={{ transform: `translateY(${top}px)` }} onClick={() => onOpen(a.id)}>
      <span role="gridcell" className="box" onClick={(e) => { e.stopPropagation(); onMark(a.id, e.shiftKey); }}><span aria-hidden="true">{marked ? <CheckIcon size={11} stroke={3} /> : null}</span><span className="vh">{marked ? 'marked' : ''}</span></span>
      <span role="gridcell"><SeverityLabel of={a.severity} /></span>
      <span role="gridcell" className="mono c-time">{when(a.time, new Date(today))}</span>
      <span role="gridcell" title={a.title}>{a.escalated ? <span className="tag c-high">escalated</span> : null}{a.escalated ? ' ' : null}<span className="title">{a.title}</span>{times(a) > 1 ? <span className="muted"> ×{compact(times(a))}</span> : null}{a.tags.map((t) => <span key={t}> <span className="tag">{t}</span></span>)}</span>
      <span role="gridcell" className="mono c-host" title={host}>{shortHost(host)}</span>
      <span role="gridcell" className="mono c-user" title={user}>{user}</span>
      <span role="gridcell" className="mono muted c-attack" title={a.attack.join(', ')}>{a.attack[0]}{a.attack.length > 1 ? ` +${a.attack.length - 1}` : ''}</span>
      <span role="gridcell"><StatusPill status={a.status} verdict={a.verdict} />{a.status === 'in_progress' && a.assignee ? <span className="vh"> by {a.assignee}</span> : null}</span>
      <span role="gridcell" className="muted c-source" title={a.log_source}>{a.synthetic ? <span className="tag">demo</span> : null} {logSource(a.log_source)}</span>
    </div>
  );
});

/** How often: firings, or the events of the one there was. */
const times = (a: Alert) => (a.count > 1 ? a.count : a.event_count);
const named = (a: Alert, ...types: Entity['type'][]) => a.entities.find((e) => types.includes(e.type))?.value ?? '';
