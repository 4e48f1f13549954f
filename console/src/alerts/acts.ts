import type { Verdict } from '../api/client';

export const VERDICTS: readonly { key: string; verdict: Verdict; label: string }[] = [
  { key: 'b', verdict: 'benign', label: 'benign' },
  { key: 'f', verdict: 'false_positive', label: 'false positive' },
  { key: 't', verdict: 'true_positive', label: 'true positive' },
];

const HOUR = 3600_000;
export type Snooze = { key: string; label: string; ms: number };
export const SNOOZES: readonly Snooze[] = [
  { key: 'h', label: 'an hour', ms: HOUR },
  { key: 'd', label: 'a day', ms: 24 * HOUR },
  { key: 'w', label: 'a week', ms: 7 * 24 * HOUR },
];
export const until = (s: Snooze, now = Date.now()) => new Date(now + s.ms).toISOString();
export const open = (a: { status: string }) => a.status !== 'resolved' && a.status !== 'dismissed';
