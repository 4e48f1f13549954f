import type { Schemas } from '../api/client';

export type CaseStatus = Schemas['CaseStatus'];
export type View = 'mine' | 'unassigned' | 'all';
export type Tab = 'story' | 'timeline' | 'alerts' | 'evidence' | 'entities' | 'response' | 'notes' | 'report';

export const CASE_STATUSES: readonly CaseStatus[] = ['open', 'investigating', 'contained', 'resolved', 'closed', 'false_positive'];
const TAB_NAMES: readonly Tab[] = ['timeline', 'alerts', 'evidence', 'entities', 'response', 'notes', 'report'];

export type CasesSearch = { view?: View; status?: string; severity?: string; q?: string; at?: string };
export type CaseSearch = { tab?: Tab; alert?: string };

const text = (x: unknown, most: number) => (typeof x === 'string' && x !== '' ? x.slice(0, most) : typeof x === 'number' ? String(x) : undefined);
const some = <T extends string>(x: unknown, known: readonly T[]) => text(x, 200)?.split(',').filter((w): w is T => (known as readonly string[]).includes(w)).join(',') || undefined;

export function readCases(s: Record<string, unknown>): CasesSearch {
  return { view: s.view === 'mine' || s.view === 'unassigned' ? s.view : undefined, status: some(s.status, CASE_STATUSES), severity: some(s.severity, ['critical', 'high', 'medium', 'low', 'informational']), q: text(s.q, 200), at: text(s.at, 40) };
}

export function readCase(s: Record<string, unknown>): CaseSearch {
  return { tab: TAB_NAMES.find((t) => t === s.tab), alert: text(s.alert, 40) };
}
