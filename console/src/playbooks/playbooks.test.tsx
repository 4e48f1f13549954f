import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it } from 'vitest';
import { clean, open, press } from '../test/open';
import { SESSION } from '../test/server';
import { blank, insert, putStep } from './model';
import { consent, type CatalogueAction, type Detail, type Policy } from './playbooks';
import { read, write, type Tree } from './text';

beforeEach(() => localStorage.clear());
const counted = () => { let n = 0; return () => `00000000-0000-4000-8000-${String(++n).padStart(12, '0')}`; };
const ACTION = (action: string, radius: CatalogueAction['radius'], effect: CatalogueAction['effect'] = 'outside'): CatalogueAction => ({ action, title: action.replaceAll('_', ' '), says: 'It is done.', about: 'host', radius, effect, permission: 'actions:contain', reverse: null, parameters: [{ name: 'host', type: 'string', required: true }], outputs: [{ name: 'rule', type: 'string' }], carried_by: ['Marsad'] });
const CATALOGUE = [ACTION('isolate_host', 'high'), ACTION('look_up', 'minimal', 'read'), ACTION('run_script', 'critical')];
const POLICY: Policy = { level: 'L1', always_asked: [], never: ['run_script'], trusted: [] };
const fresh = counted();
const start = blank('Contain it', fresh, '2026-11-22T00:00:00.000Z');
const made = insert(start, String(start.workflow_start), { kind: 'action', name: 'Isolate', action: 'isolate_host', says: 'isolate host' }, fresh);
const SOURCE = `# who asks: the night shift\n${write(made.tree)}`;
const DETAIL: Detail = { id: 'p1', name: 'Contain it', description: 'Takes a host from the network.', labels: [], types: [], enabled: false, origin: 'own', changed: false, newer_shipped: null, runnable: true, version: 'v1', modified: '2026-11-22T00:00:00.000Z', updated_at: null, triggers: [{ on: 'alert', when: 'severity >= high', cron: null, most_an_hour: 60 }], steps: 3, actions: ['isolate_host', 'run_script', 'look_up'], runs: { started: 10, succeeded: 6, failed: 4, running: 0 }, last_run_at: null, left: null, source: SOURCE, document: made.tree, newest: 'v1', findings: [], webhook: null };
const { source: _s, document: _d, newest: _n, findings: _f, webhook: _w, ...SUMMARY } = DETAIL;
const ROUTES = {
  'GET /v1/auth/session': () => ({ body: { ...SESSION, permissions: [...SESSION.permissions, 'playbooks:read', 'playbooks:write', 'playbooks:run', 'actions:read'] } }),
  'GET /v1/playbooks': () => ({ body: { playbooks: [SUMMARY, { ...SUMMARY, id: 'p2', name: 'Another', enabled: true, actions: [], origin: 'shipped' }] } }),
  'GET /v1/playbooks/p1': () => ({ body: DETAIL }),
  'GET /v1/actions/catalogue': () => ({ body: { actions: CATALOGUE } }),
  'GET /v1/actions': () => ({ body: { actions: [], next: null } }),
  'GET /v1/response-policy': () => ({ body: POLICY }),
  'POST /v1/playbooks/check': (r: { body?: unknown }) => { const got = read((r.body as { source: string }).source); return { body: { id: null, name: null, runnable: 'tree' in got, findings: [], document: 'tree' in got ? got.tree : null, yaml: null, hash: null } }; },
};

it('lists playbooks with how they went, and says what may happen before one is on', async () => {
  const { asked } = await open('/playbooks', { ...ROUTES, 'PUT /v1/playbooks/p1/enabled': () => ({ body: { ...SUMMARY, enabled: true } }) });
  const row = (await screen.findByRole('link', { name: 'Contain it' })).closest('tr')!;
  expect(row).toHaveTextContent('60 % succeeded');
  await clean();
  await userEvent.click(within(row).getByRole('switch'));
  const may = await screen.findByRole('list', { name: 'What may happen' });
  expect(may).toHaveTextContent('isolate host waits for a person: radius high at level L1');
  expect(may).toHaveTextContent('run script is never done');
  expect(may).toHaveTextContent('look up goes by itself: it changes nothing');
  await clean();
  expect(asked.some((a) => a.route.startsWith('PUT'))).toBe(false);
  await userEvent.click(screen.getByRole('button', { name: 'Enable it' }));
  await waitFor(() => expect(asked.find((a) => a.route === 'PUT /v1/playbooks/p1/enabled')?.body).toEqual({ enabled: true }));
});

