import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import type { Policy } from '../falco/rules';
import { clean, open, press, refuse } from '../test/open';
import { EVENT, SESSION } from '../test/server';
import { map, standing } from '../relays/relays';
import { again, changes, collectorsOf, draftOf, picked } from './policies';

const STAGES = [{ share: 10, hosts: 5 }, { share: 25, hosts: 9 }, { share: 50, hosts: 21 }, { share: 100, hosts: 40 }];
const NAMED = { version: '0.2.0', platform: 'linux-x86_64', sha256: 'a'.repeat(64), size: 57_000_000 };
const PACKAGE = { ...NAMED, id: 'k1', block_size: 4, received: 3, groups: ['servers'], made_by: 'user:u', made_at: EVENT.time };
const POLICY: Policy = { id: 'p3', group: 'servers', version: 3, collectors: { processes: { on: true, every_ms: 2000, records_per_second: 50 }, files: { on: true, paths: ['/var/log/auth.log'] }, falco: { on: true, rules: '- list: a' } }, scripts: [{ name: 'who', sha256: 'x', text: '#!/bin/sh\nwho\n' }], agent: [NAMED], share: 10, hosts: { of: 40, chosen: 5, in_force: 4, refused: 1, stages: STAGES }, note: 'the third', made_by: 'user:u', made_at: EVENT.time };
const SECOND: Policy = { ...POLICY, id: 'p2', version: 2, share: 100, hosts: { of: 40, chosen: 40, in_force: 35, refused: 0, stages: STAGES }, note: 'the second', agent: [], collectors: { processes: { on: true } } };
const ROUTES = {
  'GET /v1/auth/session': () => ({ body: { ...SESSION, permissions: [...SESSION.permissions, 'endpoints:read', 'endpoints:manage'] } }),
  'GET /v1/agent-policies': ({ url }: { url: URL }) => ({ body: { policies: url.searchParams.get('group') ? [POLICY, SECOND] : [POLICY] } }),
  'GET /v1/agent-packages': () => ({ body: { packages: [PACKAGE, { ...PACKAGE, id: 'k2', version: '0.3.0', sha256: 'b'.repeat(64), groups: [] }] } }),
  'GET /v1/agent-policies/p3/diff': () => ({ body: { differences: [{ path: '/share', before: 100, after: 10 }] } }),
  'POST /v1/agent-policies': () => ({ status: 201, body: { ...POLICY, id: 'p4', version: 4 } }),
};

it('shows how far a version has come, what it changed, widens it and goes back', async () => {
  const { asked } = await open('/policies', ROUTES);
  expect(await screen.findByRole('heading', { name: 'servers' })).toBeInTheDocument();
  expect(screen.getAllByText('refused by 1')).not.toHaveLength(0);
  expect(screen.getByText(/5 of 40 hosts; the others keep what they have/)).toBeInTheDocument();
  await clean();
  await userEvent.click((await screen.findAllByRole('button', { name: 'What changed' }))[0]!);
  expect(await screen.findByText('/share')).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'To half' }));
  expect(await screen.findByText(/21 of 40 hosts take it/)).toBeInTheDocument();
  await userEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Sign and give out' }));
  await waitFor(() => expect(asked.find((a) => a.route === 'POST /v1/agent-policies')?.body).toMatchObject({ group: 'servers', base: 3, share: 50, collectors: POLICY.collectors, note: 'version 3 to half' }));
  await userEvent.click(screen.getByRole('button', { name: 'Go back to it' }));
  await clean();
  await userEvent.click(within(await screen.findByRole('dialog')).getByRole('button', { name: 'Sign and give out' }));
  await waitFor(() => expect(asked.filter((a) => a.route === 'POST /v1/agent-policies')[1]?.body).toMatchObject({ base: 3, share: 100, collectors: { processes: { on: true } }, note: 'back to version 2' }));
});

