import { expect, it } from 'vitest';
import { PAGES } from './pages';

it('gives every page an address and keys of its own, and none that the shell has', () => {
  const keys = PAGES.map((p) => p.key as string);
  expect(new Set(keys).size).toBe(keys.length);
  expect(new Set(PAGES.map((p) => p.to)).size).toBe(PAGES.length);
  expect(keys.filter((k) => ['g x', 'g m'].includes(k))).toEqual([]);
});
