import { useMemo, useRef, type KeyboardEvent } from 'react';
import { Link } from '@tanstack/react-router';
import { STATUSES } from '../api/client';
import { number, shortHost, when } from '../ui/format';
import { Key, SeverityLabel } from '../ui/parts';
import { picture, type CaseDetail, type Picture } from './cases';

type Props = { d: CaseDetail; chosen: string | undefined; choose: (alert: string) => void; keep?: (() => void) | undefined };
const COLUMN = 58;
const LANE = 30;
const LABEL = 190;
const SKY = 78;

/** The story: a picture beside a list in order of time; what is chosen in one is chosen in the other. */
export function Story({ d, chosen, choose, keep }: Props) {
  const p = useMemo(() => picture(d), [d]);
  if (d.alerts.length === 0) return <div className="empty"><h2>No alert is in this case</h2><p className="muted">Open an alert and link it, or wait: what belongs to it comes by itself.</p></div>;
  const links = d.links.filter((l) => l.earlier === chosen || l.later === chosen);
  return (
    <div className="story">
      <section className="storypic" aria-label="Picture of the story">
        {d.narrative ? <p className="why">{d.narrative}</p> : null}
        <Graph p={p} chosen={chosen} choose={choose} />
        {p.hidden > 0 ? <p className="muted">The first {p.columns.length} alerts; {number(p.hidden)} more are in the list.</p> : null}
        {links.length > 0 ? <><h2 className="cap">Why it belongs to others</h2><ul className="whys">{links.map((l) => <li key={l.earlier + l.later} data-joins={l.joins}>{l.why}</li>)}</ul></> : null}
      </section>
      <ol className="storylist" aria-label="Alerts in order of time">
        {d.alerts.map(({ alert, why }) => (
          <li key={alert.id}>
            <button type="button" id={`in-story-${alert.id}`} aria-pressed={alert.id === chosen} onClick={() => choose(alert.id)}>
              <span className="row"><SeverityLabel of={alert.severity} /><span className="mono muted">{when(alert.first_time)}</span><span className="grow1" />{alert.count > 1 ? <span className="muted">×{alert.count}</span> : null}</span>
              <span className="t">{alert.title}</span>
              <span className="muted">{why}</span>
            </button>
            {alert.id === chosen ? <div className="row wrap storyacts"><Link className="btn" to="/alerts" search={{ alert: alert.id, status: STATUSES.join(',') }}>Open the alert</Link>{keep ? <button type="button" className="btn" onClick={keep}>Take in as evidence <Key k="e" /></button> : null}</div> : null}
          </li>
        ))}
      </ol>
    </div>
  );
}

function Graph({ p, chosen, choose }: { p: Picture; chosen: string | undefined; choose: (alert: string) => void }) {
  const svg = useRef<SVGSVGElement>(null);
  const at = p.columns.findIndex((c) => c.alert.id === chosen);
  const width = LABEL + p.columns.length * COLUMN + 12;
  const height = SKY + Math.max(1, p.lanes.length) * LANE + 10;
  const x = (column: number) => LABEL + column * COLUMN + COLUMN / 2;
  const y = (lane: number) => SKY + lane * LANE + LANE / 2;
  const step = (e: KeyboardEvent) => {
    const d = e.key === 'ArrowRight' ? 1 : e.key === 'ArrowLeft' ? -1 : 0;
    const next = p.columns[Math.max(0, Math.min(p.columns.length - 1, (at < 0 ? 0 : at) + d))];
    if (e.key === 'Enter' || e.key === ' ') e.preventDefault();
    if (d === 0 || !next) return;
    e.preventDefault();
    choose(next.alert.id);
    svg.current?.querySelector<SVGGElement>(`[data-alert="${next.alert.id}"]`)?.focus();
  };
  return (
    <div className="scrollx" data-story>
      <svg ref={svg} width={width} height={height} role="group" aria-label={`${p.columns.length} alerts from left to right as they happened; arrows move between them`}>
        {p.lanes.map((n, i) => (
          <g key={n.type + n.value}>
            <line x1={LABEL} x2={width} y1={y(i)} y2={y(i)} className="lane" />
            <text x={LABEL - 12} y={y(i) + 4} textAnchor="end" className="lanename"><title>{`${n.type} ${n.value}`}</title>{cut(n.type === 'host' ? shortHost(n.value) : n.type === 'process' ? program(n.value) : n.value)}</text>
          </g>
        ))}
        {p.arcs.map(({ from, to, link }) => {
          const mid = (x(from) + x(to)) / 2;
          const up = Math.min(SKY - 14, 16 + Math.abs(to - from) * 9);
          const on = link.earlier === chosen || link.later === chosen;
          return <path key={link.earlier + link.later} className="arc" data-on={on} data-joins={link.joins} d={`M ${x(from)} ${SKY - 10} Q ${mid} ${SKY - 10 - up * 1.6} ${x(to)} ${SKY - 10}`} strokeWidth={1 + 3 * link.weight}><title>{link.why}</title></path>;
        })}
        {p.columns.map(({ alert }, i) => {
          const lanes = p.at[i] ?? [];
          const on = alert.id === chosen;
          const bottom = lanes.length > 0 ? y(Math.max(...lanes)) : SKY;
          return (
            <g key={alert.id} role="button" className={`node c-${alert.severity}`} data-alert={alert.id} aria-pressed={on} tabIndex={on || (at < 0 && i === 0) ? 0 : -1} aria-label={`${alert.title}, ${alert.severity}, ${when(alert.first_time)}`} onClick={() => choose(alert.id)} onFocus={() => { if (!on) choose(alert.id); }} onKeyDown={step}>
              <title>{`${alert.title}\n${when(alert.first_time)}`}</title>
              <rect x={x(i) - COLUMN / 2 + 3} y={SKY - 26} width={COLUMN - 6} height={height - SKY + 22} rx={6} className="hit" />
              <line x1={x(i)} x2={x(i)} y1={SKY - 10} y2={bottom} className="stem" />
              <circle cx={x(i)} cy={SKY - 10} r={8} className="head" />
              {lanes.map((l) => <circle key={l} cx={x(i)} cy={y(l)} r={5} className="dot" />)}
            </g>
          );
        })}
      </svg>
    </div>
  );
}

/** A path's last part, as nobody reads the rest in a picture. */
const program = (path: string) => path.split(/[\\/]/).findLast((part) => part !== '') ?? path;
const cut = (s: string) => (s.length > 22 ? `${s.slice(0, 10)}…${s.slice(-11)}` : s);
