import { screen, waitFor, within } from '@testing-library/react';
import { beforeEach, expect, it } from 'vitest';
import { clean, open, press, refuse } from '../test/open';
import { alert } from '../test/server';
import { readEntity, readSearch } from './address';
import { added, change, place, sum, toggle, type Contributor, type EntityDetail, type EntityGraph, type RiskPage } from './risk';

beforeEach(() => localStorage.clear());

const contributor = (n: number, c: Partial<Contributor> = {}): Contributor => ({ alert_id: `a${n}`, rule_id: `r${n}`, title: `Alert ${n}`, severity: 'critical', at: '2026-11-21T10:00:00.000Z', weight: 40, context: 0, facts: [], points: 40, decayed: 40, halvings: 0, counted: 40, withdrawn: false, ...c });
const ALL = [contributor(1), contributor(2, { halvings: 1, decayed: 20, counted: 10 }), contributor(3, { severity: 'high', weight: 20, context: 1, facts: ['Vault'], decayed: 10, counted: 10 }), contributor(4, { points: 0, decayed: 0, counted: 0, withdrawn: true })];

it('adds up as the platform does', () => {
  expect(added(ALL)).toEqual({ points: 60, score: 70 });
  expect(added([contributor(1), contributor(2)])).toEqual({ points: 80, score: 80 });
  expect(added([])).toEqual({ points: 0, score: 0 });
});

it('writes each part as one would by hand', () => {
  expect(sum(ALL[0]!)).toBe('40');
  expect(sum(ALL[1]!)).toBe('40, faded to 20.00 ÷ 2');
  expect(sum(ALL[2]!)).toBe('20 × 2 (Vault), faded to 10.00');
  expect(sum(ALL[3]!)).toBe('found to be nothing: 0');
});

it('keeps filters in the address, and nothing else', () => {
  expect(readSearch({ type: 'host,nobody', band: 'high,none' })).toEqual({ type: 'host', band: 'high', tab: undefined });
  expect(readEntity({ span: '30d', hops: '2' })).toEqual({ span: '30d', hops: 2 });
  expect(readEntity({ span: '9d', hops: 3 })).toEqual({});
  expect(toggle('host,user', 'host')).toBe('user');
  expect(toggle('host', 'host')).toBeUndefined();
  expect(change([10, 20, 50, 60])).toBe(40);
});

const GRAPH: EntityGraph = {
  hops: 2, cut: false,
  nodes: [{ id: 'host:web-1', type: 'host', value: 'WEB-1', hop: 0, alerts: 2, band: 'high', passable: true }, { id: 'user:corp\\ada', type: 'user', value: 'CORP\\ada', hop: 1, alerts: 1, band: 'low', passable: true }, { id: 'host:fs-1', type: 'host', value: 'fs-1', hop: 2, alerts: 1, band: 'none', passable: true }],
  edges: [{ a: 'host:web-1', b: 'user:corp\\ada', alerts: 1, first: '2026-11-21T10:00:00.000Z', last: '2026-11-21T10:00:00.000Z', examples: ['a1'] }, { a: 'host:fs-1', b: 'user:corp\\ada', alerts: 1, first: '2026-11-21T10:00:00.000Z', last: '2026-11-21T10:00:00.000Z', examples: ['a2'] }],
  path: [{ from: 'host:web-1', to: 'user:corp\\ada', alert_id: 'a1', title: 'Phishing', time: '2026-11-21T10:00:00.000Z' }],
  blast_radius: { count: 2, by_type: { user: 1, host: 1 }, entities: ['user:corp\\ada', 'host:fs-1'] },
};

it('draws nobody on top of another', () => {
  const many = { ...GRAPH, nodes: [GRAPH.nodes[0]!, ...Array.from({ length: 20 }, (_, i) => ({ ...GRAPH.nodes[1]!, id: `user:u${i}`, hop: 1 }))] };
  const placed = place(many, 760, 400);
  expect(new Set(placed.map((n) => `${n.x.toFixed(1)} ${n.y.toFixed(1)}`)).size).toBe(21);
  expect(placed.every((n) => n.x > 0 && n.x < 760 && n.y > 0 && n.y < 400)).toBe(true);
});

const QUEUE: RiskPage = { at: '2026-11-21T10:00:00.000Z', next: null, total: 2, bands: { critical: 0, high: 1, medium: 0, low: 1 }, entities: [
  { type: 'host', value: 'WEB-1', score: 70, points: 60, band: 'high', alerts: 3, trend: Array(13).fill(70), contributors: ALL.slice(0, 3) },
  { type: 'user', value: 'CORP\\a/b', score: 5, points: 2.5, band: 'low', alerts: 1, trend: [...Array(12).fill(0), 5], contributors: [contributor(9, { counted: 2.5 })] }] };
