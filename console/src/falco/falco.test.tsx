import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { clean, open, press, refuse } from '../test/open';
import { EVENT, SESSION } from '../test/server';
import { readSearch } from './address';
import { alertsOf, named, sensors, step } from './queries';
import { squarified } from './Shares';

const SHA = 'ab'.repeat(32);
const POLICY = { id: 'p2', group: 'nodes', version: 2, collectors: { processes: { on: true }, falco: { on: true, every_ms: 500, disable: ['Packet socket created in container'] } }, agent: [{ version: '0.2.0', platform: 'linux-x86_64', sha256: 'f0', size: 1 }], scripts: [{ name: 'x', sha256: 'y', text: '#!/bin/sh' }], falco_rules_sha256: SHA, note: 'less noise', made_by: 'user:u', made_at: EVENT.time };
const column = (name: string, type: string) => ({ name, type });
function answered(query: string) {
  const reply = (columns: unknown[], rows: unknown[][]) => [{ type: 'begin', kind: 'table', columns, from: EVENT.time, to: EVENT.time }, { type: 'rows', columns, rows }, { type: 'end', rows: rows.length, partial: false, cut: [], next: null, scanned: 0, scanned_bytes: 0, total_bytes: 0, found: 0, took_ms: 1 }];
  if (query.includes('timechart')) return reply([column('time', 'time'), column('2', 'number'), column('5', 'number')], [['2026-11-23T10:00:00Z', 3, 1], ['2026-11-23T10:01:00Z', 0, 2]]);
  if (query.includes('falco_sensor')) return reply([column('device.hostname', 'text'), column('activity', 'any'), column('version', 'any'), column('last', 'time'), column('rules', 'any'), column('trouble', 'any')], [['node-2', 'Stop', null, EVENT.time, null, 'the Falco on this host refuses the rules'], ['node-1', 'Start', '0.39.2', EVENT.time, SHA, '']]);
  if (query.includes('dc(')) return reply([column('count', 'number'), column('rules', 'number'), column('hosts', 'number'), column('containers', 'number')], [[1234, 2, 3, 4]]);
  if (query.includes('by severity')) return reply([column('severity', 'text'), column('count', 'number')], [['5', 9]]);
  return reply([column('finding_info.title', 'text'), column('count', 'number')], [['Terminal shell in container', 7], ["It's read", 2]]);
}
const ROUTES = {
  'GET /v1/auth/session': () => ({ body: { ...SESSION, permissions: [...SESSION.permissions, 'endpoints:read', 'endpoints:manage'] } }),
  'GET /v1/agent-policies': ({ url }: { url: URL }) => ({ body: { policies: url.searchParams.get('group') ? [POLICY, { ...POLICY, id: 'p1', version: 1, collectors: { falco: { on: true, rules: '- list: a\n  items: [b]\n' } }, note: 'the first' }] : [POLICY, { ...POLICY, id: 'q', group: 'default', collectors: {}, falco_rules_sha256: undefined }] } }),
  'POST /v1/agent-policies': () => ({ status: 201, body: { ...POLICY, id: 'p3', version: 3 } }),
  'POST /v1/events/query': ({ body }: { body: unknown }) => ({ lines: answered((body as { query: string }).query) }),
  'POST /v1/events/search': () => ({ body: { events: [{ ...EVENT, id: 'e1', fields: { 'finding_info.title': 'Terminal shell in container', severity_id: 5, 'resources.namespace': 'prod', 'resources.name': 'web-1' } }], next: null } }),
};

it('shows what Falco says, narrows by what is chosen, and stands still when paused', async () => {
  const { asked } = await open('/falco', ROUTES);
  expect(await screen.findByText('1,234')).toBeInTheDocument();
  expect(await screen.findByText('prod/web-1')).toBeInTheDocument();
  expect(await screen.findByText('0.39.2')).toBeInTheDocument();
  expect(screen.getByText('connected')).toBeInTheDocument();
  expect(screen.getByText('away')).toBeInTheDocument();
  await clean();
  await userEvent.click(screen.getByRole('tab', { name: 'Treemap' }));
  expect(await screen.findByTitle('Terminal shell in container: 7')).toBeInTheDocument();
  await userEvent.click(screen.getByRole('tab', { name: 'Pie' }));
  await userEvent.click(await screen.findByRole('button', { name: "It's read" }));
  expect(screen.getByLabelText('Only alerts where')).toHaveValue("finding_info.title = 'It''s read'");
  await waitFor(() => expect(asked.some((a) => a.route === 'POST /v1/events/search' && (a.body as { query: string }).query.includes("It''s read"))).toBe(true));
  expect(asked.filter((a) => a.route === 'POST /v1/events/query').every((a) => (a.body as { remember: boolean }).remember === false)).toBe(true);
  await clean();
  press('p');
  expect(await screen.findByText('Newest, as of the pause')).toBeInTheDocument();
  expect(screen.getByRole('button', { name: /Go on/ })).toHaveAttribute('aria-pressed', 'true');
  press('j');
  expect(document.activeElement).toHaveTextContent('Terminal shell in container');
});

