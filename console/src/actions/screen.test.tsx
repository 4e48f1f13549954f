import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { clean, open, press, refuse } from '../test/open';
import { action } from '../test/respond';
import { SESSION, type Routes } from '../test/server';
import type { Action, ActionKind, Policy } from './respond';

const ACTION = action();
const ISOLATE: Action = { ...ACTION, id: 'x2', action: 'isolate_host', title: 'Isolate a host', parameters: { host: 'web-1' }, parameters_hash: 'sha256:bb22', target: 'web-1', radius: 'high', reverse: 'release_host' };
const KIND: ActionKind = { action: 'isolate_host', title: 'Isolate a host', says: 'The host reaches nothing.', about: 'host', radius: 'high', effect: 'outside', permission: 'actions:contain', reverse: 'release_host', parameters: [{ name: 'host', type: 'string', required: true }, { name: 'reason', type: 'string', required: false }], outputs: [], carried_by: ['CrowdStrike (edr)'] };
const NOTE: ActionKind = { ...KIND, action: 'notify', title: 'Notify', about: 'tenant', radius: 'minimal', reverse: null, permission: 'actions:notify', parameters: [{ name: 'text', type: 'string', required: true }] };
const POLICY: Policy = { level: 'L1', always_asked: [], never: [], trusted: [], updated_by: null, updated_at: null };
const routes = (waiting: Action[], more: Routes = {}): Routes => ({
  'GET /v1/auth/session': () => ({ body: { ...SESSION, permissions: [...SESSION.permissions, 'actions:read', 'actions:configure', 'actions:contain', 'playbooks:read', 'playbooks:run'] } }),
  'GET /v1/actions': () => ({ body: { actions: waiting, next: null } }),
  'GET /v1/actions/catalogue': () => ({ body: { actions: [KIND, NOTE] } }),
  'GET /v1/response-policy': () => ({ body: POLICY }),
  'GET /v1/playbooks': () => ({ body: { playbooks: [] } }),
  ...more,
});

it('approves what was looked at by one key, what is grave after a second look, and refuses with a reason', async () => {
  const waiting = [ACTION, ISOLATE];
  const decided = (id: string, status: Action['status']) => { const [a] = waiting.splice(waiting.findIndex((x) => x.id === id), 1); return { body: { ...a, status, may: { ...ACTION.may, approve: false, refuse: false } } }; };
  const { asked } = await open('/approvals', routes(waiting, { 'POST /v1/actions/x1/approve': () => decided('x1', 'dispatched'), 'POST /v1/actions/x2/refuse': () => decided('x2', 'refused') }));
  expect(await screen.findByRole('link', { name: 'Approvals, 2 waiting' })).toBeInTheDocument();
  expect(await screen.findByText(/alice started powershell/)).toBeInTheDocument(); // the alert's story
  const table = screen.getByRole('table', { name: 'Parameters' });
  expect(within(table).getByRole('row', { name: 'hours 24' })).toBeInTheDocument();
  await clean();
  press('y');
  await waitFor(() => expect(asked.find((a) => a.route === 'POST /v1/actions/x1/approve')?.body).toEqual({ parameters_hash: 'sha256:aa11', comment: null }));
  expect(await screen.findByRole('heading', { name: /Isolate a host: web-1/ })).toBeInTheDocument(); // on to the next
  press('y');
  const dialog = await screen.findByRole('dialog', { name: /^Approve/ });
  expect(dialog).toHaveTextContent('A person or a machine cannot work.');
  expect(dialog).toHaveTextContent('sha256:bb22');
  expect(asked.some((a) => a.route.includes('x2/approve'))).toBe(false);
  await clean();
  await userEvent.keyboard('{Escape}');
  press('n');
  await userEvent.type(await screen.findByLabelText(/^Why not/), 'it is the payroll server');
  await userEvent.click(screen.getByRole('button', { name: 'Refuse it' }));
  await waitFor(() => expect(asked.find((a) => a.route === 'POST /v1/actions/x2/refuse')?.body).toEqual({ parameters_hash: 'sha256:bb22', comment: 'it is the payroll server' }));
});

it('says in words why it cannot be decided', async () => {
  const own: Action = { ...ACTION, id: 'x3', may: { ...ACTION.may, approve: false }, why_not: 'You asked for it.' };
  await open('/approvals', routes([ISOLATE, own], { 'POST /v1/actions/x2/approve': refuse(409, 'hash', { type: 'urn:marsad:problem:other-parameters' }) }));
  await screen.findByRole('heading', { name: /Isolate a host/ });
  press('y');
  await userEvent.click(await screen.findByRole('button', { name: 'Approve it' }));
  expect(await screen.findByText('It is not what you looked at')).toBeInTheDocument();
  expect(screen.getByRole('button', { name: 'Approve it' })).toBeDisabled(); // nobody approves what was not read
  await userEvent.click(screen.getAllByRole('button', { name: 'Close' }).at(-1)!);
  press('j');
  expect(await screen.findByText(/You cannot approve it\. You asked for it\./)).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: /^Approve/ })).toBeNull();
});

