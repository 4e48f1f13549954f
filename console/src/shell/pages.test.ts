import { expect, it } from 'vitest';
import { PAGES } from './pages';

const SOURCES = import.meta.glob<string>('../**/*.tsx', { query: '?raw', import: 'default', eager: true });

it('gives every page an address and keys of its own, which no screen uses for something else', () => {
  const keys = PAGES.map((p) => p.key as string);
  expect(new Set(keys).size).toBe(keys.length);
  expect(new Set(PAGES.map((p) => p.to)).size).toBe(PAGES.length);
  const elsewhere = Object.entries(SOURCES).filter(([file]) => !file.includes('.test.')).flatMap(([, text]) => [...text.matchAll(/'(g [^ '])'/g)].map((m) => m[1]!));
  expect(elsewhere).toContain('g g');
  expect(elsewhere).toContain('g x');
  expect(keys.filter((k) => elsewhere.includes(k))).toEqual([]);
});
