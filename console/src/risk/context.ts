import type { Schemas } from '../api/client';

export type Fact = Schemas['ContextFact'];
const DAY = 86_400_000;
export const LENGTHS = [{ label: 'two hours', ms: 7_200_000 }, { label: 'a day', ms: DAY }, { label: 'a week', ms: 7 * DAY }, { label: '90 days', ms: 90 * DAY }, { label: 'a year', ms: 365 * DAY }] as const;
/** What is offered; the API takes any number between. */
export const EFFECTS: readonly number[] = [1, 0.5, 0.25, 0, -0.5, -0.8, -1];

const steps = (n: number) => `${Math.abs(n)} ${Math.abs(n) === 1 ? 'step' : 'steps'}`;
export const shift = (n: number) => (n === 0 ? 'as the rule says' : n > 0 ? `${steps(n)} worse` : `${steps(n)} less`);

/** What a fact changes, in a few words. */
export function effect(f: Pick<Fact, 'risk' | 'severity_shift'>): string {
  const risk = f.risk === 0 ? '' : f.risk === -1 ? 'no risk' : `${Math.round((1 + f.risk) * 100) / 100} times the risk`;
  return [risk, f.severity_shift === 0 ? '' : shift(f.severity_shift)].filter(Boolean).join(', ');
}