const DETAIL: EntityDetail = {
  type: 'host', value: 'WEB-1', facts: { first_seen: '2026-11-20T10:00:00.000Z', last_seen: '2026-11-21T10:00:00.000Z', alerts: 4, open: 3, true_positives: 0, false_positives: 1, rules: 3 },
  risk: { at: '2026-11-21T10:00:00.000Z', score: 70, points: 60, band: 'high', promote_at: 80, contributors: ALL, course: [{ at: '2026-11-20T10:00:00.000Z', score: 0 }, { at: '2026-11-21T10:00:00.000Z', score: 70 }] },
  promotions: [{ at: '2026-11-21T09:00:00.000Z', score: 83.6, points: 90, alerts: 3, case_id: null }], alerts: [alert(1)],
  timeline: [{ at: '2026-11-21T10:00:00.000Z', kind: 'fired', alert_id: 'a1', text: 'Alert 1', actor: null }, { at: '2026-11-21T09:00:00.000Z', kind: 'promoted', alert_id: null, text: 'Risk 83.6 by 3 alerts', actor: null }],
  neighbours: [{ type: 'user', value: 'corp\\ada', alerts: 2, last: '2026-11-21T10:00:00.000Z' }],
};
const ENTITY = { 'GET /v1/entities/host/WEB-1': () => ({ body: DETAIL }), 'GET /v1/entities/host/WEB-1/graph': () => ({ body: GRAPH }) };

it('shows the queue and opens the entity by the keyboard', async () => {
  const { asked } = await open('/risk', { 'GET /v1/risk': () => ({ body: QUEUE }), 'GET /v1/entities/user/CORP%5Ca%2Fb': () => ({ body: { ...DETAIL, type: 'user', value: 'CORP\\a/b' } }), 'GET /v1/entities/user/CORP%5Ca%2Fb/graph': () => ({ body: GRAPH }) });
  expect(await screen.findByRole('link', { name: 'WEB-1' })).toBeInTheDocument();
  await clean();
  press('2');
  await waitFor(() => expect(window.location.search).toBe('?band=high'));
  press('0');
  await waitFor(() => expect(window.location.search).toBe(''));
  await screen.findByRole('link', { name: 'WEB-1' });
  press('j');
  press('o');
  expect(await screen.findByRole('heading', { name: 'CORP\\a/b' })).toBeInTheDocument();
  expect(asked.some((a) => a.route.startsWith('GET /v1/entities/user/CORP%5Ca%2Fb?'))).toBe(true);
});

it('teaches where nobody is, and says what a filter hides', async () => {
  const none = { ...QUEUE, entities: [], total: 0 };
  await open('/risk', { 'GET /v1/risk': () => ({ body: none }) });
  expect(await screen.findByText('Nothing speaks against anybody now')).toBeInTheDocument();
  press('1');
  expect(await screen.findByText('Nobody here now')).toBeInTheDocument();
  await clean();
});

it('shows what an entity adds up to, its way and its neighbours', async () => {
  await open('/entities/host/WEB-1?hops=2', ENTITY);
  const adds = await screen.findByRole('region', { name: 'Contributors' });
  expect(within(adds).getByText('60.00')).toBeInTheDocument();
  expect(within(adds).getByText(/= 70\.0/)).toBeInTheDocument();
  expect(await screen.findByText(/can be reached from here/)).toHaveTextContent('2 others can be reached from here, forwards in time, by at most two alerts: 1 user, 1 host.');
  expect(screen.getByRole('group', { name: 'Graph of 3 entities and 2 links' })).toBeInTheDocument();
  expect(screen.getByText('Phishing')).toBeInTheDocument();
  await clean();
});

const FACT = { id: 'f1', name: 'Vault', kind: 'crown_jewel', entity_type: 'host', pattern: 'vault-*', risk: 0.5, severity_shift: 1, reason: 'It has the keys', starts_at: '2026-11-20T10:00:00.000Z', expires_at: '2027-11-20T10:00:00.000Z', state: 'active', owner: 'ada', created_at: '2026-11-20T10:00:00.000Z', updated_at: '2026-11-20T10:00:00.000Z', version: 1 };

it('says what is known, and first what it would have changed', async () => {
  const preview = { days: 30, alerts: 7, severities: 2, entities: 1, examples: [{ id: 'a1', time: '2026-11-21T10:00:00.000Z', title: 'Alert 1', entity: 'vault-1', severity: 'high', severity_after: 'critical', points: 20, points_after: 60 }] };
  const { asked } = await open('/risk?tab=known', { 'GET /v1/context': () => ({ body: { facts: [FACT] } }), 'POST /v1/context/preview': () => ({ body: preview }), 'PUT /v1/context/f1': () => ({ body: FACT }) });
  expect(await screen.findByText('1.5 times the risk, 1 step worse')).toBeInTheDocument();
  await clean();
  press('e');
  expect(await screen.findByText(/would have another severity/)).toHaveTextContent('7 alerts of the last 30 days are about one such entity; 2 would have another severity.');
  await clean();
  screen.getByRole('button', { name: 'Change it' }).click();
  await waitFor(() => expect(asked.find((a) => a.route === 'PUT /v1/context/f1')?.body).toMatchObject({ pattern: 'vault-*', risk: 0.5, severity_shift: 1, version: 1, expires_at: FACT.expires_at }));
});

it('says that nobody names it', async () => {
  await open('/entities/host/nowhere', { 'GET /v1/entities/host/nowhere': refuse(404, 'No alert names it.') });
  expect(await screen.findByText('No alert names it')).toBeInTheDocument();
});