it('says what its triggers did not start, and where to send to start it', async () => {
  const left = { count: 3, at: new Date(Date.now() - 600_000).toISOString(), reason: 'more than 2 in an hour (webhook)' };
  const extension = { 'extension-definition--3e6f2b14-9c57-4d7a-8b0e-52c1a4d7f960': { triggers: [{ on: 'webhook', max_per_hour: 2 }] } };
  const detail = { ...DETAIL, left, webhook: '/v1/playbooks/p1/webhook', source: write({ ...made.tree, playbook_extensions: extension } as Tree) };
  await open('/playbooks', { ...ROUTES, 'GET /v1/playbooks': () => ({ body: { playbooks: [{ ...SUMMARY, left }, { ...SUMMARY, id: 'p3', name: 'Long ago', left: { ...left, at: '2020-01-01T00:00:00Z' } }] } }), 'GET /v1/playbooks/p1': () => ({ body: detail }) });
  const row = (await screen.findByRole('link', { name: 'Contain it' })).closest('tr')!;
  expect(row).toHaveTextContent('3 not started, the last 10 min ago: more than 2 in an hour (webhook)');
  expect(screen.getByRole('link', { name: 'Long ago' }).closest('tr')).not.toHaveTextContent('not started');
  await userEvent.click(within(row).getByRole('link', { name: 'Contain it' }));
  await userEvent.click(await screen.findByRole('button', { name: '3 not started' }));
  const panel = await screen.findByRole('tabpanel');
  expect(panel).toHaveTextContent('more than 2 in an hour (webhook)');
  expect(panel).toHaveTextContent(`${window.location.origin}/v1/playbooks/p1/webhook`);
  expect(within(panel).getByRole('button', { name: 'Copy' })).toBeEnabled();
  await clean();
});

it('takes the newer shipped text by one key, and back', async () => {
  const old = { ...DETAIL, origin: 'shipped' as const, changed: true, newer_shipped: 'v9' };
  const { asked } = await open('/playbooks/p1', { ...ROUTES, 'GET /v1/playbooks': () => ({ body: { playbooks: [{ ...SUMMARY, newer_shipped: 'v9' }] } }), 'GET /v1/playbooks/p1': () => ({ body: old }), 'GET /v1/playbooks/p1/versions/v9': () => ({ body: { version: 'v9', modified: null, made_by: 'Marsad', made_at: '2026-11-22T00:00:00Z', runnable: true, current: false, source: SOURCE.replace('Contain it', 'Contain it well') } }), 'PUT /v1/playbooks/p1': () => ({ body: { ...old, changed: false, newer_shipped: null, newest: 'v9' } }) });
  const take = await screen.findByRole('button', { name: 'Take the newer shipped text' });
  await clean();
  take.focus();
  await userEvent.keyboard('{Enter}');
  await waitFor(() => expect(screen.queryByRole('button', { name: 'Take the newer shipped text' })).toBeNull());
  expect(await screen.findByRole('heading', { name: 'Contain it well' })).toBeInTheDocument();
  await userEvent.click((await screen.findAllByRole('button', { name: /^Undo/ })).find((b) => b.querySelector('kbd'))!);
  await waitFor(() => expect(asked.filter((a) => a.route === 'PUT /v1/playbooks/p1')).toHaveLength(2));
  expect((asked.filter((a) => a.route === 'PUT /v1/playbooks/p1')[1]!.body as { source: string }).source).toBe(SOURCE);
});

it('keeps the filter in the address', async () => {
  await open('/playbooks?q=isolate', ROUTES);
  await screen.findByRole('link', { name: 'Contain it' });
  expect(screen.queryByRole('link', { name: 'Another' })).toBeNull();
  await userEvent.click(screen.getByRole('button', { name: 'Enabled' }));
  expect(await screen.findByRole('heading', { name: 'No playbook fits' })).toBeInTheDocument();
  expect(window.location.search).toBe('?q=isolate&on=yes');
});

it('teaches where there is none', async () => {
  await open('/playbooks', { ...ROUTES, 'GET /v1/playbooks': () => ({ body: { playbooks: [] } }) });
  expect(await screen.findByRole('heading', { name: 'There is no playbook yet' })).toBeInTheDocument();
  await clean();
});

