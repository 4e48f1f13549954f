import { memo, useCallback, useEffect, useImperativeHandle, useRef, type CSSProperties, type Ref } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import type { MarsadEvent } from '../api/client';
import { EventView, type EventTab, type Narrow } from '../ui/EventView';
import { Key } from '../ui/parts';
import { logSource, shortHost, when } from '../ui/format';
import { CollapseIcon, ExpandIcon } from '../ui/icons';
import { hostOf, shownOf, summary, userOf } from './fields';

const ROW = 31;
const HEAD = 28;
const AHEAD = 60;

export type ResultsHandle = { reveal: (i: number) => void; top: () => void };
type Props = {
  ref: Ref<ResultsHandle>;
  events: readonly MarsadEvent[];
  open: string | undefined;
  cursor: number;
  /** Fields beside the time; none: log source, host, user and what happened. */
  columns: readonly string[];
  onColumns: (columns: string[]) => void;
  tab: EventTab;
  onTab: (t: EventTab) => void;
  onOpen: (id: string | undefined) => void;
  more: boolean;
  ensure: () => void;
  narrow: Narrow;
  around: (id: string) => void;
};

/** Rows of events, newest first; an open one shows all of itself below its row. */
export function Results({ ref, events, open, cursor, columns, onColumns, tab, onTab, onOpen, more, ensure, narrow, around }: Props) {
  const box = useRef<HTMLElement>(null);
  const v = useVirtualizer({ count: events.length, getScrollElement: () => box.current, estimateSize: useCallback(() => ROW, []), getItemKey: useCallback((i: number) => events[i]?.id ?? i, [events]), overscan: 12, scrollMargin: HEAD, scrollPaddingStart: HEAD });
  const items = v.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => { if (more && last > events.length - AHEAD) ensure(); }, [last, events.length, more]);
  useImperativeHandle(ref, () => ({ reveal: (i) => v.scrollToIndex(i, { align: 'auto' }), top: () => v.scrollToOffset(0) }), [v]);
  const today = new Date().toDateString();
  return (
    <section ref={box} className="results" aria-label="Events" tabIndex={0} data-testid="results" style={columns.length > 0 ? { '--cols': widths(columns.length) } as CSSProperties : undefined}>
      {columns.length > 0
        ? <div className="rhead rcols"><span /><span>Time</span>{columns.map((c) => <button key={c} type="button" className="plain mono" aria-label={`Take the column ${c} away`} title={`${c}: a click takes the column away`} onClick={() => onColumns(columns.filter((x) => x !== c))}>{c}</button>)}</div>
        : <div className="rhead" aria-hidden="true"><span /><span>Time</span><span className="c-ls">Log source</span><span>Host</span><span>User</span><span>What</span></div>}
      <div className="rlist" role="list" style={{ height: Math.max(0, v.getTotalSize()) }}>
        {items.map((it) => {
          const e = events[it.index];
          if (!e) return null;
          return (
            <div key={it.key} ref={v.measureElement} data-index={it.index} role="listitem" className="ritem" data-at={it.index === cursor || undefined} style={{ transform: `translateY(${it.start - HEAD}px)` }}>
              <EventRow e={e} columns={columns} today={today} open={e.id === open} onOpen={onOpen} />
              {e.id === open ? <div className="rmore"><p className="row"><button type="button" className="btn" onClick={() => around(e.id)}>What happened around it <Key k="w" /></button></p><EventView id={e.id} tab={tab} onTab={onTab} narrow={narrow} /></div> : null}
            </div>
          );
        })}
      </div>
      {more ? <p className="muted" style={{ padding: '8px 14px' }} role="status">Older events follow…</p> : null}
    </section>
  );
}

/** The last takes what room is left, the others a fair share that stays readable. */
const widths = (n: number) => `repeat(${n - 1}, minmax(120px, 1fr)) minmax(160px, 2fr)`.replace('repeat(0, minmax(120px, 1fr)) ', '');

const EventRow = memo(function EventRow({ e, columns, today, open, onOpen }: { e: MarsadEvent; columns: readonly string[]; today: string; open: boolean; onOpen: (id: string | undefined) => void }) {
  return (
    <div className={columns.length > 0 ? 'rrow rcols' : 'rrow'} onClick={() => onOpen(open ? undefined : e.id)}>
      <button type="button" className="icon" aria-expanded={open} aria-label={`${open ? 'Close' : 'Open'} the event of ${when(e.time)}`} onClick={(x) => { x.stopPropagation(); onOpen(open ? undefined : e.id); }}>{open ? <CollapseIcon size={14} /> : <ExpandIcon size={14} />}</button>
      <span className="mono">{when(e.time, new Date(today))}</span>
      {columns.length > 0 ? columns.map((c) => <Cell key={c} text={shownOf(e, c)} />) : <Said e={e} />}
    </div>
  );
});

const Cell = ({ text }: { text: string }) => <span className="mono" title={text.slice(0, 2000)}>{text.slice(0, 400)}</span>;

function Said({ e }: { e: MarsadEvent }) {
  const host = hostOf(e);
  return (
    <>
      <span className="muted c-ls" title={`${e.log_source} from ${e.origin}`}>{logSource(e.log_source)}</span>
      <span className="mono" title={host}>{shortHost(host)}</span>
      <Cell text={userOf(e)} />
      <Cell text={summary(e)} />
    </>
  );
}
