import { act, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, expect, it } from 'vitest';
import { clean, open, press, refuse } from '../test/open';
import { EVENT, SESSION } from '../test/server';
import { Stream } from '../test/setup';

afterEach(() => void (Stream.last = undefined));

const HOST = { id: 'h1', kind: 'osquery', host_identifier: 'i-1', hardware_uuid: 'u', hostname: 'web-1', platform: 'debian', os_version: 'Debian 12', software_version: '5.23.0', group: 'servers', state: 'active', enrolled_at: EVENT.time, last_seen_at: new Date().toISOString(), last_address: '10.0.0.5' };
const QUERY = { id: 'q1', sql: 'SELECT 1 AS x', discovery: '', state: 'running', created_by: 'user:u', created_at: EVENT.time, expires_at: '2027-01-01T00:00:00Z', hosts: 2, answered: 0, failed: 0, rows: 0 };
const ROUTES = {
  'GET /v1/auth/session': () => ({ body: { ...SESSION, permissions: [...SESSION.permissions, 'endpoints:read', 'endpoints:manage', 'endpoints:query'] } }),
  'GET /v1/endpoints': () => ({ body: { endpoints: [HOST, { ...HOST, id: 'h2', hostname: 'db-1', state: 'revoked' }], next: null } }),
  'GET /v1/endpoints/h1': () => ({ body: HOST }),
  'POST /v1/events/search': () => ({ body: { events: [{ ...EVENT, id: 'e9', fields: { 'metadata.log_name': 'fim_file_events', 'file.path': '/etc/shadow' } }], next: null } }),
  'POST /v1/endpoints/h1/revoke': () => ({ body: { ...HOST, state: 'revoked' } }),
  'POST /v1/enroll-secrets': () => ({ status: 201, body: { id: 's', name: 'all', purpose: 'osquery', group: 'servers', one_time: false, state: 'active', uses: 0, created_at: EVENT.time, secret: 'mse_main.id.SECRET' } }),
  'GET /v1/live-queries': () => ({ body: { live_queries: [QUERY] } }),
  'GET /v1/live-queries/q1': () => ({ body: QUERY }),
  'POST /v1/live-queries': () => ({ status: 201, body: QUERY }),
  'POST /v1/live-queries/q1/cancel': () => ({ body: { ...QUERY, state: 'cancelled' } }),
  'GET /v1/live-queries/q1/silent': () => ({ body: { hosts: [{ seq: 0, endpoint_id: 'h2', hostname: 'db-1', state: 'waiting', status: 0, message: '', row_count: 0, truncated: false, rows: [] }] } }),
};

