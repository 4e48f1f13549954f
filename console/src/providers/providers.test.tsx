import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import type { Schemas } from '../api/client';
import { clean, open, press } from '../test/open';
import { SESSION, type Routes } from '../test/server';
import { bodyOf, draftFor, whoGetsIn } from './providers';

const T = '2026-11-20T00:00:00.000Z';
const PERMISSIONS = [...SESSION.permissions, 'users:read', 'providers:read', 'providers:write', 'tenants:read'].sort();
const REDIRECT = 'https://soc.example/v1/auth/callback';
const PROVIDER: Schemas['Provider'] = { id: 'p1', name: 'Corporate', issuer: 'https://login.example/realms/soc', client_id: 'marsad', has_secret: true, scopes: ['profile'], groups_claim: 'groups', default_role: null, groups: [{ group: 'soc', role: 'soc_analyst' }], enabled: true, created_at: T, updated_at: T };
const ROLES: Schemas['Role'][] = [
  { id: null, name: 'platform_admin', description: '', permissions: PERMISSIONS, users: 1 },
  { id: null, name: 'soc_analyst', description: '', permissions: ['alerts:read'], users: 1 },
];
const routes = (providers: Schemas['Provider'][], more: Routes = {}): Routes => ({
  'GET /v1/auth/session': () => ({ body: { ...SESSION, permissions: PERMISSIONS } }),
  'GET /v1/users': () => ({ body: { users: [] } }),
  'GET /v1/roles': () => ({ body: { permissions: PERMISSIONS, roles: ROLES } }),
  'GET /v1/identity-providers': () => ({ body: { redirect_uri: REDIRECT, providers } }),
  ...more,
});
const TESTED = { ok: false, steps: [{ what: 'discovery', outcome: 'ok', detail: 'Of this issuer.' }, { what: 'keys', outcome: 'failed', detail: 'No key.' }, { what: 'client', outcome: 'skipped', detail: 'Not tried.' }] };

it('teaches where there is none, makes one and tests it at once', async () => {
  const { asked } = await open('/users?tab=providers', routes([], {
    'POST /v1/identity-providers': (r) => ({ status: 201, body: { ...PROVIDER, ...(r.body as object) } }),
    'POST /v1/identity-providers/p1/test': () => ({ body: TESTED }),
  }));
  expect(await screen.findByText(REDIRECT)).toBeInTheDocument();
  await clean();
  press('n');
  await userEvent.type(await screen.findByLabelText(/^Issuer/), PROVIDER.issuer);
  await userEvent.type(screen.getByLabelText('Client id'), 'marsad');
  await userEvent.type(screen.getByLabelText('Client secret'), 'hush');
  await userEvent.type(screen.getByLabelText('Group 1'), 'soc');
  expect(screen.queryByRole('option', { name: /platform_admin/ })).toBeNull();
  await clean();
  await userEvent.click(screen.getByRole('button', { name: 'Keep and test' }));
  expect(await screen.findByText('No key.')).toBeInTheDocument();
  await clean();
  expect(asked.find((a) => a.route === 'POST /v1/identity-providers')?.body).toEqual({ name: 'Keycloak', issuer: PROVIDER.issuer, client_id: 'marsad', client_secret: 'hush', scopes: ['profile', 'email'], groups_claim: 'groups', default_role: null, groups: [{ group: 'soc', role: 'soc_analyst' }], enabled: true });
});

it('changes one and keeps the secret that was not typed', async () => {
  const { asked } = await open('/users?tab=providers', routes([PROVIDER], {
    'PUT /v1/identity-providers/p1': () => ({ body: PROVIDER }),
    'POST /v1/identity-providers/p1/test': () => ({ body: { ...TESTED, ok: true } }),
  }));
  await userEvent.click(await screen.findByRole('button', { name: 'Change Corporate' }));
  await userEvent.selectOptions(await screen.findByLabelText('Everybody else'), 'soc_analyst');
  await userEvent.click(screen.getByRole('button', { name: 'Keep and test' }));
  await waitFor(() => expect(asked.find((a) => a.route === 'PUT /v1/identity-providers/p1')?.body).toMatchObject({ default_role: 'soc_analyst' }));
  expect(asked.find((a) => a.route === 'PUT /v1/identity-providers/p1')?.body).not.toHaveProperty('client_secret');
});

it('says who gets in, and sends no empty rows', () => {
  expect(whoGetsIn(PROVIDER)).toBe('one group');
  expect(whoGetsIn({ groups: [], default_role: 'auditor' })).toBe('everybody as auditor');
  expect(whoGetsIn({ groups: [], default_role: null })).toBe('nobody yet');
  expect(bodyOf({ ...draftFor('other'), scopes: 'openid  email' })).toMatchObject({ groups: [], scopes: ['email'] });
});
