import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { describe, expect, it } from 'vitest';
import { clean, open, press } from '../test/open';
import { SESSION, type Routes } from '../test/server';
import { configOf, draftOf, faultOf, faultsOf, found, free, moved, secretsOf, type Connection, type Connector, type Input } from './connectors';

const T = '2026-11-20T00:00:00.000Z';
const input = (more: Partial<Input>): Input => ({ name: 'x', type: 'string', list: false, description: '', required: true, default: null, allowed: [], pattern: null, ...more });
const OKTA: Connector = {
  name: 'okta', title: 'Okta', version: 1, description: 'Suspends users.', documentation: 'https://developer.okta.com/',
  config: [input({ name: 'url', type: 'url', description: 'The address of the organisation' }), input({ name: 'cloud', allowed: ['eu', 'us'], default: 'us' }), input({ name: 'limit', type: 'integer', required: false })],
  secrets: [{ name: 'api_token', description: 'An API token', find: 'Admin console, Security, API, Tokens', required: true }],
  operations: [{ name: 'suspend', title: 'Suspend a user', kind: 'write', action: 'disable_user', parameters: [] }, { name: 'see', title: 'See a user', kind: 'read', action: null, parameters: [] }],
};
const KEPT: Connection = { id: 'k1', connector: 'okta', title: 'Okta', name: 'okta', config: { url: 'https://example.okta.com' } as never, secrets: ['api_token'], enabled: true, actions: ['disable_user'], state: 'failing', problem: 'Okta does not accept the API token', failing_since: T, tested_at: T, updated_at: T };

describe('what a form says before anything is sent', () => {
  it('knows the types', () => {
    const good: [Partial<Input>, string][] = [[{ type: 'url' }, 'https://example.com/a'], [{ type: 'email' }, 'ann@example.com'], [{ type: 'integer' }, '-5'], [{ type: 'boolean' }, 'true'], [{ type: 'hash' }, 'a'.repeat(64)], [{ type: 'json' }, '{"a": 1}'], [{ pattern: 'sg-[0-9a-f]{8,17}' }, 'sg-0123abcd'], [{ allowed: ['a', 'b'] }, 'b'], [{ type: 'domain', list: true }, 'a.example, b.example'], [{ required: false }, ''], [{ default: 'root' }, ' ']];
    for (const [is, value] of good) expect(faultOf(input(is), value), value).toBeUndefined();
    const bad: [Partial<Input>, string][] = [[{ type: 'url' }, 'example.com'], [{ type: 'url' }, 'javascript:alert(1)'], [{ type: 'url' }, 'https://a:b@example.com'], [{ type: 'email' }, 'ann'], [{ type: 'integer' }, '1.5'], [{ type: 'boolean' }, 'yes'], [{ type: 'hash' }, 'abc'], [{ type: 'json' }, '{'], [{ pattern: 'sg-[0-9a-f]{8,17}' }, 'xsg-0123abcd'], [{ allowed: ['a', 'b'] }, 'c'], [{ type: 'domain', list: true }, 'a.example, b'], [{}, '  ']];
    for (const [is, value] of bad) expect(faultOf(input(is), value), value).toBeTruthy();
    expect(faultOf(input({ pattern: '(?i)only-re2(?P<x>a)' }), 'anything'), 'what this engine cannot read is left to the server').toBeUndefined();
  });
  it('sends what was said, in its type, and nothing that was not', () => {
    const draft = { ...draftOf(OKTA, undefined, []), config: { url: ' https://example.okta.com ', cloud: '', limit: '7' } };
    expect(configOf(OKTA, draft)).toEqual({ url: 'https://example.okta.com', limit: 7 });
    expect(secretsOf(draft)).toEqual({});
    expect(Object.keys(faultsOf(OKTA, draft, undefined))).toEqual(['secrets.api_token']);
    expect(faultsOf(OKTA, { ...draft, secrets: { api_token: 's' } }, undefined)).toEqual({});
  });
  it('asks for secrets again when the settings change, and only then', () => {
    const same = draftOf(OKTA, KEPT, ['okta']);
    expect(same.secrets).toEqual({ api_token: '' });
    expect(moved(OKTA, same, KEPT)).toBe(false);
    expect(faultsOf(OKTA, same, KEPT)).toEqual({});
    const other = { ...same, config: { ...same.config, cloud: 'eu' } };
    expect(moved(OKTA, other, KEPT)).toBe(true);
    expect(Object.keys(faultsOf(OKTA, other, KEPT))).toEqual(['secrets.api_token']);
    expect(faultsOf(OKTA, { ...other, secrets: { api_token: 's' } }, KEPT)).toEqual({});
  });
  it('names what is new, and finds by what it does', () => {
    expect(free('okta', ['Slack'])).toBe('okta');
    expect(free('okta', ['Okta', 'okta-2'])).toBe('okta-3');
    expect(found([OKTA], 'disable user').length + found([OKTA], 'suspend').length + found([OKTA], ' ').length).toBe(3);
    expect(found([OKTA], 'disable mars')).toEqual([]);
  });
});

