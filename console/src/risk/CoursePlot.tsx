import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef } from 'react';
import { useComputedColorScheme } from '@mantine/core';
import uPlot from 'uplot';
import { moment } from '../ui/format';
import type { EntityDetail } from './risk';

const HEIGHT = 190;
const css = (name: string) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
type Course = NonNullable<EntityDetail['risk']>;

/** The score over time, with the line from which on it is worth a case. */
export function CoursePlot({ of }: { of: Course }) {
  const box = useRef<HTMLDivElement>(null);
  const scheme = useComputedColorScheme('dark');
  useEffect(() => {
    const el = box.current;
    if (!el || !HTMLCanvasElement.prototype.getContext) return;
    const font = '11px Inter, system-ui, sans-serif';
    const axis = { stroke: css('--muted'), ticks: { show: false }, font };
    const u = new uPlot(
      {
        width: Math.max(200, el.clientWidth),
        height: HEIGHT,
        padding: [10, 10, 0, 0],
        legend: { show: false },
        cursor: { drag: { x: false, y: false }, y: false },
        scales: { y: { range: () => [0, 100] } },
        axes: [{ ...axis, grid: { show: false }, size: 24, space: 110, values: (_u, splits) => splits.map((x) => moment(new Date(x * 1000).toISOString())) }, { ...axis, grid: { stroke: css('--line2'), width: 1 }, size: 34, splits: () => [0, 20, 50, 80, 100] }],
        series: [{}, { stroke: css('--accent'), width: 2, fill: `${css('--accent')}22`, points: { show: false } }, { stroke: css('--critical'), width: 1, dash: [5, 4], points: { show: false } }],
        hooks: { setCursor: [(s) => { const p = s.cursor.idx == null ? undefined : of.course[s.cursor.idx]; el.title = p ? `${p.score.toFixed(1)} at ${moment(p.at)}` : ''; }] },
      },
      [of.course.map((p) => Date.parse(p.at) / 1000), of.course.map((p) => p.score), of.course.map(() => of.promote_at)],
      el,
    );
    const sized = new ResizeObserver(() => u.setSize({ width: Math.max(200, el.clientWidth), height: HEIGHT }));
    sized.observe(el);
    return () => {
      sized.disconnect();
      u.destroy();
    };
  }, [of, scheme]);
  const top = of.course.reduce((a, b) => (b.score > a.score ? b : a), { at: of.at, score: of.score });
  return <div ref={box} className="courseplot" role="img" aria-label={`Score over time: now ${of.score.toFixed(1)}, at most ${top.score.toFixed(1)} at ${moment(top.at)}; worth a case from ${of.promote_at}`} />;
}
