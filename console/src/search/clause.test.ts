import { expect, it } from 'vitest';
import { clause, combine } from './clause';
import { near, readSearch, span } from './range';

it('writes values that nothing in them can break', () => {
  expect(clause('process.cmd_line', `a "b" 'c' *\\`, true)).toBe(`process.cmd_line = 'a "b" ''c'' *\\'`);
  expect(clause('unmapped.Odd Name', 'x', false)).toBe("`unmapped.Odd Name` != 'x'");
});

it('joins with and; puts what says or in parentheses, but not what only quotes it', () => {
  expect(combine('', 'a = 1')).toBe('a = 1');
  expect(combine('x', 'a = 1')).toBe('x and a = 1');
  expect(combine('x or y', 'a = 1')).toBe('(x or y) and a = 1');
  expect(combine('"x or y"', 'a = 1')).toBe('"x or y" and a = 1');
  expect(combine('x and a = 1', 'a = 1')).toBe('x and a = 1');
});

it('reads a range from the address and asks for instants', () => {
  const now = Date.UTC(2026, 10, 21, 12);
  expect(span(readSearch({ last: '15m' }), now).from).toBe('2026-11-21T11:45:00.000Z');
  expect(span(readSearch({ last: 'nonsense' }), now).from).toBe('2026-11-20T12:00:00.000Z');
  expect(span(readSearch({ from: '2026-01-01T00:00:00Z', to: '2026-01-02T00:00:00Z', last: '1h' }), now)).toEqual({ from: '2026-01-01T00:00:00.000Z', to: '2026-01-02T00:00:00.000Z' });
  expect(near('2026-11-21T11:00:00Z', now)).toEqual({});
  expect(near('2020-01-01T12:00:00Z', now)).toEqual({ from: '2020-01-01T00:00:00.000Z', to: '2020-01-02T00:00:00.000Z' });
});