it('gives the next version out to a part of the group, what changes shown before, and says why it is refused', async () => {
  const { asked } = await open('/policies', { ...ROUTES, 'POST /v1/agent-policies': refuse(400, 'No agent would take this policy.', { errors: [{ where: '/collectors/files/paths/0', reason: 'an absolute path is expected' }, { where: '/collectors', reason: 'too long' }] }) });
  await screen.findByRole('heading', { name: 'servers' });
  press('e');
  const give = await screen.findByRole('button', { name: 'Give version 4 out' });
  expect(give).toBeDisabled();
  await clean();
  await userEvent.click(screen.getByRole('checkbox', { name: /Services/ }));
  expect(screen.getByText('/services')).toBeInTheDocument();
  expect(screen.getByRole('button', { name: '10 %' })).toHaveAttribute('aria-pressed', 'true');
  expect(screen.getByText(/5 of 40 hosts take it/)).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: '25 %' }));
  expect(screen.getByText(/9 of 40 hosts take it/)).toBeInTheDocument();
  await userEvent.type(screen.getByLabelText(/^Why/), 'tried first');
  await userEvent.click(give);
  expect(await screen.findByText('an absolute path is expected')).toBeInTheDocument();
  expect(screen.getByLabelText('Files, one a line; * stands for a part of a name')).toHaveAccessibleDescription(/paths\/0 an absolute path is expected/);
  expect(screen.getByText('too long').closest('.problem')).not.toHaveTextContent('an absolute path');
  await clean();
  expect(asked.find((a) => a.route === 'POST /v1/agent-policies')?.body).toEqual({ group: 'servers', base: 3, collectors: { ...POLICY.collectors, services: { on: true } }, scripts: [{ name: 'who', text: '#!/bin/sh\nwho\n' }], agent: [NAMED.sha256], share: 25, note: 'tried first' });
  expect(screen.getByRole('checkbox', { name: /Services/ })).toBeChecked();
});

it('says how a group gets a policy where there is none', async () => {
  await open('/policies', { ...ROUTES, 'GET /v1/agent-policies': () => ({ body: { policies: [] } }) });
  expect(await screen.findByText('No host runs our agent yet')).toBeInTheDocument();
  await clean();
});

it('leaves what it does not edit as it is', () => {
  expect(collectorsOf(POLICY, draftOf(POLICY))).toEqual(POLICY.collectors);
  expect(changes(POLICY, draftOf(POLICY))).toEqual([]);
  const d = draftOf(POLICY);
  d.parts.processes!.every = '10';
  d.parts.files!.on = false;
  d.parts.processes!.kilobytes = '20';
  d.scripts = [];
  expect(changes(POLICY, d).map((c) => c.path)).toEqual(['/files/on', '/processes/bytes_per_second', '/processes/every_ms', '/scripts/who']);
  expect(collectorsOf(POLICY, d).processes).toEqual({ on: true, every_ms: 10_000, records_per_second: 50, bytes_per_second: 20_000 });
  expect(again(POLICY, SECOND, 100, 'x')).toMatchObject({ base: 3, collectors: SECOND.collectors });
  const spaced = { ...SECOND, collectors: { files: { on: true, paths: ['/var/log/a '] }, processes: { on: true, paths: [] } } };
  expect(again(POLICY, spaced, 50, 'x').collectors).toEqual(spaced.collectors);
  expect([picked(POLICY, 25), picked({ ...POLICY, share: 37 }, 37)]).toEqual([9, 5]);
});

it('gives hosts another agent, and takes a package in blocks', async () => {
  const { asked } = await open('/policies?edit=true', { ...ROUTES, 'POST /v1/agent-packages': () => ({ status: 201, body: { ...PACKAGE, id: 'k3', sha256: null, version: '', platform: '', received: 0, groups: [] } }), 'PUT /v1/agent-packages/k3/blocks': () => ({ body: { ...PACKAGE, id: 'k3' } }), 'DELETE /v1/agent-packages/k2': () => ({ status: 204 }) });
  await userEvent.selectOptions(await screen.findByLabelText('Agent for linux-x86_64'), '0.3.0');
  expect(screen.getByText('/agent/linux-x86_64')).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Agent packages' }));
  const dialog = await screen.findByRole('dialog', { name: 'Agents that hosts can be given' });
  expect(await within(dialog).findByText(/runs in servers/)).toBeInTheDocument();
  await clean();
  await userEvent.upload(within(dialog).getByLabelText(/Another one/), new File(['0123456789'], 'marsad-agent-0.4.0-linux-x86_64.tar.gz', { type: 'application/gzip' }));
  await waitFor(() => expect(asked.filter((a) => a.route.startsWith('PUT /v1/agent-packages/k3/blocks')).map((a) => a.route.split('?')[1])).toEqual(['number=0', 'number=1', 'number=2']));
  expect(asked.find((a) => a.route === 'POST /v1/agent-packages')?.body).toEqual({ size: 10 });
  await userEvent.click(within(dialog).getByRole('button', { name: 'Forget 0.3.0 for linux-x86_64' }));
  await waitFor(() => expect(asked.some((a) => a.route === 'DELETE /v1/agent-packages/k2')).toBe(true));
  await userEvent.click(within(dialog).getByRole('button', { name: 'Close' }));
  await userEvent.click(screen.getByRole('button', { name: 'Give version 4 out' }));
  await waitFor(() => expect(asked.find((a) => a.route === 'POST /v1/agent-policies')?.body).toMatchObject({ agent: ['b'.repeat(64)] }));
});