it('brings rules to the Falcos of a group, takes those of a version before, and says what is refused', async () => {
  const { asked } = await open('/falco', ROUTES);
  expect(await screen.findByText('in force')).toBeInTheDocument();
  expect(screen.getByTitle('the Falco on this host refuses the rules')).toHaveTextContent('refused');
  press('e');
  expect(await screen.findByLabelText(/Switched off/)).toHaveValue('Packet socket created in container');
  expect(screen.getByLabelText('Hosts of the group')).toHaveValue('nodes');
  await clean();
  await userEvent.click(within(await screen.findByRole('group', { name: 'Switch off what has spoken' })).getByRole('button', { name: 'Terminal shell in container' }));
  expect(screen.getByLabelText(/Switched off/)).toHaveValue('Packet socket created in container\nTerminal shell in container');
  await userEvent.click(await screen.findByRole('button', { name: 'Take its rules' }));
  expect(screen.getByLabelText(/Switched off/)).toHaveValue('');
  await userEvent.type(screen.getByLabelText(/Switched off/), 'One rule{Enter}One rule');
  await userEvent.click(screen.getByRole('button', { name: 'Give version 3 out' }));
  await waitFor(() => expect(asked.find((a) => a.route === 'POST /v1/agent-policies')?.body).toEqual({ group: 'nodes', base: 2, collectors: { processes: { on: true }, falco: { on: true, every_ms: 500, rules: '- list: a\n  items: [b]\n', disable: ['One rule'] } }, scripts: [{ name: 'x', text: '#!/bin/sh' }], agent: ['f0'], note: 'back to version 1' }));
  await waitFor(() => expect(screen.queryByLabelText(/Switched off/)).not.toBeInTheDocument());
});

it('keeps what was written when the platform refuses it', async () => {
  await open('/falco?rules=true', { ...ROUTES, 'POST /v1/agent-policies': refuse(400, 'No agent would take this policy.', { errors: [{ where: '/collectors/falco/rules', reason: "line 5: 'LOUD' is no priority" }] }) });
  await userEvent.type(await screen.findByLabelText(/Rules of our own/), '- rule: x');
  await userEvent.click(screen.getByRole('button', { name: 'Give version 3 out' }));
  expect(await screen.findByText(/'LOUD' is no priority/)).toBeInTheDocument();
  expect(screen.getByLabelText(/Rules of our own/)).toHaveValue('- rule: x');
  await clean();
});

it('says how a Falco is connected when none has spoken, and what is wrong with a filter', async () => {
  await open('/falco', { ...ROUTES, 'POST /v1/events/search': () => ({ body: { events: [], next: null } }) });
  expect(await screen.findByRole('heading', { name: 'No Falco has said anything in this time' })).toBeInTheDocument();
  await clean();
});

it('shows why a filter is refused', async () => {
  await open('/falco?q=severity%20%3D', { ...ROUTES, 'POST /v1/events/search': refuse(400, 'a value is expected') });
  expect(await screen.findByText('a value is expected')).toBeInTheDocument();
  fireEvent.blur(screen.getByLabelText('Only alerts where'));
});

it('keeps of the address what it knows', () => {
  expect(readSearch({ by: 'pod', as: 'cube', area: 'true', paused: true, q: 'x', last: '4h' })).toMatchObject({ by: 'pod', as: undefined, area: true, paused: true, q: 'x', last: '4h' });
});

it('asks for about sixty points, and puts a filter into parentheses of its own', () => {
  expect(step('2026-11-23T10:00:00Z', '2026-11-23T11:00:00Z')).toBe('1m');
  expect(step('2026-11-23T10:00:00Z', '2026-11-23T10:05:00Z')).toBe('5s');
  expect(step('2026-11-23T10:00:00Z', '2027-11-23T10:00:00Z')).toBe('1440m');
  expect(alertsOf('a or b')).toBe("metadata.product.name = 'Falco' and (a or b)");
});

it('calls severities by their names, and knows of each sensor its newest word', () => {
  expect(named({ columns: [{ name: 'severity', type: 'text' }, { name: '4', type: 'number' }], rows: [['5', 1]] })).toEqual({ columns: [{ name: 'severity', type: 'text' }, { name: 'high', type: 'number' }], rows: [['critical', 1]] });
  expect(sensors({ columns: [], rows: [] })).toEqual([]);
});

it('lays boxes out whose areas are as the counts', () => {
  const boxes = squarified([6, 6, 4, 3, 2, 2, 1], 600, 400);
  expect(boxes).toHaveLength(7);
  const unit = (600 * 400) / 24;
  [6, 6, 4, 3, 2, 2, 1].forEach((n, i) => expect(boxes[i]!.w * boxes[i]!.h).toBeCloseTo(n * unit, 3));
  for (const b of boxes) {
    expect(b.x + b.w).toBeLessThan(600.001);
    expect(b.y + b.h).toBeLessThan(400.001);
  }
  expect(squarified([], 10, 10)).toEqual([]);
});
