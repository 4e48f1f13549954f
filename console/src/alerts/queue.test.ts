import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Refused, type AlertPage } from '../api/client';
import { alert } from '../test/server';
import { AlertQueue, type Pages } from './queue';
import { Triage, type Bulk, type Versioned, type Wire } from './triage';

const OPEN = { status: ['new', 'in_progress'] as ('new' | 'in_progress')[], severity: [] };
const page = (alerts: AlertPage['alerts'], next: string | null = null): AlertPage => ({ alerts, next, total: alerts.length, counts: { severity: {}, status: {} }, live_seq: '1' });
const ids = (q: AlertQueue) => q.get().rows.map((a) => a.id);
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

async function loaded(pages: Pages = async () => page([alert(1), alert(2)]), touched = false) {
  const q = new AlertQueue(pages);
  q.whenTouched(() => touched);
  await q.load(OPEN);
  return q;
}

it('puts a new alert on top while nobody has begun to read', async () => {
  const q = await loaded();
  q.receive({ kind: 'created', alert: alert(9) });
  expect(ids(q)).toEqual(['a9', 'a1', 'a2']);
});

it('lets a new alert wait once somebody reads, and shows it when told', async () => {
  const q = await loaded(undefined, true);
  q.receive({ kind: 'created', alert: alert(8) });
  q.receive({ kind: 'created', alert: alert(9) });
  expect(ids(q)).toEqual(['a1', 'a2']);
  expect(q.get().fresh).toHaveLength(2);
  q.showFresh();
  expect(ids(q)).toEqual(['a9', 'a8', 'a1', 'a2']);
});

it('shows a new alert at once where there was none, even to somebody who reads', async () => {
  const q = await loaded(async () => page([]), true);
  q.receive({ kind: 'created', alert: alert(9) });
  expect(ids(q)).toEqual(['a9']);
});

it('ignores what does not fit, and what it has', async () => {
  const q = await loaded();
  q.receive({ kind: 'created', alert: alert(9, { status: 'resolved' }) });
  q.receive({ kind: 'created', alert: alert(1) });
  expect(ids(q)).toEqual(['a1', 'a2']);
});

it('changes an alert where it stands, and drops word that is older', async () => {
  const q = await loaded(undefined, true);
  q.receive({ kind: 'updated', alert: alert(1, { status: 'resolved', version: 3 }) });
  q.receive({ kind: 'updated', alert: alert(1, { status: 'in_progress', version: 2 }) });
  expect(ids(q)).toEqual(['a1', 'a2']);
  expect(q.get().rows[0]?.status).toBe('resolved');
});

it('keeps what came while the first page was on its way', async () => {
  let give: (p: AlertPage) => void = () => {};
  const q = new AlertQueue(() => new Promise<AlertPage>((r) => (give = r)));
  const loading = q.load(OPEN);
  q.receive({ kind: 'created', alert: alert(9) });
  give(page([alert(1)]));
  await loading;
  expect(ids(q)).toEqual(['a9', 'a1']);
});

it('reads on by cursor without showing a row twice', async () => {
  const asked: (string | undefined)[] = [];
  const q = await loaded(async (_f, _n, cursor) => (asked.push(cursor), cursor ? page([alert(2), alert(3)]) : page([alert(1), alert(2)], 'c2')));
  await q.loadMore();
  await q.loadMore();
  expect(ids(q)).toEqual(['a1', 'a2', 'a3']);
  expect(asked).toEqual([undefined, 'c2']);
});

it('reads again when the stream began behind the page', async () => {
  let reads = 0;
  const q = new AlertQueue(async () => (reads++, page([alert(reads)])), () => reads > 1);
  await q.load(OPEN);
  expect(reads).toBe(2);
  expect(ids(q)).toEqual(['a2']);
});

it('takes what the stream lost for new, without moving a row', async () => {
  let now = [alert(2), alert(3)];
  const q = await loaded(async () => page(now), true);
  now = [alert(0), alert(1), alert(2, { status: 'in_progress', version: 2 }), alert(3)];
  q.receive({ kind: 'resync' });
  await vi.advanceTimersByTimeAsync(0);
  expect(ids(q)).toEqual(['a2', 'a3']);
  expect(q.get().rows[0]?.status).toBe('in_progress');
  expect(q.get().fresh.map((a) => a.id)).toEqual(['a0', 'a1']);
});

it('says what went wrong', async () => {
  const q = await loaded(async () => { throw new Refused(503, 'Busy', 'The database rests.'); });
  expect(q.get().problem?.message).toBe('The database rests.');
});

const never = () => Promise.reject(new Error('not asked'));

function triage(q: AlertQueue, send: Wire['one'], more: Partial<Wire> = {}) {
  const said: string[] = [];
  const server: Wire = { one: send, fresh: async (id) => alert(Number(id.slice(1)), { status: 'in_progress', assignee: 'other', version: 5 }), many: never, undo: never, ...more };
  const t = new Triage(q, 'analyst', { done: (m) => said.push(m), failed: (t, m) => said.push(`${t}: ${m}`) }, () => {}, server);
  return { t, said };
}

