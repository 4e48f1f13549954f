import './actions.css';
import { useEffect, useState } from 'react';
import { Link } from '@tanstack/react-router';
import { STATUSES as ALERT_STATUSES } from '../api/client';
import { CopyButton } from '../ui/parts';
import { RADIUS, aboutOf, dangerous, isTask, statusOf, type Action, type Radius } from './respond';

export const ActionPill = ({ a }: { a: Action }) => { const s = statusOf(a); return <span className={`pill ${s.tone}`} title={s.says}>{s.label}</span>; };

export const RadiusLabel = ({ of }: { of: Radius }) => <span className={`sev ${dangerous(of)}`} title={`How far a mistake reaches: ${RADIUS[of]}`}><span className="dot" /><span className="vh">Blast radius </span>{of}</span>;

/** The alert or case that it is about. */
export function AboutLink({ about, title }: { about: string | null | undefined; title?: string | null }) {
  const of = aboutOf(about);
  if (!of) return null;
  const text = title ?? (of.kind === 'alert' ? 'the alert' : 'the case');
  return of.kind === 'alert' ? <Link to="/alerts" search={{ alert: of.id, status: ALERT_STATUSES.join(',') }}>{text}</Link> : <Link to="/cases/$id" params={{ id: of.id }}>{text}</Link>;
}

/** Names and values in full; nothing is shortened, because this is what is agreed to. */
export function Values({ of, label, empty }: { of: Readonly<Record<string, unknown>>; label: string; empty: string }) {
  const all = Object.entries(of);
  if (all.length === 0) return <p className="muted">{empty}</p>;
  return <table className="params" aria-label={label}><tbody>{all.map(([name, value]) => <tr key={name}><th scope="row">{name}</th><td>{value === null || value === undefined ? <span className="muted">no value</span> : typeof value === 'string' ? value : JSON.stringify(value, null, 2)}</td></tr>)}</tbody></table>;
}

/** What exactly would be done: every parameter, and the hash that an approval is bound to. */
export function Parameters({ a }: { a: Action }) {
  if (isTask(a)) return null;
  return <><Values of={a.parameters} label="Parameters" empty="It takes no parameters." /><div className="row wrap muted"><span>Hash</span><span className="mono" style={{ overflowWrap: 'anywhere' }}>{a.parameters_hash}</span><CopyButton text={a.parameters_hash} label="Copy the hash" /></div></>;
}

const TICK_MS = 10_000;
/** The time, again every ten seconds. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => { const t = window.setInterval(() => setNow(Date.now()), TICK_MS); return () => window.clearInterval(t); }, []);
  return now;
}