it('shows hosts and what one said last, lets hosts in by one line, and revokes', async () => {
  const { asked } = await open('/endpoints', ROUTES);
  expect(await screen.findByRole('heading', { name: 'web-1' })).toBeInTheDocument();
  expect(await screen.findByText('fim_file_events: /etc/shadow')).toBeInTheDocument();
  await clean();
  press('n');
  await userEvent.type(await screen.findByLabelText('Name'), 'all');
  await userEvent.click(screen.getByRole('button', { name: 'Make the line' }));
  expect(await screen.findByText(/mse_main.id.SECRET/)).toBeInTheDocument();
  await clean();
  expect(asked.find((a) => a.route === 'POST /v1/enroll-secrets')?.body).toMatchObject({ name: 'all', purpose: 'osquery', group: 'default', one_time: false });
  await userEvent.click(screen.getByRole('button', { name: 'I have it' }));
  await userEvent.click(screen.getByRole('button', { name: 'Revoke' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Revoke it' }));
  await waitFor(() => expect(asked.some((a) => a.route === 'POST /v1/endpoints/h1/revoke')).toBe(true));
});

it('lets our agent in, and a relay by a secret that is good once', async () => {
  const { asked } = await open('/endpoints?enroll=true', { ...ROUTES, 'POST /v1/enroll-secrets': ({ body }) => ({ status: 201, body: { id: 's', name: 'all', group: 'servers', one_time: false, state: 'active', uses: 0, created_at: EVENT.time, secret: 'mse_main.id.SECRET', authority_sha256: 'ab'.repeat(32), ...(body as object) } }) });
  await userEvent.click(await screen.findByRole('tab', { name: 'Our agent' }));
  await userEvent.type(screen.getByLabelText('Name'), 'web');
  await userEvent.click(screen.getByRole('button', { name: 'Make the line' }));
  expect(await screen.findByText(/install.sh --server localhost:8482 --secret mse_main.id.SECRET --authority (ab){32}/)).toBeInTheDocument();
  await clean();
  await userEvent.click(screen.getByRole('button', { name: 'I have it' }));
  press('n');
  await userEvent.click(await screen.findByRole('tab', { name: 'A relay' }));
  expect(screen.getByLabelText('One host only')).toBeChecked();
  await userEvent.type(screen.getByLabelText('Name'), 'branch');
  await userEvent.click(screen.getByRole('button', { name: 'Make the line' }));
  expect(await screen.findByText(/marsad relay enroll/)).toBeInTheDocument();
  expect(asked.filter((a) => a.route === 'POST /v1/enroll-secrets').map((a) => (a.body as { purpose: string }).purpose)).toEqual(['agent', 'relay']);
});

it('shows an agent with its policy, what it lost and what was done on it, and acts on it', async () => {
  const agent = { ...HOST, kind: 'agent', policy_version: 7, policy_refused: '', lost_records: 1200 };
  const done = { id: 'a1', run: null, playbook: null, step: null, step_name: null, action: 'isolate_host', title: 'Isolate web-1', target: 'web-1', status: 'completed', radius: 'high', requested_by: 'ann', requested_at: EVENT.time, approvals: [], consent: 'one_person', parameters: {} };
  const kind = { action: 'isolate_host', title: 'Isolate a host', says: 'The host speaks with its relay only.', about: 'host', permission: 'actions:contain', radius: 'high', effect: 'reversible', reverse: 'release_host', carried_by: ['agent'], parameters: [{ name: 'host', type: 'string', required: true }] };
  const { asked } = await open('/endpoints', { ...ROUTES, 'GET /v1/auth/session': () => ({ body: { ...SESSION, permissions: [...SESSION.permissions, 'endpoints:read', 'actions:read', 'actions:contain', 'playbooks:run'] } }), 'GET /v1/endpoints': () => ({ body: { endpoints: [agent], next: null } }), 'GET /v1/endpoints/h1': () => ({ body: agent }), 'GET /v1/actions': () => ({ body: { actions: [done], next: null } }), 'GET /v1/actions/catalogue': () => ({ body: { actions: [kind] } }), 'POST /v1/actions': () => ({ status: 201, body: { ...done, id: 'a2', status: 'awaiting_approval' } }) });
  expect(await screen.findByText('version 7 is in force')).toBeInTheDocument();
  expect(screen.getByText('1,200 records')).toBeInTheDocument();
  expect(await screen.findByRole('link', { name: 'Isolate web-1' })).toBeInTheDocument();
  await clean();
  press('R');
  expect(await screen.findByLabelText(/^host/)).toHaveValue('web-1');
  expect(screen.queryByRole('tab', { name: 'Run a playbook' })).not.toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Ask for it' }));
  await waitFor(() => expect(asked.find((a) => a.route === 'POST /v1/actions')?.body).toMatchObject({ action: 'isolate_host', parameters: { host: 'web-1' } }));
  expect(asked.find((a) => a.route === 'POST /v1/actions')?.body).not.toHaveProperty('about');
});

it('asks a host, shows rows as they come, and cancels', async () => {
  const { asked } = await open('/live-queries?host=h1', ROUTES);
  await userEvent.type(await screen.findByLabelText('Query'), 'SELECT 1 AS x{Control>}{Enter}{/Control}');
  await waitFor(() => expect(asked.find((a) => a.route === 'POST /v1/live-queries')?.body).toEqual({ sql: 'SELECT 1 AS x', targets: { endpoint_ids: ['h1'] }, expires_in_seconds: 900 }));
  await waitFor(() => expect(Stream.last?.url).toBe('/v1/live-queries/q1/stream?after=0'));
  act(() => Stream.last!.say('answer', { seq: 1, endpoint_id: 'h1', hostname: 'web-1', state: 'answered', status: 0, message: '', row_count: 1, truncated: false, rows: [{ x: 'forty-two' }] }, '1'));
  expect(await screen.findByText('forty-two')).toBeInTheDocument();
  await clean();
  await userEvent.click(screen.getByRole('tab', { name: /Silent/ }));
  expect(await screen.findByText('has not asked since')).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: /Cancel/ }));
  await waitFor(() => expect(asked.some((a) => a.route === 'POST /v1/live-queries/q1/cancel')).toBe(true));
  act(() => Stream.last!.say('end', { ...QUERY, answered: 1, rows: 1, state: 'cancelled' }, ''));
  expect(await screen.findByTestId('state')).toHaveTextContent('cancelled');
});

it('says why a query was refused', async () => {
  await open('/live-queries', { ...ROUTES, 'POST /v1/live-queries': refuse(400, 'No host that is let in fits these targets.') });
  await userEvent.type(await screen.findByLabelText('Query'), 'SELECT 1');
  await userEvent.type(screen.getByLabelText(/A part of the name/), 'nobody');
  await userEvent.click(screen.getByRole('button', { name: /^Ask Ctrl/ }));
  expect(await screen.findByText(/No host that is let in fits/)).toBeInTheDocument();
});

it('shows what osquery on a host says of itself: its complaints, and queries that it does not ask', async () => {
  const column = (name: string, type: string) => ({ name, type });
  const reply = (columns: unknown[], rows: unknown[][]) => [{ type: 'begin', kind: 'table', columns, from: EVENT.time, to: EVENT.time }, { type: 'rows', columns, rows }, { type: 'end', rows: rows.length, partial: false, cut: [], next: null, scanned: 0, scanned_bytes: 0, total_bytes: 0, found: 0, took_ms: 1 }];
  await open('/endpoints', { ...ROUTES, 'POST /v1/events/query': ({ body }: { body: unknown }) => ({ lines: (body as { query: string }).query.includes('denylisted')
    ? reply([column('unmapped.columns.name', 'text'), column('action', 'any'), column('last', 'time')], [['pack_ours_costly', 'added', EVENT.time], ['pack_ours_back', 'removed', EVENT.time]])
    : reply([column('message', 'text'), column('count', 'number'), column('last', 'time'), column('severity', 'number')], [['Scheduled query may have failed', 4, EVENT.time, 3]]) }) });
  expect(await screen.findByText('pack_ours_costly')).toBeInTheDocument();
  expect(screen.queryByText('pack_ours_back')).toBeNull();
  expect(screen.getByText('Scheduled query may have failed')).toBeInTheDocument();
  expect(screen.getByText(/4 times, last/)).toBeInTheDocument();
  await clean();
});
