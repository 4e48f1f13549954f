import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it } from 'vitest';
import { clean, open, press } from './test/open';
import { SCHEDULE, SESSION, VIEW } from './test/server';

beforeEach(() => localStorage.clear());
const queries = (asked: { route: string; body: unknown }[]) => asked.filter((a) => a.route === 'POST /v1/events/query').map((a) => (a.body as { query: string }).query);

it('saves a search under a name, and its address names it', async () => {
  const { asked } = await open('/search?q=user+%3D+root&last=7d', { 'POST /v1/views': (r) => ({ status: 201, body: { ...VIEW, ...(r.body as object), id: 'v2' } }), 'GET /v1/views': () => ({ body: { views: [VIEW, { ...VIEW, id: 'v2', name: 'Roots', query: 'user = root' }] } }) });
  await screen.findByText('powershell -enc AAAA');
  press('S');
  await userEvent.type(await screen.findByLabelText('Name'), 'Roots');
  await clean();
  await userEvent.keyboard('{Enter}');
  await waitFor(() => expect(asked.find((a) => a.route === 'POST /v1/views')?.body).toMatchObject({ name: 'Roots', query: 'user = root', last: '7d', shared: false, display: 'events' }));
  await waitFor(() => expect(window.location.search).toContain('saved=v2'));
  expect(await screen.findByRole('button', { name: 'Saved searches; this is Roots' })).toBeInTheDocument();
});

it('opens what a link names, and sees that it was changed', async () => {
  const { asked } = await open('/search?saved=v1');
  await waitFor(() => expect(queries(asked)).toContain('cmd contains sh'));
  expect(window.location.search).toContain('last=7d');
  expect(await screen.findByRole('button', { name: 'Saved searches; this is Shells of services' })).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Last 7 days' }));
  await userEvent.click(screen.getByRole('button', { name: 'Last hour' }));
  expect(await screen.findByRole('button', { name: 'Saved searches; this is Shells of services, changed' })).toBeInTheDocument();
});

it('shows the columns that a view has, and one can be added and taken away', async () => {
  const { asked } = await open('/search?saved=v1', { 'GET /v1/views': () => ({ body: { views: [{ ...VIEW, columns: ['host', 'unmapped.Odd'] }] } }), 'PUT /v1/views/v1': (r) => ({ body: { ...VIEW, ...(r.body as object) } }) });
  expect(await screen.findByRole('button', { name: 'Take the column host away' })).toBeInTheDocument();
  const row = within(screen.getByTestId('results')).getByRole('listitem');
  expect(row).toHaveTextContent('web-1x');
  expect(row).not.toHaveTextContent('powershell');
  await clean();
  await userEvent.click(screen.getByRole('button', { name: 'Take the column unmapped.Odd away' }));
  await waitFor(() => expect(row).not.toHaveTextContent('web-1x'));
  await userEvent.click(await screen.findByRole('button', { name: /^device.hostname/ }));
  await userEvent.click(await screen.findByRole('button', { name: 'Column', pressed: false }));
  expect(await screen.findByRole('button', { name: 'Column', pressed: true })).toBeInTheDocument();
  expect(row).toHaveTextContent('web-1web-1');
  expect(window.location.search).toContain(encodeURIComponent('["host","device.hostname"]'));
  expect(screen.getByRole('button', { name: 'Saved searches; this is Shells of services, changed' })).toBeInTheDocument();
  press('m');
  await userEvent.click(await screen.findByText(/^Save the changes/));
  await waitFor(() => expect(asked.find((a) => a.route === 'PUT /v1/views/v1')?.body).toMatchObject({ columns: ['host', 'device.hostname'] }));
});

it('brings back what was asked before with the arrow up', async () => {
  const { asked } = await open('/search');
  await screen.findByText('powershell -enc AAAA');
  await waitFor(() => expect(asked.some((a) => a.route.startsWith('GET /v1/search-history'))).toBe(true));
  await userEvent.click(screen.getByRole('textbox', { name: 'Query' }));
  await userEvent.keyboard('{ArrowUp}');
  await waitFor(() => expect(screen.getByRole('textbox', { name: 'Query' })).toHaveTextContent('user = root'));
  await userEvent.keyboard('{Enter}');
  await waitFor(() => expect(queries(asked)).toContain('user = root'));
});