const RELAY = { id: 'r1', hostname: 'relay-oslo', group: 'relays', software_version: '0.1', state: 'active' as const, enrolled_at: EVENT.time, last_seen_at: new Date().toISOString(), last_address: '10.0.0.9', certificate_until: '2027-01-01T00:00:00Z', waiting_records: 7, waiting_bytes: 700, lost_records: 2, lost_bytes: 20, groups: [{ group: 'servers', hosts: 3, heard: 3 }, { group: 'kiosks', hosts: 2, heard: 0 }] };

it('shows relays with what waits at them and who comes through them, and keeps one out', async () => {
  const { asked } = await open('/relays', { ...ROUTES, 'GET /v1/relays': () => ({ body: { relays: [RELAY, { ...RELAY, id: 'r2', hostname: 'relay-old', last_seen_at: EVENT.time, waiting_records: 0, groups: [] }], direct: [{ group: 'servers', hosts: 1, heard: 1 }] } }), 'POST /v1/endpoints/r1/revoke': () => ({ body: {} }) });
  const row = (await screen.findByText('relay-oslo', { selector: 'strong' })).closest('tr')!;
  expect(within(row).getByText('connected')).toBeInTheDocument();
  expect(within(row).getByText(/7 records/)).toBeInTheDocument();
  expect(within(screen.getByText('relay-old', { selector: 'strong' }).closest('tr')!).getByText('silent')).toBeInTheDocument();
  expect(screen.getByRole('img', { name: /2 relays between/ })).toBeInTheDocument();
  await clean();
  await userEvent.click(within(row).getByRole('button', { name: 'relay-oslo' }));
  const details = await screen.findByRole('dialog', { name: 'relay-oslo' });
  expect(within(details).getByText('2 records, 20 B')).toBeInTheDocument();
  expect(within(details).getByRole('row', { name: 'kiosks 2 0' })).toBeInTheDocument();
  await clean();
  await userEvent.click(within(details).getByRole('button', { name: 'Close' }));
  await userEvent.click(within(row).getByRole('button', { name: 'Revoke' }));
  expect(await screen.findByText(/5 hosts that come through it/)).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Revoke it' }));
  await waitFor(() => expect(asked.some((a) => a.route === 'POST /v1/endpoints/r1/revoke')).toBe(true));
});

it('says how a relay is set up where there is none', async () => {
  await open('/relays', { ...ROUTES, 'GET /v1/relays': () => ({ body: { relays: [], direct: [] } }) });
  expect(await screen.findByText('There is no relay')).toBeInTheDocument();
  await clean();
});

it('puts everything on the map once, and nothing over another', () => {
  const m = map({ relays: [RELAY, { ...RELAY, id: 'r2', groups: [] }], direct: [{ group: 'x', hosts: 1, heard: 1 }] }, Date.now());
  expect(m.nodes).toHaveLength(7);
  expect(m.lines).toHaveLength(6);
  for (const a of m.nodes) {
    expect(a.x + a.w).toBeLessThanOrEqual(m.width);
    expect(a.y + a.h).toBeLessThanOrEqual(m.height);
    for (const b of m.nodes) if (a !== b) expect(a.x + a.w <= b.x || b.x + b.w <= a.x || a.y + a.h <= b.y || b.y + b.h <= a.y).toBe(true);
  }
  expect(standing({ state: 'revoked', last_seen_at: EVENT.time }, 0)).toBe('revoked');
});

it('only shows policies to who may not change them', async () => {
  await open('/policies', { ...ROUTES, 'GET /v1/auth/session': () => ({ body: { ...SESSION, permissions: [...SESSION.permissions, 'endpoints:read'] } }) });
  expect(await screen.findByRole('heading', { name: 'servers' })).toBeInTheDocument();
  press('e');
  expect(await screen.findByText('the second')).toBeInTheDocument();
  for (const name of [/^Edit/, /^To /, 'Go back to it', /^Give version/]) expect(screen.queryByRole('button', { name })).not.toBeInTheDocument();
});

it('says that somebody else was faster, and keeps what was written', async () => {
  await open('/policies?edit=true', { ...ROUTES, 'POST /v1/agent-policies': refuse(409, 'The newest version of this group is 4, not 3: look at what was changed, and begin with that.') });
  await userEvent.click(await screen.findByRole('checkbox', { name: /Services/ }));
  await userEvent.click(screen.getByRole('button', { name: 'Give version 4 out' }));
  expect(await screen.findByText(/The newest version of this group is 4/)).toBeInTheDocument();
  expect(screen.getByRole('checkbox', { name: /Services/ })).toBeChecked();
});