it('an edit in the form is in the text that is saved, comments and all; who saved meanwhile is said, with a way out', async () => {
  let newest = 'v1';
  const { asked } = await open(`/playbooks/p1?step=${made.select}`, {
    ...ROUTES,
    'GET /v1/playbooks/p1': () => ({ body: { ...DETAIL, newest } }),
    'PUT /v1/playbooks/p1': (r) => ((r.body as { base: string }).base === 'v2' ? { body: { ...DETAIL, newest: 'v3' } } : { status: 409, body: { type: 'urn:marsad:problem:conflict', title: 'Changed meanwhile', status: 409 } }),
  });
  const host = await screen.findByLabelText(/^host/);
  await userEvent.type(host, 'web-1');
  fireEvent.change(screen.getByLabelText('Name'), { target: { value: 'Cut it off' } });
  expect(await screen.findByRole('button', { name: /Cut it off.*on completion to Done/s })).toHaveAttribute('aria-pressed', 'true');
  newest = 'v2';
  fireEvent.keyDown(window, { key: 's', ctrlKey: true });
  expect(await screen.findByText('Somebody else saved it meanwhile')).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Save mine over it' }));
  await waitFor(() => expect(asked.filter((a) => a.route === 'PUT /v1/playbooks/p1').map((a) => (a.body as { base: string }).base)).toEqual(['v1', 'v2']));
  const sent = (asked.filter((a) => a.route.startsWith('PUT')).at(-1)!.body as { source: string }).source;
  expect(sent).toMatch(/^# who asks: the night shift\n/);
  const got = (read(sent) as { tree: Tree }).tree;
  const want = putStep(putStep(putStep(made.tree, made.select, ['name'], 'Cut it off'), made.select, ['commands', 0, 'command'], 'isolate host. host: web-1.'), made.select, ['step_extensions', 'extension-definition--3e6f2b14-9c57-4d7a-8b0e-52c1a4d7f960', 'with'], { host: 'web-1' });
  expect({ ...got, modified: '' }).toEqual({ ...want, modified: '' });
  expect(got.modified).not.toBe(want.modified);
  await clean();
});

it('a step is added and deleted by keys, and undone', async () => {
  await open('/playbooks/p1', ROUTES);
  const nodes = () => document.querySelectorAll('.pb-node').length;
  await waitFor(() => expect(nodes()).toBe(3));
  press('ArrowDown');
  await waitFor(() => expect(document.querySelector('.pb-node[aria-pressed=true]')).toHaveTextContent('Isolate'));
  press('a');
  await userEvent.type(await screen.findByRole('combobox', { name: 'Add a step' }), 'look{Enter}');
  await waitFor(() => expect(nodes()).toBe(4));
  expect(await screen.findByText('look up is behind Isolate')).toBeInTheDocument();
  press('x');
  await waitFor(() => expect(nodes()).toBe(3));
  fireEvent.keyDown(window, { key: 'z', ctrlKey: true });
  await waitFor(() => expect(nodes()).toBe(4));
  fireEvent.keyDown(window, { key: 'z', ctrlKey: true });
  await waitFor(() => expect(nodes()).toBe(3));
  expect(screen.getByText('saved')).toBeInTheDocument();
});

it('shows the version that an address names, and brings it back as an edit', async () => {
  const old = SOURCE.replace('name: Contain it', 'name: As it was');
  await open('/playbooks/p1?version=abc', {
    ...ROUTES,
    'GET /v1/playbooks/p1/versions': () => ({ body: { versions: [{ version: 'abc', modified: null, made_by: 'analyst', made_at: '2026-11-22T00:00:00.000Z', runnable: true, current: false }] } }),
    'GET /v1/playbooks/p1/versions/abc': () => ({ body: { version: 'abc', source: old, made_by: 'analyst', made_at: '2026-11-22T00:00:00.000Z', runnable: true } }),
  });
  const dialog = await screen.findByRole('dialog', { name: 'Version abc' });
  expect(dialog).toHaveTextContent('name: As it was');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Restore it' }));
  expect(await screen.findByRole('heading', { name: 'As it was' })).toBeInTheDocument();
  expect(screen.getByText('not saved')).toBeInTheDocument();
  fireEvent.keyDown(window, { key: 'z', ctrlKey: true });
  expect(await screen.findByRole('heading', { name: 'Contain it' })).toBeInTheDocument();
});

it('the policy decides, from forbidden to by itself', () => {
  const at = (level: Policy['level'], more: Partial<Policy> = {}) => consent(CATALOGUE[0]!, { ...POLICY, level, ...more }).says;
  expect(at('L1')).toContain('waits for a person');
  expect(at('L4')).toContain('waits for a person');
  expect(at('L4', { trusted: [{ action: 'isolate_host', target: 'web-1' }] })).toContain('trusted targets');
  expect(consent(ACTION('block_ip', 'medium'), { ...POLICY, level: 'L3' }).says).toContain('goes by itself');
  expect(consent(ACTION('block_ip', 'medium'), { ...POLICY, level: 'L3', always_asked: ['block_ip'] }).says).toContain('always asks');
  expect(consent(ACTION('x', 'critical'), { ...POLICY, level: 'L4' }).says).toContain('two people');
});
