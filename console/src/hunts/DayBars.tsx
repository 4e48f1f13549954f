import { Link } from '@tanstack/react-router';
import { compact, day, number } from '../ui/format';
import type { Bar } from './hunt';

const NUMBERED = 31;

/** Where the hits of a stretch of days can be seen, if anywhere. */
export type ToEvents = (bar: Bar) => { q?: string; rule?: string; from: string; to: string } | undefined;

/** How often it would have fired, day by day; a bar leads to its events. */
export function DayBars({ bars, label, to }: { bars: readonly Bar[]; label: string; to?: ToEvents }) {
  const most = Math.max(1, ...bars.map((b) => b.hits));
  const several = bars.length > 1 && Date.parse(bars[0]!.to) - Date.parse(bars[0]!.from) > 86_400_000;
  return (
    <figure className="days" data-testid="days">
      <span className="ymax mono" aria-hidden="true">{compact(most)}</span>
      <ol className="dbars" aria-label={label}>
        {bars.map((b) => {
          const said = `${day(b.from)}${several ? ` to ${day(new Date(Date.parse(b.to) - 1).toISOString())}` : ''}: ${number(b.hits)} ${b.hits === 1 ? 'hit' : 'hits'}`;
          const at = b.hits > 0 ? to?.(b) : undefined;
          const fill = <>{b.hits > 0 && bars.length <= NUMBERED ? <span className="dn mono" aria-hidden="true">{compact(b.hits)}</span> : null}<span className="dfill" style={{ height: `${b.hits === 0 ? 0 : Math.max(2.5, (b.hits / most) * 100)}%` }} /></>;
          return <li key={b.from} title={said}>{at ? <Link to="/search" search={at} aria-label={`${said}. Its events`}>{fill}</Link> : <span className="dcell"><span className="vh">{said}</span>{fill}</span>}</li>;
        })}
      </ol>
      <figcaption className="dx muted" aria-hidden="true">{ticks(bars).map((b) => <span key={b.from}>{day(b.from)}</span>)}</figcaption>
    </figure>
  );
}

/** First, last and some between. */
function ticks(bars: readonly Bar[]): Bar[] {
  const n = Math.min(6, bars.length);
  return n < 2 ? [...bars] : Array.from({ length: n }, (_, i) => bars[Math.round((i * (bars.length - 1)) / (n - 1))]!);
}
