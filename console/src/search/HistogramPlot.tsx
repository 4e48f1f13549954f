import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef } from 'react';
import { useComputedColorScheme } from '@mantine/core';
import uPlot from 'uplot';
import type { Histogram } from '../api/client';
import { compact, number } from '../ui/format';

const HEIGHT = 92;
const LEAST_BRUSH = 5;
const css = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

/** Counts over time on a square-root scale, so that one burst does not flatten the rest; drag to choose a range. */
export function HistogramPlot({ data, onRange }: { data: Histogram; onRange: (from: string, to: string) => void }) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const latest = useRef({ data, onRange });
  latest.current = { data, onRange };
  const scheme = useComputedColorScheme('dark');

  useEffect(() => {
    const el = box.current;
    if (!el || !HTMLCanvasElement.prototype.getContext) return;
    const font = '11px Inter, system-ui, sans-serif';
    const u = new uPlot(
      {
        width: Math.max(200, el.clientWidth),
        height: HEIGHT,
        padding: [8, 6, 0, 0],
        legend: { show: false },
        cursor: { drag: { x: true, y: false }, points: { show: false }, y: false },
        scales: { x: { range: () => [Date.parse(latest.current.data.from) / 1000, Date.parse(latest.current.data.to) / 1000] }, y: { range: (_u, _min, max) => [0, Math.max(1, max)] } },
        axes: [
          { stroke: css('--muted'), grid: { show: false }, ticks: { show: false }, size: 22, font, values: clock },
          { stroke: css('--muted'), grid: { stroke: css('--line2'), width: 1 }, ticks: { show: false }, size: 46, font, splits: (_u, _i, _min, max) => [0, max / 2, max], values: (_u, v) => v.map((n) => compact(Math.round(n * n))) },
        ],
        series: [{}, { fill: css('--bar'), stroke: css('--bar'), width: 0, paths: uPlot.paths.bars!({ size: [0.84, 60], align: 1 }), points: { show: false } }],
        hooks: {
          setSelect: [(s) => {
            if (s.select.width < LEAST_BRUSH) return;
            const at = (px: number) => new Date(Math.round(s.posToVal(px, 'x') * 1000)).toISOString();
            latest.current.onRange(at(s.select.left), at(s.select.left + s.select.width));
            s.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          }],
          setCursor: [(s) => { el.title = s.cursor.idx == null ? '' : hint(latest.current.data, s.cursor.idx); }],
        },
      },
      series(latest.current.data),
      el,
    );
    plot.current = u;
    const sized = new ResizeObserver(() => u.setSize({ width: Math.max(200, el.clientWidth), height: HEIGHT }));
    sized.observe(el);
    return () => {
      sized.disconnect();
      u.destroy();
      plot.current = undefined;
    };
  }, [scheme]);
  useEffect(() => plot.current?.setData(series(data)), [data]);

  return <div ref={box} className="histo" role="img" aria-label={`${number(data.total)} events over time. Drag to choose a range; the time range button does the same.`} data-testid="histogram" />;
}

const series = (d: Histogram): uPlot.AlignedData => [d.counts.map((_, i) => (Date.parse(d.from) + i * d.bucket_ms) / 1000), d.counts.map(Math.sqrt)];

function hint(d: Histogram, i: number): string {
  const from = new Date(Date.parse(d.from) + i * d.bucket_ms);
  return `${number(d.counts[i] ?? 0)} events from ${from.toLocaleString('en-GB')}`;
}

/** 14:30, and the day where a new one begins. */
function clock(_u: uPlot, splits: number[]): string[] {
  let day = '';
  const days = new Set(splits.map((s) => new Date(s * 1000).toDateString())).size > 1;
  return splits.map((s) => {
    const d = new Date(s * 1000);
    const date = `${d.getDate()} ${d.toLocaleString('en', { month: 'short' })}`;
    const time = `${String(d.getHours()).padStart(2, '0')}:${String(d.getMinutes()).padStart(2, '0')}`;
    const text = !days ? time : date !== day ? (time === '00:00' ? date : `${date} ${time}`) : time;
    day = date;
    return text;
  });
}
