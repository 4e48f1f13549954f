import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { clean, open, press } from '../test/open';
import { action, run } from '../test/respond';
import { SESSION, type Routes } from '../test/server';
import { Stream } from '../test/setup';
import type { RunDetail } from './runs';

const T = '2026-11-22T10:00:00.000Z';
const RUN = run();
const ACTION = action({ run: 'r1', visit: 3, step: 's3', step_name: 'Isolate the host', action: 'isolate_host', title: 'Isolate a host', parameters: { host: 'web-1' }, parameters_hash: 'sha256:aa', target: 'web-1', requested_by: 'system:playbooks', about: null });
const step = (seq: number, visit: number, parent: number, id: string, name: string, status: 'running' | 'succeeded' | 'failed', more = {}) => ({ seq, visit, parent, step: id, name, type: 'action', status, detail: null as string | null, values: {}, at: T, ...more });
const DETAIL: RunDetail = {
  ...RUN, document: { workflow: { s3: { in_args: ['__host__'] } } }, values: { __host__: 'web-1' }, actions: [ACTION], children: [],
  steps: [step(1, 1, 0, 's1', 'Start', 'succeeded'), step(2, 2, 0, 's2', 'Does much depend on it?', 'running', { type: 'if-condition', detail: 'false' }), step(3, 3, 2, 's3', 'Isolate the host', 'running')],
};
const routes = (detail: () => RunDetail, runs: () => (typeof RUN)[], more: Routes = {}): Routes => ({
  'GET /v1/auth/session': () => ({ body: { ...SESSION, permissions: [...SESSION.permissions, 'actions:read', 'actions:contain', 'playbooks:read', 'playbooks:run'] } }),
  'GET /v1/actions': () => ({ body: { actions: [], next: null } }),
  'GET /v1/playbooks': () => ({ body: { playbooks: [{ id: 'p1', name: 'Contain a host' }] } }),
  'GET /v1/playbook-runs': () => ({ body: { runs: runs(), next: null } }),
  'GET /v1/playbook-runs/r1': () => ({ body: detail() }),
  ...more,
});

it('lists runs of all playbooks, keeps rows under the cursor while new ones come, and opens one by keys', async () => {
  const runs = [RUN, { ...RUN, id: 'r0', name: 'Secure an account', status: 'failed' as const, waiting: null, reason: 'no such user', ended_at: T }];
  const { asked } = await open('/runs', routes(() => DETAIL, () => runs));
  expect(await screen.findByRole('link', { name: 'Secure an account' })).toBeInTheDocument();
  expect(screen.getByText('waits for approval')).toBeInTheDocument();
  await clean();
  press('j');
  await waitFor(() => expect(screen.getByRole('row', { current: true })).toHaveTextContent('Contain a host'));
  runs.unshift({ ...RUN, id: 'r2', name: 'A new one' });
  Stream.last!.open();
  Stream.last!.say('run', { kind: 'run', id: 'r2' }, '8');
  expect(await screen.findByRole('button', { name: /^1 new run/ })).toBeInTheDocument();
  expect(screen.queryByRole('link', { name: 'A new one' })).toBeNull();
  press('.');
  expect(await screen.findByRole('link', { name: 'A new one' })).toBeInTheDocument();
  press('4');
  await waitFor(() => expect(asked.some((a) => a.route.includes('status=failed'))).toBe(true));
  press('0');
  await waitFor(() => expect(window.location.search).not.toContain('status'));
  press('j');
  press('Enter');
  await waitFor(() => expect(window.location.pathname).toMatch(/^\/runs\/r/));
});

it('shows a run with its branches, and has it approved at the place where it waits', async () => {
  let now = DETAIL;
  const { asked } = await open('/runs/r1', routes(() => now, () => [RUN], { 'POST /v1/actions/x1/approve': () => { now = { ...DETAIL, status: 'succeeded', waiting: null, actions: [{ ...ACTION, status: 'simulated', may: { ...ACTION.may, approve: false, refuse: false } }], steps: [...DETAIL.steps, step(4, 3, 2, 's3', 'Isolate the host', 'succeeded'), step(5, 2, 0, 's2', 'Does much depend on it?', 'succeeded')] }; return { body: now.actions[0] }; } }));
  const list = await screen.findByRole('list', { name: 'Steps' });
  expect(within(list).getAllByRole('button').map((b) => b.style.getPropertyValue('--depth'))).toEqual(['0', '0', '1']);
  expect(within(list).getByRole('button', { current: 'step' })).toHaveTextContent('Isolate the host');
  expect(within(screen.getByRole('table', { name: 'Inputs' })).getByRole('row', { name: 'host web-1' })).toBeInTheDocument();
  await clean();
  press('y');
  await waitFor(() => expect(asked.find((a) => a.route === 'POST /v1/actions/x1/approve')?.body).toEqual({ parameters_hash: 'sha256:aa', comment: null }));
  expect(await screen.findByText('1 action simulated')).toBeInTheDocument();
  expect(screen.queryByRole('region', { name: 'What it waits for now' })).toBeNull();
  expect(screen.queryByText('completed')).toBeNull(); // simulated is not done
});

it('cancels a run with a reason, and retries only what has ended', async () => {
  const failed: RunDetail = { ...DETAIL, status: 'failed', waiting: null, reason: 'no such user', actions: [], steps: [step(1, 1, 0, 's1', 'Start', 'succeeded'), step(2, 2, 0, 's2', 'Look', 'failed', { detail: 'no such user' })] };
  let now = DETAIL;
  const { asked } = await open('/runs/r1', routes(() => now, () => [RUN], { 'POST /v1/playbook-runs/r1/cancel': () => { now = failed; return { status: 202, body: failed }; }, 'POST /v1/playbook-runs/r1/retry': () => ({ status: 201, body: { ...RUN, id: 'r9' } }) }));
  await screen.findByRole('list', { name: 'Steps' });
  expect(screen.queryByRole('button', { name: /^Retry/ })).toBeNull();
  press('x');
  await userEvent.type(await screen.findByLabelText('Why'), 'it was a test');
  await userEvent.click(screen.getByRole('button', { name: 'Cancel the run' }));
  await waitFor(() => expect(asked.find((a) => a.route === 'POST /v1/playbook-runs/r1/cancel')?.body).toEqual({ reason: 'it was a test' }));
  await screen.findByRole('button', { name: /^Retry from here/ });
  press('r');
  await userEvent.click(await screen.findByRole('button', { name: 'Retry from here' }));
  await waitFor(() => expect(asked.find((a) => a.route === 'POST /v1/playbook-runs/r1/retry')?.body).toEqual({ step: 's2' }));
});
