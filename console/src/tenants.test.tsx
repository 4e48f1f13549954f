import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it } from 'vitest';
import { clean, open, press, refuse } from './test/open';
import { SESSION } from './test/server';
import type { Tenant } from './tenants/tenants';

beforeEach(() => localStorage.clear());

const tenant = (id: string, change: Partial<Tenant> = {}): Tenant => ({ id, name: `Of ${id}`, state: 'active', own: false, parent: null, created_at: '2026-01-01T00:00:00.000Z', users: 3, events: 120_000, storage_bytes: 4_500_000_000, events_per_second: 12.5, refused: 0, quota: { events_per_second: null, storage_bytes: 5_000_000_000, queries: null }, ...change });
const operator = (tenants: Tenant[], more: string[] = ['tenants:write']) => ({
  'GET /v1/auth/session': () => ({ body: { ...SESSION, permissions: [...SESSION.permissions, 'tenants:read', ...more] } }),
  'GET /v1/tenants': () => ({ body: { tenants, next: null } }),
  'GET /v1/tenant-templates': () => ({ body: { templates: [], faults: [] } }),
});
const template = (name: string, change: object = {}) => ({ name, shipped: true, description: `About ${name}.`, quota: { events_per_second: 100, storage_bytes: null, queries: 3 }, roles: [{ name: 'reader', description: 'Reads.', permissions: ['alerts:read'] }], second_factor: ['tenant_admin'], faults: [], ...change });

it('makes a tenant and shows its administrator’s password once', async () => {
  const { asked } = await open('/tenants', { ...operator([tenant('main', { own: true })]), 'POST /v1/tenants': (r) => ({ status: 201, body: { ...tenant((r.body as { id: string }).id), first_admin: { username: 'admin', password: 'abcde-fghij' } } }) });
  expect(await screen.findByText(/Only the installation’s own tenant/)).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: /Suspend/ })).toBeNull();
  await clean();
  press('n');
  const user = userEvent.setup();
  await user.type(await screen.findByLabelText('Name'), 'Acme Ltd.');
  expect(screen.getByLabelText(/^Id \(never/)).toHaveValue('acme-ltd');
  await user.click(screen.getByRole('button', { name: 'Make it' }));
  expect(await screen.findByText(/abcde-fghij/)).toBeInTheDocument();
  expect(asked.find((a) => a.route === 'POST /v1/tenants')?.body).toEqual({ id: 'acme-ltd', name: 'Acme Ltd.', admin: true });
  await clean();
});

it('makes a tenant from a template, by the keyboard, after saying what it gives', async () => {
  const fault = { where: 'templates/tenants/odd.yaml:3', reason: "unknown key 'querys'" };
  const { asked } = await open('/tenants?new=tenant', {
    ...operator([tenant('main', { own: true })]),
    'GET /v1/tenant-templates': () => ({ body: { templates: [template('odd', { shipped: false, faults: [fault] }), template('trial')], faults: [] } }),
    'POST /v1/tenants': (r) => ({ status: 201, body: { ...tenant((r.body as { id: string }).id), first_admin: { username: 'admin', password: 'abcde-fghij' } } }),
  });
  const user = userEvent.setup();
  await user.type(await screen.findByLabelText('Name'), 'Acme');
  const choice = screen.getByLabelText('Template');
  await waitFor(() => expect(choice).toBeEnabled());
  expect(choice).toHaveValue('');
  expect(screen.getByText(/^No limits, no roles/)).toBeInTheDocument();
  expect(within(choice).getByRole('option', { name: 'odd (our own): has a fault' })).toBeDisabled();
  expect(screen.getByText('templates/tenants/odd.yaml:3')).toBeInTheDocument();
  await user.tab();
  await user.tab();
  expect(choice).toHaveFocus();
  await user.selectOptions(choice, 'trial');
  expect(choice).toHaveAccessibleDescription(/About trial\. ?Quota ?100 events a second, 3 queries at once ?Roles ?reader ?Second factor ?for tenant_admin/);
  await clean();
  await user.click(screen.getByRole('button', { name: 'Make it' }));
  expect(await screen.findByText(/abcde-fghij/)).toBeInTheDocument();
  expect(asked.find((a) => a.route === 'POST /v1/tenants')?.body).toEqual({ id: 'acme', name: 'Acme', template: 'trial', admin: true });
});

it('says where templates come from when there are none, and makes a tenant without when they cannot be read', async () => {
  let broken = false;
  const { asked } = await open('/tenants?new=tenant', {
    ...operator([tenant('main', { own: true })]),
    'GET /v1/tenant-templates': () => (broken ? refuse(500, 'The templates cannot be read.')() : { body: { templates: [], faults: [] } }),
    'POST /v1/tenants': (r) => ({ status: 201, body: { ...tenant((r.body as { id: string }).id), first_admin: null } }),
  });
  expect(await screen.findByText(/There are no templates/)).toBeInTheDocument();
  broken = true;
  const user = userEvent.setup();
  await user.click(screen.getByRole('button', { name: 'Leave it' }));
  press('n');
  expect(await screen.findByText('The templates cannot be read.')).toBeInTheDocument();
  await user.type(screen.getByLabelText('Name'), 'Acme');
  await user.click(screen.getByRole('button', { name: 'Make it' }));
  expect(await screen.findByText(/nobody can sign in to it yet/)).toBeInTheDocument();
  expect(asked.find((a) => a.route === 'POST /v1/tenants')?.body).toEqual({ id: 'acme', name: 'Acme', admin: true });
});

