import type { Schemas } from '../api/client';

export type Target = Schemas['CaseTargets']['targets'][number];

export const GOALS: readonly { goal: Target['goal']; label: string }[] = [
  { goal: 'acknowledge', label: 'Acknowledge' },
  { goal: 'contain', label: 'Contain' },
  { goal: 'resolve', label: 'Resolve' },
];

const UNITS: readonly { unit: string; of: number; also: RegExp }[] = [
  { unit: 'd', of: 86_400, also: /^(d|days?)$/ },
  { unit: 'h', of: 3600, also: /^(h|hours?)$/ },
  { unit: 'min', of: 60, also: /^(m|min|minutes?)$/ },
  { unit: 's', of: 1, also: /^(s|seconds?)$/ },
];

/** "15 min", "4 h", "3 d": in the largest unit that says it exactly. */
export function span(s: number): string {
  const { unit, of } = UNITS.find((u) => s % u.of === 0) ?? { unit: 's', of: 1 };
  return `${s / of} ${unit}`;
}

/** What somebody has typed; undefined when it is no time. A number alone is minutes. */
export function seconds(text: string): number | undefined {
  const m = /^(\d{1,6})\s*([a-z]*)$/.exec(text.trim().toLowerCase());
  const unit = m && (m[2] === '' ? { of: 60 } : UNITS.find((u) => u.also.test(m[2]!)));
  return m && unit ? Number(m[1]) * unit.of : undefined;
}

/** "42 s", "7 min", "3.5 h", "2.1 d": as exactly as one wants to read it. */
export function rough(s: number): string {
  const { unit, of } = UNITS.find((u) => s >= u.of * (u.of === 60 ? 1.5 : u.of === 1 ? 0 : 1.5)) ?? UNITS.at(-1)!;
  const n = s / of;
  return `${of > 60 && n < 10 ? Number(n.toFixed(1)) : Math.round(n)} ${unit}`;
}
