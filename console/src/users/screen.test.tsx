import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import type { Schemas } from '../api/client';
import { clean, open, press, refuse } from '../test/open';
import { SESSION, type Routes } from '../test/server';

const T = '2026-11-20T00:00:00.000Z';
const PERMISSIONS = [...SESSION.permissions, 'users:read', 'users:write'].sort();
const user = (n: number, change: Partial<Schemas['User']> = {}): Schemas['User'] => ({ id: `u${n}`, username: `user${n}`, role: 'soc_analyst', disabled: false, has_password: true, passkeys: 0, authenticator: false, created_at: T, last_seen_at: null, sessions: 0, ...change });
const ME = user(0, { id: SESSION.user.id, username: 'analyst', role: 'tenant_admin', sessions: 1, last_seen_at: T });
const ROLES: Schemas['Role'][] = [
  { id: null, name: 'platform_admin', description: 'Everything', permissions: [...PERMISSIONS, 'metrics:read'], users: 1 },
  { id: null, name: 'tenant_admin', description: '', permissions: PERMISSIONS, users: 1 },
  { id: null, name: 'soc_analyst', description: '', permissions: ['alerts:read', 'alerts:write'], users: 2 },
  { id: 'r1', name: 'night_shift', description: 'Watches', permissions: ['alerts:read'], users: 0 },
];
const routes = (more: Routes = {}): Routes => ({
  'GET /v1/auth/session': () => ({ body: { ...SESSION, permissions: PERMISSIONS } }),
  'GET /v1/users': () => ({ body: { users: [ME, user(1, { sessions: 2, last_seen_at: T }), user(2, { disabled: true }), user(3, { role: 'platform_admin' })] } }),
  'GET /v1/roles': () => ({ body: { permissions: [...PERMISSIONS, 'metrics:read'].sort(), roles: ROLES } }),
  ...more,
});

it('lists users, and makes one whose password is shown once', async () => {
  const { asked } = await open('/users', routes({ 'POST /v1/users': (r) => ({ status: 201, body: { ...user(9, { username: (r.body as { username: string }).username }), password: 'abcde-fghij' } }) }));
  const table = await screen.findByRole('region', { name: 'Table of users' });
  expect(within(table).getAllByRole('row')).toHaveLength(5);
  expect(within(table).getByText('disabled')).toBeInTheDocument();
  expect(within(table).getByRole('link', { name: 'Audit of user1' })).toHaveAttribute('href', expect.stringContaining('user%3Au1'));
  await clean();
  press('n');
  const name = await screen.findByLabelText('Name', { selector: 'input[name=username]' });
  expect(screen.queryByRole('option', { name: /^platform_admin/ })).toBeNull();
  await userEvent.type(name, 'ada');
  await userEvent.click(screen.getByRole('button', { name: 'Make the user' }));
  expect(await screen.findByText('abcde-fghij')).toBeInTheDocument();
  await clean();
  expect(asked.find((a) => a.route === 'POST /v1/users')?.body).toEqual({ username: 'ada', role: 'soc_analyst', password: 'random' });
  await userEvent.click(screen.getByRole('button', { name: 'I have it' }));
  await waitFor(() => expect(screen.queryByText('abcde-fghij')).toBeNull());
});

it('changes a user, and says why not in the platform’s words', async () => {
  const { asked } = await open('/users?at=u1', routes({ 'PATCH /v1/users/u1': refuse(409, 'user1 is the last tenant_admin who can sign in.') }));
  await userEvent.click(await screen.findByRole('button', { name: 'Disable' }));
  expect(await screen.findByText(/is the last tenant_admin/)).toBeInTheDocument();
  expect(asked.find((a) => a.route === 'PATCH /v1/users/u1')?.body).toEqual({ disabled: true });
  expect(screen.getByRole('button', { name: 'End 2 sessions' })).toBeEnabled();
  await clean();
});

it('does not offer to change who may do more, nor to lock oneself out', async () => {
  await open('/users?at=u3', routes());
  expect(await screen.findByText(/may do more than you/)).toBeInTheDocument();
});

it('locks nobody out of their own account', async () => {
  await open(`/users?at=${ME.id}`, routes());
  expect(await screen.findByText('You cannot disable or delete yourself.')).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: 'Disable' })).toBeNull();
});

it('says which roles need a second factor', async () => {
  const { asked } = await open('/users?tab=roles', routes({ 'GET /v1/second-factor': () => ({ body: { roles: ['auditor'] } }), 'PUT /v1/second-factor': (r) => ({ body: r.body }) }));
  await userEvent.click(await screen.findByRole('checkbox', { name: 'night_shift needs a second factor' }));
  await waitFor(() => expect(asked.find((a) => a.route === 'PUT /v1/second-factor')?.body).toEqual({ roles: ['auditor', 'night_shift'] }));
});

it('ticks permissions of a role of one’s own and saves them together', async () => {
  const { asked } = await open('/users?tab=roles', routes({ 'PUT /v1/roles/r1': (r) => ({ body: { ...ROLES[3], ...(r.body as object) } }) }));
  const box = await screen.findByRole('checkbox', { name: 'night_shift may alerts:write' });
  expect(screen.getAllByRole('checkbox').map((b) => b.getAttribute('aria-label')!).filter((l) => / may /.test(l)).every((l) => l.startsWith('night_shift'))).toBe(true);
  expect(screen.getByRole('checkbox', { name: 'night_shift may metrics:read' })).toBeDisabled();
  await clean();
  await userEvent.click(box);
  press('s');
  await waitFor(() => expect(asked.find((a) => a.route === 'PUT /v1/roles/r1')?.body).toEqual({ description: 'Watches', permissions: ['alerts:read', 'alerts:write'] }));
});

it('shows who only reads no button that changes', async () => {
  await open('/users', routes({ 'GET /v1/auth/session': () => ({ body: { ...SESSION, permissions: ['users:read', 'alerts:read'] } }) }));
  await screen.findByRole('region', { name: 'Table of users' });
  expect(screen.queryByRole('button', { name: /^(Change|New user)/ })).toBeNull();
  expect(screen.queryByRole('link', { name: /What was done/ })).toBeNull();
});

it('looks as a role, says so on every page, and ends it with a key', async () => {
  let view: Schemas['Session']['view'] = null;
  const { asked } = await open('/users?tab=roles', routes({
    'GET /v1/auth/session': () => ({ body: { ...SESSION, permissions: PERMISSIONS, view } }),
    'PUT /v1/auth/view': () => { view = { role: 'auditor', user: null, username: null, since: T }; return { status: 204, body: undefined }; },
    'DELETE /v1/auth/view': () => { view = null; return { status: 204, body: undefined }; },
  }));
  await userEvent.click(await screen.findByRole('button', { name: 'See as soc_analyst' }));
  expect(await screen.findByText(/You see this as/)).toHaveTextContent('You see this as auditor');
  expect(asked.find((a) => a.route === 'PUT /v1/auth/view')?.body).toEqual({ role: 'soc_analyst' });
  await clean();
  press('V');
  await waitFor(() => expect(screen.queryByText(/You see this as/)).toBeNull());
});