const routes = (kept: Connection[], more: Routes = {}): Routes => ({
  'GET /v1/auth/session': () => ({ body: { ...SESSION, permissions: [...SESSION.permissions, 'connectors:read', 'connectors:write'] } }),
  'GET /v1/connectors': () => ({ body: { connectors: [OKTA] } }),
  'GET /v1/connections': () => ({ body: { connections: kept } }),
  ...more,
});

it('teaches where nothing is connected, says what is wrong, tries, and keeps', async () => {
  let works = false;
  const { asked } = await open('/settings?section=connectors', routes([], {
    'POST /v1/connectors/okta/test': () => ({ body: works ? { ok: true, problem: null, took_ms: 41 } : { ok: false, problem: 'Okta does not accept the API token', took_ms: 33 } }),
    'POST /v1/connections': () => ({ status: 201, body: { ...KEPT, state: 'untested', problem: null } }),
    'POST /v1/connections/k1/test': () => ({ body: { ok: true, problem: null, took_ms: 40 } }),
  }));
  expect(await screen.findByText('Nothing is connected yet')).toBeInTheDocument();
  press('n');
  const search = await within(await screen.findByRole('dialog')).findByLabelText(/^Which product/);
  await userEvent.type(search, 'suspend{Enter}');
  const dialog = await screen.findByRole('dialog', { name: 'New connection: Okta' });
  await userEvent.click(within(dialog).getByRole('button', { name: 'Test' }));
  expect(within(dialog).getAllByText('It has to be given.')).toHaveLength(2);
  expect(asked.some((a) => a.route.startsWith('POST'))).toBe(false);
  await clean();
  await userEvent.type(within(dialog).getByLabelText('URL'), 'https://example.okta.com');
  await userEvent.type(within(dialog).getByLabelText('API token'), 'wrong');
  await userEvent.click(within(dialog).getByRole('button', { name: 'Test' }));
  expect(await within(dialog).findByText(/does not work \(33 ms\): Okta does not accept/)).toBeInTheDocument();
  works = true;
  await userEvent.clear(within(dialog).getByLabelText('API token'));
  await userEvent.type(within(dialog).getByLabelText('API token'), 'right{Enter}');
  expect(await within(dialog).findByText(/answered in 41 ms/)).toBeInTheDocument();
  await userEvent.click(within(dialog).getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(asked.find((a) => a.route === 'POST /v1/connections')?.body).toEqual({ connector: 'okta', name: 'okta', config: { url: 'https://example.okta.com' }, secrets: { api_token: 'right' }, enabled: true }));
  expect(await screen.findByText('okta is kept and works')).toBeInTheDocument();
  expect(asked.some((a) => a.route === 'POST /v1/connections/k1/test')).toBe(true);
});

it('shows what fails, switches it off, and wants the secret again for another address', async () => {
  const { asked } = await open('/settings?section=connectors', routes([KEPT], { 'PUT /v1/connections/k1': () => ({ body: { ...KEPT, enabled: false } }), 'DELETE /v1/connections/k1': () => ({ status: 204 }) }));
  expect(await screen.findByText('Okta does not accept the API token')).toBeInTheDocument();
  await clean();
  await userEvent.click(screen.getByRole('button', { name: 'Switch off okta' }));
  await waitFor(() => expect(asked.find((a) => a.route === 'PUT /v1/connections/k1')?.body).toEqual({ connector: 'okta', name: 'okta', config: KEPT.config, secrets: {}, enabled: false }));
  await userEvent.click(screen.getByRole('button', { name: 'Change okta' }));
  const dialog = await screen.findByRole('dialog', { name: 'Okta: okta' });
  await userEvent.type(within(dialog).getByLabelText('URL'), '/other');
  expect(within(dialog).getByText(/secrets have to be given again/)).toBeInTheDocument();
  await userEvent.click(within(dialog).getByRole('button', { name: 'Save' }));
  expect(within(dialog).getByText(/give it again/)).toBeInTheDocument();
  expect(asked.filter((a) => a.route.startsWith('PUT'))).toHaveLength(1);
  await userEvent.click(within(dialog).getByRole('button', { name: 'Cancel' }));
  await userEvent.click(screen.getByRole('button', { name: 'Delete okta' }));
  await userEvent.click(await within(await screen.findByRole('dialog')).findByRole('button', { name: 'Delete okta' }));
  await waitFor(() => expect(asked.some((a) => a.route === 'DELETE /v1/connections/k1')).toBe(true));
});
