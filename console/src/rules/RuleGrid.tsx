import { memo, useCallback, useEffect, useImperativeHandle, useRef, type ReactNode, type Ref } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { SeverityLabel } from '../ui/parts';
import { ruleSource, techniques, type RuleSummary } from './filter';

const ROW = 32;
const HEAD = 28;
const AHEAD = 120;
const COLUMNS = [['', 'Level'], ['', 'Rule'], ['c-src', 'Log source'], ['c-att', 'ATT&CK'], ['c-stat', 'Status'], ['c-set', 'Set']] as const;

export type RuleGridHandle = { reveal: (i: number) => void; focus: () => void };
type Props = { ref: Ref<RuleGridHandle>; rules: readonly RuleSummary[]; total: number | undefined; cursor: number; loading: boolean; more: boolean; ensure: () => void; onOpen: (id: string) => void; empty: ReactNode };

/** Rules by title; only the rows in view exist. */
export function RuleGrid({ ref, rules, total, cursor, loading, more, ensure, onOpen, empty }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const v = useVirtualizer({ count: rules.length, getScrollElement: () => box.current, estimateSize: useCallback(() => ROW, []), overscan: 10, scrollPaddingStart: HEAD, scrollMargin: HEAD });
  const items = v.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => { if (more && last > rules.length - AHEAD) ensure(); }, [last, rules.length, more]);
  useImperativeHandle(ref, () => ({ reveal: (i) => v.scrollToIndex(i, { align: 'auto' }), focus: () => box.current?.focus({ preventScroll: true }) }), [v]);
  const slots = Math.max(items.length, 64);
  const active = rules[cursor]?.id;
  return (
    <div ref={box} className="grid rules" role="grid" aria-label="Rules" aria-rowcount={(total ?? rules.length) + 1} aria-busy={loading} tabIndex={0} aria-activedescendant={active !== undefined && items.some((it) => it.index === cursor) ? `rule-${cursor}` : undefined} data-testid="rules">
      <div className="ghead" role="row" aria-rowindex={1}>{COLUMNS.map(([c, h]) => <span role="columnheader" key={h} className={c || undefined}>{h}</span>)}</div>
      <div role="rowgroup" style={{ height: Math.max(0, v.getTotalSize()), position: 'relative' }}>
        {items.map((it) => {
          const r = rules[it.index];
          return r ? <RuleRow key={it.index % slots} r={r} i={it.index} top={it.start - HEAD} selected={it.index === cursor} onOpen={onOpen} /> : null;
        })}
        {loading ? [0, 1, 2, 3, 4, 5].map((i) => <div key={i} className="grow" role="row" style={{ transform: `translateY(${i * ROW}px)` }}><span role="gridcell" aria-label="Loading" /><span role="gridcell" className="sk" /><span role="gridcell" className="sk c-src" /></div>) : null}
        {!loading && rules.length === 0 && empty ? <div role="row"><div role="gridcell">{empty}</div></div> : null}
      </div>
    </div>
  );
}

const RuleRow = memo(function RuleRow({ r, i, top, selected, onOpen }: { r: RuleSummary; i: number; top: number; selected: boolean; onOpen: (id: string) => void }) {
  const attack = techniques(r.tags);
  return (
    <div className="grow" role="row" id={`rule-${i}`} data-rule={r.id} aria-rowindex={i + 2} aria-selected={selected} style={{ transform: `translateY(${top}px)` }} onClick={() => onOpen(r.id)}>
      <span role="gridcell"><SeverityLabel of={r.level} /></span>
      <span role="gridcell" title={r.title}><span className="title">{r.title}</span>{r.kind === 'correlation' ? <span className="tag mark">correlation</span> : null}{r.waiting ? <span className="tag mark" title="It waits for a list that it needs">waits</span> : null}{r.stage !== 'active' ? <span className="tag mark" title={r.stage === 'shadow' ? 'What it finds is counted and makes no work' : 'What it finds is dropped'}>{r.stage}</span> : null}</span>
      <span role="gridcell" className="muted c-src" title={ruleSource(r)}>{ruleSource(r)}</span>
      <span role="gridcell" className="mono muted c-att" title={attack.join(', ')}>{attack[0]}{attack.length > 1 ? ` +${attack.length - 1}` : ''}</span>
      <span role="gridcell" className="muted c-stat">{r.status}</span>
      <span role="gridcell" className="muted c-set" title={[r.set || 'own', r.license].filter(Boolean).join(' · ')}>{r.set || 'own'}</span>
    </div>
  );
});