it('asks what became of what nobody knows, and takes no answer for granted', async () => {
  const lost: Action = { ...ACTION, status: 'unknown', may: { ...ACTION.may, approve: false, refuse: false, answer: true } };
  const { asked } = await open('/approvals', routes([lost], { 'POST /v1/actions/x1/answer': () => ({ body: { ...lost, status: 'failed' } }) }));
  expect(await screen.findByText('Nobody knows yet whether this was done')).toBeInTheDocument();
  press('a');
  const done = await screen.findByRole('radio', { name: 'It was done' });
  expect(done).not.toBeChecked();
  await clean();
  await userEvent.click(screen.getByRole('radio', { name: 'It was not done' }));
  await userEvent.type(screen.getByLabelText('Comment'), 'no rule in the firewall');
  await userEvent.click(screen.getByRole('button', { name: 'Say so' }));
  await waitFor(() => expect(asked.find((a) => a.route === 'POST /v1/actions/x1/answer')?.body).toEqual({ done: false, outputs: {}, comment: 'no rule in the firewall' }));
});

it('never shows what was simulated as done, and rolls back with a reason', async () => {
  const played: Action = { ...ACTION, id: 'x4', status: 'simulated', may: { ...ACTION.may, approve: false, refuse: false } };
  const done: Action = { ...ISOLATE, status: 'completed', may: { approve: false, refuse: false, answer: false, roll_back: true } };
  const { asked } = await open('/actions?at=x4', routes([played, done], { 'POST /v1/actions/x2/roll-back': () => ({ status: 201, body: { ...done, id: 'x5', status: 'awaiting_approval' } }) }));
  const rail = await screen.findByRole('complementary', { name: 'Action' });
  expect(await within(rail).findByText('simulated, not done')).toBeInTheDocument();
  expect(screen.getByRole('row', { current: true })).toHaveTextContent('simulated, not done');
  expect(rail).toHaveTextContent('Nothing was changed anywhere.');
  expect(within(rail).queryByText('completed')).toBeNull();
  await clean();
  press('j');
  await within(rail).findByRole('heading', { name: /Isolate a host/ });
  press('b');
  expect(await screen.findByRole('dialog', { name: /^Roll back/ })).toHaveTextContent('release_host');
  await userEvent.type(screen.getByLabelText('Why'), 'a false alarm');
  await userEvent.click(screen.getByRole('button', { name: 'Roll it back' }));
  await waitFor(() => expect(asked.find((a) => a.route === 'POST /v1/actions/x2/roll-back')?.body).toEqual({ comment: 'a false alarm' }));
});

it('asks for an action on an entity of the alert, and says before who has to agree', async () => {
  const { asked } = await open('/alerts?alert=a1', routes([], { 'POST /v1/actions': () => ({ status: 201, body: ISOLATE }) }));
  await screen.findByRole('button', { name: /^Respond/ });
  press('R');
  await userEvent.click(await screen.findByRole('tab', { name: 'Ask for one action' }));
  expect(await screen.findByLabelText(/^host/)).toHaveValue('web-1');
  expect(await screen.findByText('Who has to agree: one person')).toBeInTheDocument();
  await clean();
  await userEvent.click(screen.getByRole('button', { name: 'Ask for it' }));
  await waitFor(() => expect(asked.find((a) => a.route === 'POST /v1/actions')?.body).toMatchObject({ action: 'isolate_host', parameters: { host: 'web-1', reason: 'Alert 1' }, about: 'alert:a1' }));
});

it('shows what a level would do by itself before it is put in force', async () => {
  const { asked } = await open('/settings?section=response', routes([], { 'PUT /v1/response-policy': (r) => ({ body: { ...POLICY, ...(r.body as object) } }) }));
  const levels = await screen.findAllByRole('radio');
  expect(levels).toHaveLength(5);
  await userEvent.click(levels[0]!);
  const row = screen.getByRole('row', { name: /^Notify/ });
  expect(row).toHaveTextContent('one person was: nobody');
  await clean();
  await userEvent.click(within(screen.getByRole('row', { name: /^Isolate/ })).getByRole('checkbox', { name: /^Never/ }));
  await userEvent.click(screen.getByRole('button', { name: 'Put it in force' }));
  await waitFor(() => expect(asked.find((a) => a.route === 'PUT /v1/response-policy')?.body).toEqual({ level: 'L0', always_asked: [], never: ['isolate_host'], trusted: [] }));
});
