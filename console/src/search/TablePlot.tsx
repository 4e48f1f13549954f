import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef } from 'react';
import { useComputedColorScheme } from '@mantine/core';
import uPlot from 'uplot';
import { number } from '../ui/format';
import type { Narrow } from '../ui/EventView';
import type { Column } from './stream';
import { shown } from './TableResult';

const BARS = 40;
const SERIES = 12;
const css = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
/** Told apart in both themes and by most kinds of colour blindness, in this order. */
export const HUES = ['#4c8dff', '#e8843c', '#2fb380', '#c065d8', '#d9b52c', '#e05c74', '#35b3c9', '#8a94a6', '#7c6cf0', '#9bb33a', '#c98a6b', '#5f7f9f'];

/** Severities have colours of their own everywhere. */
const hue = (name: string, i: number) => (/^(critical|high|medium|low|informational)$/.test(name) ? css(`--dot-${name}`) : HUES[i % HUES.length]!);

const timeAt = (columns: readonly Column[]) => columns.findIndex((c) => c.type === 'time');
const numbersAt = (columns: readonly Column[]) => columns.flatMap((c, i) => (c.type === 'number' ? [i] : []));

/** A chart can be made where there is a number, over time or for each name. */
export const plottable = (columns: readonly Column[], rows: readonly unknown[][]) => rows.length > 0 && numbersAt(columns).length > 0 && columns.length > 1;

export function TablePlot({ columns, rows, narrow, area = false }: { columns: readonly Column[]; rows: readonly unknown[][]; narrow: Narrow; /** Filled below the lines. */ area?: boolean }) {
  return timeAt(columns) >= 0 ? <Lines columns={columns} rows={rows} area={area} /> : <Bars columns={columns} rows={rows} narrow={narrow} />;
}

function Bars({ columns, rows, narrow }: { columns: readonly Column[]; rows: readonly unknown[][]; narrow: Narrow }) {
  const value = numbersAt(columns)[0]!;
  const names = columns.flatMap((c, i) => (c.type === 'number' ? [] : [i]));
  const some = rows.slice(0, BARS);
  const most = Math.max(...some.map((r) => Number(r[value] ?? 0)), Number.MIN_VALUE);
  const first = names[0];
  return (
    <div className="results bars" tabIndex={0} role="group" aria-label="Chart" data-testid="chart">
      {some.map((r, i) => {
        const label = names.map((n) => shown(columns[n]!, r[n])).join(' · ') || `Row ${i + 1}`;
        const key = first === undefined ? undefined : r[first];
        return (
          <div key={i} className="bar">
            <button type="button" className="plain mono blabel" title={label} disabled={typeof key !== 'string'} onClick={() => { if (first !== undefined && typeof key === 'string') narrow(columns[first]!.name, key, true); }}>{label}</button>
            <span className="btrack"><span className="bfill" style={{ width: `${(Number(r[value] ?? 0) / most) * 100}%` }} /></span>
            <span className="bvalue">{shown(columns[value]!, r[value])}</span>
          </div>
        );
      })}
      {rows.length > BARS ? <p className="muted">The first {BARS} of {number(rows.length)} rows; the table has all.</p> : null}
    </div>
  );
}

function Lines({ columns, rows, area }: { columns: readonly Column[]; rows: readonly unknown[][]; area: boolean }) {
  const box = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme('dark');
  const time = timeAt(columns);
  const values = numbersAt(columns).slice(0, SERIES);
  useEffect(() => {
    const el = box.current;
    if (!el || !HTMLCanvasElement.prototype.getContext) return;
    const sorted = rows.toSorted((a, b) => Date.parse(String(a[time])) - Date.parse(String(b[time])));
    const data: uPlot.AlignedData = [sorted.map((r) => Date.parse(String(r[time])) / 1000), ...values.map((v) => sorted.map((r) => (typeof r[v] === 'number' ? r[v] : null)))];
    const font = '11px Inter, system-ui, sans-serif';
    const size = () => ({ width: Math.max(240, el.clientWidth), height: Math.max(160, el.clientHeight - 34) });
    const axis = { stroke: css('--muted'), grid: { stroke: css('--line2'), width: 1 }, ticks: { show: false }, font };
    const u = new uPlot({
      ...size(),
      padding: [12, 14, 0, 0],
      axes: [{ ...axis, grid: { show: false } }, { ...axis, size: 60 }],
      scales: { y: { range: (_u, min, max) => [Math.min(0, min), Math.max(1, max)] } },
      series: [{ value: '{YYYY}-{MM}-{DD} {HH}:{mm}' }, ...values.map((v, i) => ({ label: columns[v]!.name, stroke: hue(columns[v]!.name, i), ...(area ? { fill: `${hue(columns[v]!.name, i)}44` } : {}), width: 1.6, spanGaps: true, points: { show: rows.length < 120, size: 4 } }))],
    }, data, el);
    const sized = new ResizeObserver(() => u.setSize(size()));
    sized.observe(el);
    return () => {
      sized.disconnect();
      u.destroy();
    };
  }, [columns, rows, scheme, area]);
  const left = numbersAt(columns).length - values.length;
  return (
    <div className="results lines" role="img" aria-label={`${values.length} series over time; the table has the numbers.`} data-testid="chart">
      <div ref={box} className="lbox" />
      {left > 0 ? <p className="muted">{left} more series: the table has all.</p> : null}
    </div>
  );
}
