import { STATUSES, type ActionStatus } from './respond';

export const SPANS = ['1h', '24h', '7d', '30d'] as const;
export type Span = (typeof SPANS)[number];
const HOURS: Record<Span, number> = { '1h': 1, '24h': 24, '7d': 168, '30d': 720 };
/** The instant, to the minute: the same question is not asked again every second. */
export const instant = (span: Span | undefined, now = Date.now()) => (span ? new Date(Math.floor((now - HOURS[span] * 3_600_000) / 60_000) * 60_000).toISOString() : undefined);

export const text = (x: unknown, most: number) => (typeof x === 'string' && x !== '' ? x.slice(0, most) : typeof x === 'number' ? String(x) : undefined);
export const span = (x: unknown) => SPANS.find((s) => s === x);

export type ActionSearch = { status?: ActionStatus; action?: string; target?: string; run?: string; since?: Span; at?: string };
export type ApprovalSearch = { at?: string };

export const readActions = (s: Record<string, unknown>): ActionSearch => ({ status: STATUSES.find((x) => x === s.status), action: text(s.action, 64), target: text(s.target, 200), run: text(s.run, 40), since: span(s.since), at: text(s.at, 40) });
export const readApprovals = (s: Record<string, unknown>): ApprovalSearch => ({ at: text(s.at, 40) });