it('shows a change before the server has answered, and undoes it', async () => {
  const q = await loaded();
  const sent: [string, Versioned][] = [];
  const { t } = triage(q, async (id, b) => (sent.push([id, b]), alert(1, { status: b.to!, verdict: b.verdict ?? null, version: 1 + sent.length })));
  const closing = t.change([q.get().rows[0]!], { to: 'resolved', verdict: 'benign' }, 'Closed');
  expect(q.get().rows[0]).toMatchObject({ status: 'resolved', verdict: 'benign' });
  await closing;
  expect(t.undo()).toBe(true);
  expect(q.get().rows[0]?.status).toBe('new');
  await vi.runAllTimersAsync();
  expect(sent).toEqual([['a1', { to: 'resolved', verdict: 'benign', version: 1 }], ['a1', { to: 'new', version: 2 }]]);
  expect(t.undo()).toBe(false);
});

it('puts back what the server refused and says so', async () => {
  const q = await loaded();
  const { t, said } = triage(q, async () => { throw new Refused(503, 'Busy', 'The database rests.'); });
  await t.change([q.get().rows[0]!], { to: 'in_progress' }, 'Took');
  expect(q.get().rows[0]).toEqual(alert(1));
  expect(said.at(-1)).toContain('The database rests.');
});

it('shows what somebody faster made of an alert', async () => {
  const q = await loaded();
  const { t } = triage(q, async () => { throw new Refused(409, 'Changed meanwhile', 'Taken.'); });
  await t.change([q.get().rows[0]!], { to: 'resolved', verdict: 'benign' }, 'Closed');
  expect(q.get().rows[0]).toMatchObject({ status: 'in_progress', assignee: 'other' });
});

it('never lets a second change of an alert overtake the first', async () => {
  const q = await loaded();
  const order: string[] = [];
  let release: () => void = () => {};
  const gate = new Promise<void>((r) => (release = r));
  const { t } = triage(q, async (_id, b) => {
    if (order.length === 0) await gate;
    order.push(b.to!);
    return alert(1, { status: b.to!, version: 1 + order.length });
  });
  const one = t.change([q.get().rows[0]!], { to: 'in_progress' }, 'Took');
  const two = t.change([q.get().rows[0]!], { to: 'resolved', verdict: 'benign' }, 'Closed');
  await Promise.resolve();
  expect(order).toEqual([]);
  release();
  await Promise.all([one, two]);
  expect(order).toEqual(['in_progress', 'resolved']);
});

const bulk = (change: Partial<Bulk>): Bulk => ({ matched: 2, changed: 2, skipped: {}, as_of: '2026-11-21T10:00:00.000Z', undo: 'u1', undo_until: null, ...change });

it('acts on several as one, and undoes them as one', async () => {
  const q = await loaded();
  const asked: unknown[] = [];
  const { t, said } = triage(q, never, { many: async (body) => (asked.push(body), bulk({})), undo: async (u) => (asked.push(u), { restored: 1, changed_since: 1, ids: ['a2'] }) });
  await t.change(q.get().rows, { to: 'dismissed' }, 'Dismissed');
  expect(q.get().rows.map((a) => a.status)).toEqual(['dismissed', 'dismissed']);
  expect(t.undo()).toBe(true);
  await vi.runAllTimersAsync();
  expect(asked).toEqual([{ ids: ['a1', 'a2'], act: { to: 'dismissed' }, dry_run: false }, 'u1']);
  expect(said).toEqual(['Dismissed 2 alerts', 'Undone: 1 alerts are as before; 1 were changed since and stay so']);
});

it('undoes several that the server has not answered yet, and not what was done before', async () => {
  const q = await loaded();
  const sent: unknown[] = [];
  let answer: (b: Bulk) => void = () => {};
  const { t } = triage(q, async (id, b) => (sent.push(id), alert(1, { status: b.to!, version: 2 })), {
    many: () => new Promise((r) => (answer = r)),
    undo: async (u) => (sent.push(u), { restored: 2, changed_since: 0, ids: ['a1', 'a2'] }),
  });
  await t.change([q.get().rows[0]!], { to: 'in_progress' }, 'Took');
  const acting = t.change(q.get().rows, { to: 'dismissed' }, 'Dismissed');
  expect(t.undo()).toBe(true);
  expect(sent).toEqual(['a1']);
  answer(bulk({}));
  await acting;
  await vi.runAllTimersAsync();
  expect(sent).toEqual(['a1', 'u1']);
});

it('reads the queue again where it cannot know what became of each', async () => {
  let reads = 0;
  const q = await loaded(async () => (reads++, page([alert(1)])));
  const { t, said } = triage(q, never, { many: async () => bulk({ matched: 900, changed: 700, skipped: { 'illegal-transition': 200 } }) });
  await t.all(OPEN, '2026-11-21T10:00:00.000Z', { to: 'resolved', verdict: 'benign' }, 'Closed');
  expect(reads).toBe(2);
  expect(said).toEqual(['Closed 700 alerts; 200 stay as they were']);
});

it('takes tags and a mark back', async () => {
  const q = await loaded();
  const sent: Versioned[] = [];
  const { t } = triage(q, async (_id, b) => (sent.push(b), { ...q.find('a1')!, tags: b.add_tags ?? [], version: 1 + sent.length }));
  await t.change([q.get().rows[0]!], { add_tags: ['drill'] }, 'Tagged');
  expect(q.get().rows[0]?.tags).toEqual(['drill']);
  t.undo();
  await vi.runAllTimersAsync();
  expect(sent.at(-1)).toEqual({ add_tags: [], remove_tags: ['drill'], version: 2 });
});

it('puts an alert that came back where new ones wait', async () => {
  const q = await loaded(undefined, true);
  q.receive({ kind: 'updated', alert: alert(9, { version: 4 }) });
  expect(q.get().fresh.map((a) => a.id)).toEqual(['a9']);
});
