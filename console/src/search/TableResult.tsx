import { useCallback, useRef } from 'react';
import { useVirtualizer } from '@tanstack/react-virtual';
import { number, when } from '../ui/format';
import type { Narrow } from '../ui/EventView';
import { IncludeIcon } from '../ui/icons';
import { TablePlot, plottable } from './TablePlot';
import type { Column } from './stream';

const ROW = 30;
export type View = 'table' | 'chart';

/** The answer of `stats` and the like: rows, or a chart of them. */
export function TableResult({ columns, rows, view, narrow }: { columns: readonly Column[]; rows: readonly unknown[][]; view: View; narrow: Narrow }) {
  return view === 'chart' && plottable(columns, rows) ? <TablePlot columns={columns} rows={rows} narrow={narrow} /> : <Rows columns={columns} rows={rows} narrow={narrow} />;
}

function Rows({ columns, rows, narrow }: { columns: readonly Column[]; rows: readonly unknown[][]; narrow: Narrow }) {
  const box = useRef<HTMLDivElement>(null);
  const v = useVirtualizer({ count: rows.length, getScrollElement: () => box.current, estimateSize: useCallback(() => ROW, []), overscan: 16, scrollMargin: ROW });
  const items = v.getVirtualItems();
  const before = (items[0]?.start ?? ROW) - ROW;
  const after = Math.max(0, v.getTotalSize() - ((items.at(-1)?.end ?? ROW) - ROW));
  return (
    <div ref={box} className="results" tabIndex={0} role="group" aria-label="Table" data-testid="table">
      <table className="tbl stat">
        <thead><tr>{columns.map((c) => <th key={c.name} scope="col" className={c.type === 'number' ? 'num' : undefined}>{c.name}</th>)}</tr></thead>
        <tbody>
          {before > 0 ? <tr aria-hidden="true" style={{ height: before }}><td /></tr> : null}
          {items.map((it) => (
            <tr key={it.index} style={{ height: ROW }}>
              {columns.map((c, i) => <Cell key={c.name} column={c} value={rows[it.index]?.[i]} narrow={narrow} />)}
            </tr>
          ))}
          {after > 0 ? <tr aria-hidden="true" style={{ height: after }}><td /></tr> : null}
        </tbody>
      </table>
    </div>
  );
}

/** A value as it is shown; nothing where there is none. */
export function shown(column: Column, value: unknown): string {
  if (value === null || value === undefined) return '–';
  if (column.type === 'time' && typeof value === 'string') return when(value);
  if (typeof value === 'number') return Number.isInteger(value) ? number(value) : String(Math.round(value * 1000) / 1000);
  return Array.isArray(value) ? value.map(String).join(', ') : String(value);
}

function Cell({ column, value, narrow }: { column: Column; value: unknown; narrow: Narrow }) {
  const text = shown(column, value);
  const pivot = column.type === 'text' && typeof value === 'string' && value !== '';
  return (
    <td className={column.type === 'number' ? 'num' : 'mono'} title={text}>
      {pivot ? <button type="button" className="plain cellpivot" title={`Only events where ${column.name} is this`} onClick={() => narrow(column.name, value, true)}>{text}<IncludeIcon size={13} /></button> : text}
    </td>
  );
}
