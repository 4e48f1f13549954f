import { expect, it } from 'vitest';
import { alert } from '../test/server';
import { readCase, readCases } from './address';
import { base64, left, named, picture, timeline, type CaseDetail, type Linked } from './cases';
import { blocks } from './document';
import { seconds, span } from './targets';

const linked = (n: number, change = {}): Linked => ({ alert: alert(n, change), linked_at: '2026-11-21T10:00:00.000Z', linked_by: 'system:grouping', why: 'Both name user alice.' });

it('reads from the address what there is and nothing else', () => {
  expect(readCases({ view: 'mine', status: 'open,nonsense', severity: 'high', q: 7 })).toEqual({ view: 'mine', status: 'open', severity: 'high', q: '7', at: undefined });
  expect(readCases({ view: 'everything' }).view).toBeUndefined();
  expect(readCase({ tab: 'evidence', alert: 'a1' })).toEqual({ tab: 'evidence', alert: 'a1' });
  expect(readCase({ tab: 'story' }).tab).toBeUndefined();
});

it('says how long is left and how late it is', () => {
  const now = Date.parse('2026-11-21T10:00:00.000Z');
  expect(left('2026-11-21T10:12:00.000Z', now)).toBe('in 12 min');
  expect(left('2026-11-21T07:00:00.000Z', now)).toBe('3 h late');
});

it('names each once, what most alerts name first', () => {
  const all = named([linked(2), linked(1)]);
  expect(all[0]).toMatchObject({ type: 'user', value: 'alice', alerts: ['a2', 'a1'] });
  expect(all).toHaveLength(3);
});

it('draws an arc for each link between alerts that are shown, and a lane for each that is named', () => {
  const link = { earlier: 'a2', later: 'a1', weight: 0.8, joins: true, why: 'Both name user alice.', shared: [] };
  const p = picture({ alerts: [linked(2), linked(1)], links: [link, { ...link, later: 'gone' }] });
  expect(p.arcs).toEqual([{ from: 0, to: 1, link }]);
  expect(p.lanes.map((l) => l.value)).toEqual(['alice', 'web-1', 'web-2']);
  expect(p.at).toEqual([[0, 2], [0, 1]]);
  const many = picture({ alerts: Array.from({ length: 90 }, (_, i) => linked(i)), links: [] });
  expect([many.columns.length, many.hidden]).toEqual([80, 10]);
});

it('tells what happened and what was done as one list', () => {
  const d = { alerts: [linked(1)], history: [{ seq: 1, at: '2026-11-21T09:00:00.000Z', actor: 'ann', action: 'task_added', detail: 'Ask' }] } as unknown as CaseDetail;
  expect(timeline(d).map((m) => m.what)).toEqual(['task added', 'Alert 1']);
});

it('sends files as base64', async () => {
  expect(await base64({ arrayBuffer: () => Promise.resolve(new Uint8Array([0, 255, 16]).buffer) })).toBe('AP8Q');
});

it('reads and writes targets as people do', () => {
  for (const [text, s] of [['15 min', 900], ['4h', 14_400], ['3 days', 259_200], ['90', 5400], ['61 s', 61]] as const) expect(seconds(text)).toBe(s);
  for (const text of ['', 'soon', '-5 min', '1.5 h', '4 weeks']) expect(seconds(text)).toBeUndefined();
  for (const s of [60, 900, 5400, 14_400, 86_400, 61]) expect(seconds(span(s))).toBe(s);
  expect(span(5400)).toBe('90 min');
});

it('lays the report out, and nothing in it is markup', () => {
  const told = blocks('# Case 3: a \\*b\\* \\<script\\>\n\n- Status: open\n- 10:00 **Mail** (high)\n  - Both name host ws-1.\n\nOne alert.\n\n## Tasks\n\n- [x] Ask\n- [ ] Look');
  expect(told.map((b) => b.kind)).toEqual(['h1', 'list', 'p', 'h2', 'list']);
  expect(told[0]).toEqual({ kind: 'h1', runs: [{ text: 'Case 3: a *b* <script>', strong: false }] });
  expect(told[1]).toMatchObject({ items: [{ depth: 0 }, { depth: 0, runs: [{ text: '10:00 ' }, { text: 'Mail', strong: true }, { text: ' (high)' }] }, { depth: 1 }] });
  expect(told[4]).toMatchObject({ items: [{ done: true }, { done: false }] });
});
