import { memo, useCallback, useEffect, useImperativeHandle, useRef, type Ref } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import type { MarsadEvent } from '../api/client';
import { EventView, type EventTab, type Narrow } from '../ui/EventView';
import { Key } from '../ui/parts';
import { logSource, shortHost, when } from '../ui/format';
import { CollapseIcon, ExpandIcon } from '../ui/icons';
import { hostOf, summary, userOf } from './fields';

const ROW = 31;
const HEAD = 28;
const AHEAD = 60;

export type ResultsHandle = { reveal: (i: number) => void; top: () => void };
type Props = {
  ref: Ref<ResultsHandle>;
  events: readonly MarsadEvent[];
  open: string | undefined;
  cursor: number;
  tab: EventTab;
  onTab: (t: EventTab) => void;
  onOpen: (id: string | undefined) => void;
  more: boolean;
  ensure: () => void;
  narrow: Narrow;
  around: (id: string) => void;
};

/** Rows of events, newest first; an open one shows all of itself below its row. */
export function Results({ ref, events, open, cursor, tab, onTab, onOpen, more, ensure, narrow, around }: Props) {
  const box = useRef<HTMLElement>(null);
  const v = useVirtualizer({ count: events.length, getScrollElement: () => box.current, estimateSize: useCallback(() => ROW, []), getItemKey: useCallback((i: number) => events[i]?.id ?? i, [events]), overscan: 12, scrollMargin: HEAD, scrollPaddingStart: HEAD });
  const items = v.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => { if (more && last > events.length - AHEAD) ensure(); }, [last, events.length, more]);
  useImperativeHandle(ref, () => ({ reveal: (i) => v.scrollToIndex(i, { align: 'auto' }), top: () => v.scrollToOffset(0) }), [v]);
  const today = new Date().toDateString();
  return (
    <section ref={box} className="results" aria-label="Events" tabIndex={0} data-testid="results">
      <div className="rhead" aria-hidden="true"><span /><span>Time</span><span className="c-ls">Log source</span><span>Host</span><span>User</span><span>What</span></div>
      <div className="rlist" role="list" style={{ height: Math.max(0, v.getTotalSize()) }}>
        {items.map((it) => {
          const e = events[it.index];
          if (!e) return null;
          return (
            <div key={it.key} ref={v.measureElement} data-index={it.index} role="listitem" className="ritem" data-at={it.index === cursor || undefined} style={{ transform: `translateY(${it.start - HEAD}px)` }}>
              <EventRow e={e} today={today} open={e.id === open} onOpen={onOpen} />
              {e.id === open ? <div className="rmore"><p className="row"><button type="button" className="btn" onClick={() => around(e.id)}>What happened around it <Key k="w" /></button></p><EventView id={e.id} tab={tab} onTab={onTab} narrow={narrow} /></div> : null}
            </div>
          );
        })}
      </div>
      {more ? <p className="muted" style={{ padding: '8px 14px' }} role="status">Older events follow…</p> : null}
    </section>
  );
}

const EventRow = memo(function EventRow({ e, today, open, onOpen }: { e: MarsadEvent; today: string; open: boolean; onOpen: (id: string | undefined) => void }) {
  const host = hostOf(e);
  const user = userOf(e);
  const said = summary(e);
  return (
    <div className="rrow" onClick={() => onOpen(open ? undefined : e.id)}>
      <button type="button" className="icon" aria-expanded={open} aria-label={`${open ? 'Close' : 'Open'} the event of ${when(e.time)}`} onClick={(x) => { x.stopPropagation(); onOpen(open ? undefined : e.id); }}>{open ? <CollapseIcon size={14} /> : <ExpandIcon size={14} />}</button>
      <span className="mono">{when(e.time, new Date(today))}</span>
      <span className="muted c-ls" title={`${e.log_source} from ${e.origin}`}>{logSource(e.log_source)}</span>
      <span className="mono" title={host}>{shortHost(host)}</span>
      <span className="mono" title={user}>{user}</span>
      <span className="mono" title={said.slice(0, 2000)}>{said.slice(0, 400)}</span>
    </div>
  );
});
