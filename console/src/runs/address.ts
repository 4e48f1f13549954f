import { span, text, type Span } from '../actions/address';

export const RUN_STATUSES = ['running', 'waiting', 'succeeded', 'failed', 'cancelled'] as const;
export type RunFilter = (typeof RUN_STATUSES)[number];
export type RunsSearch = { status?: RunFilter; playbook?: string; about?: string; since?: Span; at?: string };
export type RunSearch = { visit?: number };

export const readRuns = (s: Record<string, unknown>): RunsSearch => ({ status: RUN_STATUSES.find((x) => x === s.status), playbook: text(s.playbook, 64), about: text(s.about, 64), since: span(s.since), at: text(s.at, 40) });
export const readRun = (s: Record<string, unknown>): RunSearch => ({ visit: Number.isInteger(Number(s.visit)) && Number(s.visit) > 0 ? Number(s.visit) : undefined });
