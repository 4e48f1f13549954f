import { expect, it } from 'vitest';
import { bare, differs, kept, toSearch, type View } from './views';

const VIEW: View = { id: 'v1', name: 'Shells', description: '', query: 'cmd contains sh', rule: null, last: '7d', from: null, to: null, columns: [], display: 'events', shared: false, owner: 'me', mine: true, editable: true, created_at: '2026-11-21T00:00:00Z', updated_at: '2026-11-21T00:00:00Z', version: 1 };

it('keeps a search and shows the same again', () => {
  for (const s of [{ q: 'a', last: '7d' }, { q: 'a' }, { rule: 'r1' }, { q: 'a', cols: ['host', 'process.cmd_line'] }, { q: '* | top host', view: 'chart' as const, from: '2026-11-20T00:00:00.000Z', to: '2026-11-21T00:00:00.000Z' }]) {
    const { saved, ...back } = toSearch({ ...VIEW, ...(kept(s, true) as Partial<View>) });
    expect(saved).toBe('v1');
    expect(Object.fromEntries(Object.entries(back).filter(([, v]) => v !== undefined))).toEqual(s);
  }
});

it('sees what was changed since, and no more', () => {
  expect(differs(VIEW, toSearch(VIEW))).toBe(false);
  expect(differs(VIEW, { ...toSearch(VIEW), q: 'other' })).toBe(true);
  expect(differs(VIEW, { ...toSearch(VIEW), cols: ['host'] })).toBe(true);
  expect(differs(VIEW, { ...toSearch(VIEW), last: '30d' })).toBe(true);
  expect(differs({ ...VIEW, last: null }, { q: VIEW.query, last: '30d' })).toBe(false);
  expect(differs({ ...VIEW, last: null, from: '2026-11-20T00:00:00Z', to: '2026-11-21T00:00:00Z' }, { q: VIEW.query, from: '2026-11-20T00:00:00.000Z', to: '2026-11-21T00:00:00.000Z' })).toBe(false);
});

it('fills in what a bare address leaves out', () => {
  expect(bare({ saved: 'v1' })).toBe(true);
  expect(bare({ saved: 'v1', q: 'x' })).toBe(false);
  expect(bare({})).toBe(false);
});