it('renames, shares and deletes, and undoes a deletion', async () => {
  let views = [VIEW];
  const put = (r: { body: unknown }) => { views = [{ ...views[0]!, ...(r.body as object), version: 2 }]; return { body: views[0] }; };
  const { asked } = await open('/saved', { 'GET /v1/views': () => ({ body: { views } }), 'PUT /v1/views/v1': put, 'DELETE /v1/views/v1': () => { views = []; return { status: 204 }; }, 'POST /v1/views': (r) => { views = [{ ...VIEW, ...(r.body as object) }]; return { status: 201, body: views[0] }; } });
  await screen.findByText('Shells of services');
  press('j');
  await waitFor(() => expect(window.location.search).toBe('?at=v1'));
  press('r');
  const name = await screen.findByRole('textbox', { name: 'New name of Shells of services' });
  await userEvent.clear(name);
  await userEvent.type(name, 'Service shells{Enter}');
  expect(await screen.findByText('Service shells')).toBeInTheDocument();
  expect(asked.find((a) => a.route === 'PUT /v1/views/v1')?.body).toMatchObject({ name: 'Service shells', query: 'cmd contains sh', version: 1 });
  await clean();
  press('d');
  expect(await screen.findByRole('heading', { name: 'No search is saved yet' })).toBeInTheDocument();
  press('u');
  expect(await screen.findByText('Service shells')).toBeInTheDocument();
});

it('does not offer to save to those who may not', async () => {
  await open('/saved', { 'GET /v1/auth/session': () => ({ body: { ...SESSION, permissions: ['events:read'] } }) });
  await screen.findByText('Shells of services');
  expect(screen.queryByRole('button', { name: /^(Rename|Share|Delete)/ })).toBeNull();
});

it('has the search run by itself, reading the times aloud', async () => {
  const { asked } = await open('/search?q=user+%3D+root', { 'POST /v1/schedules': (r) => ({ status: 201, body: { ...SCHEDULE, ...(r.body as object) } }) });
  await screen.findByText('powershell -enc AAAA');
  press('c');
  await userEvent.type(await screen.findByLabelText('Name'), 'Roots');
  const cron = screen.getByLabelText(/^Cron expression/);
  await userEvent.clear(cron);
  await userEvent.type(cron, '0 7 * *');
  expect(screen.getByText(/Five fields are needed/)).toBeInTheDocument();
  expect(screen.getByRole('button', { name: 'Have it run' })).toBeDisabled();
  await userEvent.type(cron, ' 1-5');
  expect(screen.getByText('Monday to Friday at 07:00')).toBeInTheDocument();
  await userEvent.click(screen.getByRole('checkbox', { name: 'Raise an alert' }));
  await clean();
  await userEvent.click(screen.getByRole('button', { name: 'Have it run' }));
  await waitFor(() => expect(asked.find((a) => a.route === 'POST /v1/schedules')?.body).toMatchObject({ name: 'Roots', query: 'user = root', cron: '0 7 * * 1-5', alert: { severity: 'medium', threshold: 1 }, enabled: true }));
  await waitFor(() => expect(window.location.pathname + window.location.search).toBe('/schedules?schedule=s1'));
});

it('shows what runs found, and turns a schedule off', async () => {
  const { asked } = await open('/schedules', { 'POST /v1/schedules/s1/disable': () => ({ body: { ...SCHEDULE, enabled: false } }) });
  expect(await screen.findByText('powershell -enc AAAA')).toBeInTheDocument();
  expect(screen.getByText(/makes up for 2 missed/)).toBeInTheDocument();
  expect(screen.getByRole('link', { name: 'Its alert' })).toHaveAttribute('href', expect.stringContaining('alert=a1'));
  expect(screen.getByText(/raises a high alert from 5 hits on/)).toBeInTheDocument();
  await clean();
  press('x');
  await waitFor(() => expect(asked.some((a) => a.route === 'POST /v1/schedules/s1/disable')).toBe(true));
});
