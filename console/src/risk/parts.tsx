import type { Band } from './risk';

/** A band as a colour: they are named as severities are. */
export const tone = (band: Band) => (band === 'none' ? '' : `c-${band}`);

export function Score({ score, band, big }: { score: number; band: Band; big?: boolean }) {
  return <span className={`score ${big ? 'big ' : ''}${tone(band)}`}><b>{score.toFixed(1)}</b><span className="meter" aria-hidden><i style={{ width: `${Math.min(100, score)}%` }} /></span><span className="sev">{band === 'none' ? 'hardly any' : band}</span></span>;
}

const W = 96;
const H = 22;

/** Scores of a day as a line; the words beside it say the same. */
export function Spark({ trend, band }: { trend: readonly number[]; band: Band }) {
  const step = W / Math.max(1, trend.length - 1);
  const points = trend.map((s, i) => `${(i * step).toFixed(1)},${(H - 2 - (s / 100) * (H - 4)).toFixed(1)}`).join(' ');
  return <svg className={`spark ${tone(band)}`} viewBox={`0 0 ${W} ${H}`} role="img" aria-label={`Score over a day: ${trend.map((s) => Math.round(s)).join(', ')}`}><polyline points={points} fill="none" stroke="currentColor" strokeWidth="1.8" strokeLinejoin="round" /></svg>;
}
