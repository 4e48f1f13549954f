import { useCallback, useRef } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import type { Severity } from '../api/client';
import { number } from '../ui/format';
import { SeverityLabel } from '../ui/parts';
import type { RuleHits } from './hunt';

const ROW = 32;
const SHOWN = 10;

/** Which rules fired and how often; choosing one shows its days and hits. */
export function HitRules({ rules, chosen, onChoose }: { rules: readonly RuleHits[]; chosen: string | undefined; onChoose: (id: string) => void }) {
  const box = useRef<HTMLDivElement>(null);
  const v = useVirtualizer({ count: rules.length, getScrollElement: () => box.current, estimateSize: useCallback(() => ROW, []), overscan: 8 });
  const most = rules[0]?.hits ?? 1;
  return (
    <section className="dsec" aria-labelledby="byrule">
      <h3 className="cap" id="byrule">By rule<span className="muted">{number(rules.length)}</span>{chosen ? null : <span className="muted hint">choose one to see its days and what it fired on</span>}</h3>
      <div ref={box} className="hrules" style={{ height: Math.min(rules.length, SHOWN) * ROW + 2 }}>
        <ul style={{ height: v.getTotalSize() }}>
          {v.getVirtualItems().map((it) => {
            const r = rules[it.index]!;
            return (
              <li key={r.rule_id} style={{ transform: `translateY(${it.start}px)` }}>
                <button type="button" aria-pressed={r.rule_id === chosen} onClick={() => onChoose(r.rule_id)}>
                  <SeverityLabel of={r.level as Severity} /><span className="ht" title={r.title}>{r.title}</span>
                  <span className="btrack"><span className="bfill" style={{ width: `${Math.max(1, (r.hits / most) * 100)}%` }} /></span>
                  <span className="num mono">{number(r.hits)}</span><span className="num muted">{r.per_day < 0.1 ? '< 0.1' : r.per_day} a day</span>
                </button>
              </li>
            );
          })}
        </ul>
      </div>
    </section>
  );
}