it('deletes a suspended tenant after its id was typed, and says what is gone', async () => {
  const { asked } = await open('/tenants', { ...operator([tenant('acme', { state: 'suspended' }), tenant('bolt')]), 'POST /v1/tenants/acme/delete': () => ({ body: { verified: true, events: 120_000, bytes: 4_500_000_000, rows: { alerts: 7 }, kept: ['audit_log'], left: [] } }) });
  const row = (await screen.findByText('Of acme')).closest('tr')!;
  expect(within(screen.getByText('Of bolt').closest('tr')!).queryByRole('button', { name: /Delete/ })).toBeNull();
  const user = userEvent.setup();
  await user.click(within(row).getByRole('button', { name: 'Delete Of acme' }));
  const go = await screen.findByRole('button', { name: 'Delete it for good' });
  expect(go).toBeDisabled();
  await user.type(screen.getByLabelText(/to go on/), 'acme');
  await user.click(go);
  expect(await screen.findByText(/nothing was found/)).toBeInTheDocument();
  expect(asked.find((a) => a.route === 'POST /v1/tenants/acme/delete')?.body).toEqual({ confirm: 'acme' });
});

it('limits a tenant, and who may only read is offered nothing', async () => {
  const { asked } = await open('/tenants', { ...operator([tenant('acme')]), 'POST /v1/tenants/acme': () => ({ body: tenant('acme') }) });
  await userEvent.click(await screen.findByRole('button', { name: 'Quota of Of acme' }));
  await userEvent.type(await screen.findByLabelText('Events a second'), '500');
  await clean();
  await userEvent.click(screen.getByRole('button', { name: 'Change it' }));
  await waitFor(() => expect(asked.find((a) => a.route === 'POST /v1/tenants/acme')?.body).toEqual({ name: 'Of acme', quota: { events_per_second: 500, storage_bytes: 5_000_000_000, queries: null } }));
});

it('offers nothing to who may only read', async () => {
  await open('/tenants', operator([tenant('acme')], []));
  expect(await screen.findByText('Of acme')).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: /Quota|Suspend|New tenant/ })).toBeNull();
});

it('gives a tenant a provider, delegates to it, and takes that back', async () => {
  let rows: Tenant[] = [tenant('acme'), tenant('soc')];
  let delegations: object[] = [];
  const made = { id: 'd1', provider: 'soc', provider_user: null, provider_username: null, provider_role: 'soc_analyst', role: 'auditor', created_by: 'user:x', created_at: '2026-01-01T00:00:00.000Z' };
  const { asked } = await open('/tenants', {
    ...operator([]),
    'GET /v1/tenants': () => ({ body: { tenants: rows, next: null } }),
    'GET /v1/tenants/acme/delegations': () => ({ body: { delegations } }),
    'PUT /v1/tenants/acme/parent': () => { rows = [tenant('acme', { parent: 'soc' }), tenant('soc')]; return { status: 204 }; },
    'POST /v1/tenants/acme/delegations': () => { delegations = [made]; return { status: 201, body: made }; },
    'POST /v1/tenants/acme/undelegate': () => { delegations = []; return { status: 204 }; },
  });
  const user = userEvent.setup();
  await user.click(await screen.findByRole('button', { name: 'Provider of Of acme' }));
  await user.selectOptions(await screen.findByLabelText('Looked after by'), 'soc');
  await user.type(await screen.findByLabelText('Name at soc'), 'soc_analyst');
  await user.selectOptions(screen.getByLabelText('Be here'), 'auditor');
  await clean();
  await user.click(screen.getByRole('button', { name: 'Delegate' }));
  await user.click(await screen.findByRole('button', { name: 'Take back from everybody with soc_analyst' }));
  await waitFor(() => expect(screen.queryByRole('table', { name: 'Delegations' })).toBeNull());
  expect(asked.filter((a) => a.body).map((a) => a.body)).toEqual(expect.arrayContaining([{ parent: 'soc' }, { provider_role: 'soc_analyst', role: 'auditor' }, { id: 'd1' }]));
});

it('acts in a tenant that was delegated, from the palette', async () => {
  let acting = false;
  const { asked } = await open('/alerts', {
    'GET /v1/auth/session': () => ({ body: acting ? { ...SESSION, tenant: { id: 'acme', name: 'Acme' }, acting: { provider: 'main', provider_name: 'Halden', ended: false } } : SESSION }),
    'GET /v1/auth/tenants': () => ({ body: { tenants: [{ id: 'main', name: 'Halden', active: true, roles: ['soc_analyst'] }, { id: 'acme', name: 'Acme', active: true, roles: ['soc_analyst'] }, { id: 'gone', name: 'Gone', active: false, roles: ['auditor'] }] } }),
    'PUT /v1/auth/tenant': () => { acting = true; return { status: 204 }; },
  });
  await screen.findByText('Alert 1');
  await userEvent.keyboard('{Control>}k{/Control}');
  const words = await screen.findByRole('combobox', { name: 'Go to or do' });
  await screen.findByRole('option', { name: /Act in Acme/ });
  expect(screen.queryByRole('option', { name: /Act in Gone/ })).toBeNull();
  await userEvent.type(words, 'act in{Enter}');
  expect(await screen.findByText(/both audit logs/)).toBeInTheDocument();
  expect(asked.find((a) => a.route === 'PUT /v1/auth/tenant')?.body).toEqual({ tenant: 'acme' });
});
