import { expect, it } from 'vitest';
import { describe, next, parse, type Cron } from './cron';

const said = (e: string) => { const c = parse(e); return typeof c === 'string' ? `! ${c}` : describe(c); };
const due = (e: string, zone: string, after: string, n = 3) => next(parse(e) as Cron, zone, Date.parse(after), n).map((t) => new Date(t).toISOString().slice(0, 16));

it('reads an expression aloud', () => {
  expect(said('* * * * *')).toBe('Every minute');
  expect(said('*/15 * * * *')).toBe('Every 15 minutes');
  expect(said('*/10 8-17 * * 1-5')).toBe('Every 10 minutes from 08:00 to 17:59, Monday to Friday');
  expect(said('0 * * * *')).toBe('Every hour on the hour');
  expect(said('5,35 * * * *')).toBe('Every hour at :05 and :35');
  expect(said('0 */6 * * *')).toBe('Every 6 hours on the hour');
  expect(said('0 7 * * *')).toBe('Every day at 07:00');
  expect(said('30 7,19 * * mon-fri')).toBe('Monday to Friday at 07:30 and 19:30');
  expect(said('0 6 1 * *')).toBe('On day 1 of the month at 06:00');
  expect(said('0 6 * 1,7 7')).toBe('Sunday at 06:00 in January and July');
});

it('says what is wrong', () => {
  expect(said('*/15 * * *')).toContain('Five fields are needed');
  expect(said('61 * * * *')).toContain('The minute “61” cannot be read');
  for (const e of ['5-1 * * * *', '*/0 * * * *', '0 0 0 * *', '0 0 * * 8', 'a * * * *', '*-3 * * * *', '1,,2 * * * *']) expect(said(e)).toMatch(/^!/);
});

it('knows when it is due', () => {
  expect(due('*/15 * * * *', 'UTC', '2026-11-21T10:07:00Z')).toEqual(['2026-11-21T10:15', '2026-11-21T10:30', '2026-11-21T10:45']);
  expect(due('0 7 * * 1-5', 'UTC', '2026-11-21T10:07:00Z')).toEqual(['2026-11-23T07:00', '2026-11-24T07:00', '2026-11-25T07:00']);
  expect(due('0 7 * * *', 'Asia/Riyadh', '2026-11-21T10:07:00Z', 1)).toEqual(['2026-11-22T04:00']);
  expect(due('0 0 13 * 5', 'UTC', '2026-11-21T10:07:00Z')).toEqual(['2026-11-27T00:00', '2026-12-04T00:00', '2026-12-11T00:00']);
  expect(due('0 0 29 2 *', 'UTC', '2026-11-21T10:07:00Z', 1)).toEqual(['2028-02-29T00:00']);
});

it('passes over a time that the clocks leave out, and keeps to the local hour', () => {
  expect(due('30 2 * * *', 'Europe/Berlin', '2027-03-27T03:00:00Z', 2)).toEqual(['2027-03-29T00:30', '2027-03-30T00:30']);
  expect(due('0 9 * * *', 'Europe/Berlin', '2027-03-27T12:00:00Z', 2)).toEqual(['2027-03-28T07:00', '2027-03-29T07:00']);
  expect(due('0 0 31 2 *', 'UTC', '2026-11-21T10:07:00Z')).toEqual([]);
});
