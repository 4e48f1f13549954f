import { exact, words } from '../ui/format';
import type { CaseStatus } from './address';
import { Link } from '@tanstack/react-router';
import { STATUSES } from '../api/client';
import { left, type Case, type CaseDetail } from './cases';

const TONE: Record<CaseStatus, string> = { open: 'c-low', investigating: 'c-medium', contained: 'c-high', resolved: 'c-ok', closed: 'c-informational', false_positive: 'c-informational' };
export const CasePill = ({ status }: { status: CaseStatus }) => <span className={`pill ${TONE[status]}`}>{words(status)}</span>;

const NEXT_GOAL = { acknowledge: 'acknowledge', contain: 'contain', resolve: 'resolve' } as const;

/** What has to be done next and when; the word says the state, the colour repeats it. */
export function Sla({ c, now }: { c: Case; now: number }) {
  if (!c.due) return <span className="muted">{c.clocks.some((k) => k.breached_at) ? 'was late' : 'in time'}</span>;
  const goal = c.clocks.find((k) => !k.met_at && k.due === c.due)?.goal;
  return <span className={c.sla === 'breached' ? 'c-bad' : c.sla === 'warning' ? 'c-warn' : 'muted'} data-sla={c.sla} title={`${goal ? NEXT_GOAL[goal] : 'due'} by ${exact(c.due)}`}>{goal ? `${NEXT_GOAL[goal]} ` : ''}{left(c.due, now)}</span>;
}

const SURE = { unknown: 'muted', low: 'c-low', medium: 'c-medium', high: 'c-high' } as const;

/** How sure the surest of its alerts is: a case is as sure as that one. */
export function Sure({ d }: { d: Pick<CaseDetail, 'confidence'> }) {
  const c = d.confidence;
  if (!c) return null;
  const known = c.label !== 'unknown';
  return <Link className={known ? `pill ${SURE[c.label]}` : 'muted'} to="/alerts" search={{ alert: c.alert, status: STATUSES.join(',') }} title={`The surest of ${c.decided} decided ${c.decided === 1 ? 'alert' : 'alerts'}:\n${c.evidence.map((e) => `${e.contribution > 0 ? '+' : ''}${e.contribution} ${e.claim}`).join('\n')}\n= ${c.score}`}>{known ? `sure: ${c.score} of 100, ${c.label}` : 'sure: not measured'}</Link>;
}
