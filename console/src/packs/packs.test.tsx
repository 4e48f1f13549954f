import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { clean, open, press, refuse } from '../test/open';
import { EVENT, SESSION } from '../test/server';
import { change, every } from './packs';

const pack = (name: string, shipped: boolean) => ({ name, title: name.toUpperCase(), description: `what ${name} is for`, usual: shipped, attack: ['T1053'], platform: '', watched_paths: 0, queries: [{ name: 'crontab', query: 'SELECT command FROM crontab', interval: 900, platform: 'posix', description: 'T1053.003' }], version: shipped ? 0 : 2, shipped, note: '', made_by: shipped ? null : 'user:u', made_at: shipped ? null : EVENT.time });
const whole = (name: string, shipped: boolean) => ({ ...pack(name, shipped), text: `title: ${name}\n`, findings: [] });
const GROUP = { group: 'servers', version: 1, packs: ['inventory'], hosts: 3, note: 'the first', made_by: 'user:u', made_at: EVENT.time };
const ROUTES = {
  'GET /v1/auth/session': () => ({ body: { ...SESSION, permissions: [...SESSION.permissions, 'endpoints:read', 'endpoints:manage', 'endpoints:query'] } }),
  'GET /v1/osquery-packs': () => ({ body: { packs: [pack('inventory', true), pack('ours', false)] } }),
  'GET /v1/osquery-packs/inventory': () => ({ body: whole('inventory', true) }),
  'GET /v1/osquery-packs/ours': () => ({ body: whole('ours', false) }),
  'GET /v1/osquery-groups': () => ({ body: { groups: [GROUP] } }),
  'POST /v1/osquery-packs/check': ({ body }: { body: unknown }) => ({ body: (body as { text: string }).text.includes('SELECT') ? { good: true, findings: [{ severity: 'warning', line: 5, reason: 'doubtful' }], pack: pack('x', false) } : { good: true, findings: [], pack: pack('x', false) } }),
  'PUT /v1/osquery-packs/own-inventory': () => ({ body: { ...whole('own-inventory', false), version: 1 } }),
  'PUT /v1/osquery-packs/ours': () => ({ body: { ...whole('ours', false), version: 3 } }),
  'POST /v1/osquery-groups': () => ({ body: { ...GROUP, version: 2, packs: ['inventory', 'ours'] } }),
  'GET /v1/osquery-groups/config': () => ({ body: { packs: { inventory: {} } } }),
};

it('shows a pack with what it asks, and makes a copy of one that is shipped', async () => {
  const { asked } = await open('/packs', ROUTES);
  expect(await screen.findByRole('heading', { name: 'INVENTORY' })).toBeInTheDocument();
  expect(await screen.findByText('SELECT command FROM crontab')).toBeInTheDocument();
  expect(screen.getByText('15 min')).toBeInTheDocument();
  await clean();
  press('e');
  expect(await screen.findByRole('heading', { name: 'A copy of INVENTORY' })).toBeInTheDocument();
  expect(await screen.findByText(/nothing to say against it/)).toBeInTheDocument();
  await clean();
  await userEvent.click(screen.getByRole('button', { name: /Keep it/ }));
  await waitFor(() => expect(asked.find((a) => a.route === 'PUT /v1/osquery-packs/own-inventory')?.body).toEqual({ base: 0, text: 'title: inventory\n' }));
});

it('edits an own pack from its version on, says what is doubtful, and shows why it is refused', async () => {
  const { asked } = await open('/packs?pack=ours&edit=true', { ...ROUTES, 'PUT /v1/osquery-packs/ours': refuse(409, 'The newest version is 3, not 2.') });
  await userEvent.click(await screen.findByRole('button', { name: /Keep version 3/ }));
  expect(await screen.findByText('The newest version is 3, not 2.')).toBeInTheDocument();
  expect(asked.find((a) => a.route === 'PUT /v1/osquery-packs/ours')?.body).toEqual({ base: 2, text: 'title: ours\n' });
});

it('says what is doubtful while a new one is written, and takes no name that there is', async () => {
  await open('/packs?edit=true', ROUTES);
  expect(await screen.findByText('doubtful')).toBeInTheDocument();
  expect(screen.getByText('line 5')).toBeInTheDocument();
  await userEvent.type(screen.getByLabelText(/^Name/), 'ours');
  expect(screen.getByText('There is a pack of this name already.')).toBeVisible();
  expect(screen.getByRole('button', { name: /Keep it/ })).toBeDisabled();
});

it('gives a group packs, with what changes said before', async () => {
  const { asked } = await open('/packs?group=servers', ROUTES);
  expect(await screen.findByText(/3 hosts with osquery/)).toBeInTheDocument();
  await clean();
  const give = screen.getByRole('button', { name: 'Give them' });
  expect(give).toBeDisabled();
  await userEvent.click(screen.getByRole('checkbox', { name: /OURS/ }));
  expect(screen.getByText('The group gets ours.')).toBeInTheDocument();
  await userEvent.click(give);
  await waitFor(() => expect(asked.find((a) => a.route === 'POST /v1/osquery-groups')?.body).toEqual({ group: 'servers', base: 1, packs: ['inventory', 'ours'] }));
  await userEvent.click(await screen.findByRole('button', { name: 'Show what its hosts are told' }));
  expect(await screen.findByLabelText('Configuration of osquery')).toBeInTheDocument();
});

it('lists the files that hosts have sent', async () => {
  const carve = { id: 'c1', endpoint_id: 'e1', hostname: 'web-1', host_carve_id: 'x', request_id: 'q', state: 'complete', size: 2048, block_count: 2, received: 2, sha256: 'ab'.repeat(32), started_at: EVENT.time };
  const { asked } = await open('/carves', { ...ROUTES, 'GET /v1/carves': () => ({ body: { carves: [carve, { ...carve, id: 'c2', hostname: 'web-2', state: 'receiving', received: 1, sha256: null }] } }), 'DELETE /v1/carves/c1': () => ({ status: 204 }) });
  const row = (await screen.findByText('web-1')).closest('tr')!;
  expect(within(row).getByRole('link', { name: 'Download' })).toHaveAttribute('href', '/v1/carves/c1/content');
  expect(screen.getByText('1 of 2 blocks', { exact: false })).toBeInTheDocument();
  await clean();
  await userEvent.click(within(row).getByRole('button', { name: 'Delete' }));
  await userEvent.click(await screen.findByRole('button', { name: 'Delete it' }));
  await waitFor(() => expect(asked.some((a) => a.route === 'DELETE /v1/carves/c1')).toBe(true));
});

it('says intervals and changes in words', () => {
  expect([10, 900, 7_200, 86_400].map(every)).toEqual(['10 s', '15 min', '2 h', '1 d']);
  expect(change(['a', 'b'], ['b', 'c'])).toBe('gets c; loses a');
  expect(change(['a'], ['a'])).toBe('');
});
