import { exact, words } from '../ui/format';
import type { CaseStatus } from './address';
import { left, type Case } from './cases';

const TONE: Record<CaseStatus, string> = { open: 'c-low', investigating: 'c-medium', contained: 'c-high', resolved: 'c-ok', closed: 'c-informational', false_positive: 'c-informational' };
export const CasePill = ({ status }: { status: CaseStatus }) => <span className={`pill ${TONE[status]}`}>{words(status)}</span>;

const NEXT_GOAL = { acknowledge: 'acknowledge', contain: 'contain', resolve: 'resolve' } as const;

/** What has to be done next and when; the word says the state, the colour repeats it. */
export function Sla({ c, now }: { c: Case; now: number }) {
  if (!c.due) return <span className="muted">{c.clocks.some((k) => k.breached_at) ? 'was late' : 'in time'}</span>;
  const goal = c.clocks.find((k) => !k.met_at && k.due === c.due)?.goal;
  return <span className={c.sla === 'breached' ? 'c-bad' : c.sla === 'warning' ? 'c-warn' : 'muted'} data-sla={c.sla} title={`${goal ? NEXT_GOAL[goal] : 'due'} by ${exact(c.due)}`}>{goal ? `${NEXT_GOAL[goal]} ` : ''}{left(c.due, now)}</span>;
}
