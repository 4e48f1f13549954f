import { expect, it } from 'vitest';
import { about, again, bars, perDay, raising, ruleIds, timeLeft, type Hunt, type RuleHits } from './hunt';
import { readSearch } from './search';

const hits = (rule_id: string, days: Record<string, number>): RuleHits => ({ rule_id, title: rule_id, level: 'high', hits: Object.values(days).reduce((a, b) => a + b, 0), per_day: 1, days: Object.entries(days).map(([day, n]) => ({ day, hits: n })), newest: [] });
const HUNT: Hunt = { id: 'h', title: 't', rule: null, rule_ids: ['a', 'b'], from: '2026-11-18T12:00:00.000Z', to: '2026-11-21T06:00:00.000Z', raise: false, state: 'done', created_by: 'x', created_by_name: 'x', created_at: '2026-11-21T06:00:00.000Z', ended_at: null, progress: 1, scanned_events: 9, hits: 6, note: null, rules: [hits('a', { '2026-11-18': 1, '2026-11-21': 2 }), hits('b', { '2026-11-18': 3 })] };

it('has a bar for each day, those without hits among them, cut at the ends of the range', () => {
  expect(bars(HUNT)).toEqual([
    { from: '2026-11-18T12:00:00.000Z', to: '2026-11-19T00:00:00.000Z', hits: 4 },
    { from: '2026-11-19T00:00:00.000Z', to: '2026-11-20T00:00:00.000Z', hits: 0 },
    { from: '2026-11-20T00:00:00.000Z', to: '2026-11-21T00:00:00.000Z', hits: 0 },
    { from: '2026-11-21T00:00:00.000Z', to: '2026-11-21T06:00:00.000Z', hits: 2 },
  ]);
  expect(bars(HUNT, 'b').map((b) => b.hits)).toEqual([3, 0, 0, 0]);
});

it('puts several days into a bar where there are many, and loses no hit', () => {
  const year = { ...HUNT, from: '2025-11-21T00:00:00.000Z', to: '2026-11-21T00:00:00.000Z', rules: [hits('a', { '2025-11-21': 1, '2026-03-01': 5, '2026-11-20': 2 })] };
  const all = bars(year);
  expect(all.length).toBeLessThanOrEqual(62);
  expect(all.reduce((n, b) => n + b.hits, 0)).toBe(8);
  expect(all.at(-1)?.to).toBe(year.to);
  for (let i = 1; i < all.length; i++) expect(all[i]!.from).toBe(all[i - 1]!.to);
});

it('does not stretch an hour into a day', () => {
  expect(perDay(6, { from: '2026-11-21T00:00:00Z', to: '2026-11-21T01:00:00Z' })).toBe(6);
  expect(perDay(6, { from: '2026-11-19T00:00:00Z', to: '2026-11-21T00:00:00Z' })).toBe(3);
});

it('tells the time left from what it saw, and nothing before that', () => {
  expect(timeLeft(undefined, { at: 0, progress: 0.5 })).toBeUndefined();
  expect(timeLeft({ at: 0, progress: 0.2 }, { at: 9000, progress: 0.2 })).toBeUndefined();
  expect(timeLeft({ at: 0, progress: 0.2 }, { at: 1000, progress: 0.4 })).toBe(3000);
  expect([about(200), about(40_000), about(200_000), about(7.3e6)]).toEqual(['about 1 s', 'about 40 s', 'about 3 min', 'about 2 h']);
});

it('asks again with the same rules, text or all', () => {
  expect(again(HUNT, true)).toEqual({ rule_ids: ['a', 'b'], from: HUNT.from, to: HUNT.to, raise: true });
  expect(again({ ...HUNT, rule: 'title: x', rule_ids: [] }, false)).toEqual({ rule: 'title: x', from: HUNT.from, to: HUNT.to, raise: false });
  expect(again({ ...HUNT, rule_ids: [] }, false)).toEqual({ from: HUNT.from, to: HUNT.to, raise: false });
});

it('says what raising does, and where it stops', () => {
  expect(raising(HUNT)[0]).toContain('up to 6 alerts of 2 rules');
  expect(raising({ ...HUNT, hits: 25_000 }).join(' ')).toContain('at most 10,000');
});

it('reads the address and nothing else', () => {
  expect(readSearch({ new: 'yes', rules: 'a,b,a,', last: '7d', from: 'no' })).toMatchObject({ new: 'yes', last: '7d', from: undefined });
  expect(ruleIds({ rules: 'a, b,a,' })).toEqual(['a', 'b']);
  expect(readSearch({ hunt: 5, new: 'no', last: '7 days' })).toMatchObject({ hunt: '5', new: undefined, last: undefined });
});
