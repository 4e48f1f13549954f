import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { session } from './session/session';
import { clean, open, press, refuse } from './test/open';
import { END, EVENT, SESSION, alert, stream } from './test/server';
import { Stream } from './test/setup';

beforeEach(() => localStorage.clear());
afterEach(() => void (Stream.last = undefined));

it('signs in, says what is wrong, and goes where the address says', async () => {
  let right = false;
  const { asked } = await open('/sources', { 'GET /v1/auth/session': refuse(401, 'Sign in first.'), 'POST /v1/auth/login': (r) => (right ? { body: { ...(r.body as object), ...GRANTED } } : refuse(401, 'no')()) });
  const user = userEvent.setup();
  await user.type(await screen.findByLabelText('Username'), 'analyst');
  await user.type(screen.getByLabelText('Password'), 'wrong{Enter}');
  expect(await screen.findByRole('alert')).toHaveTextContent('The username or the password is not right.');
  await clean();
  right = true;
  await user.type(screen.getByLabelText('Password'), 'right{Enter}');
  expect(await screen.findByRole('heading', { name: 'Sources' })).toBeInTheDocument();
  expect(asked.find((a) => a.route === 'POST /v1/auth/login')?.body).toEqual({ username: 'analyst', password: 'wrong' });
});
const GRANTED = { user: { id: 'u', username: 'analyst' }, tenant: { id: 'main', name: 'Halden' }, permissions: [], csrf: 'c', expires_at: '2027-01-01T00:00:00Z' };

it('asks for an organisation only when told to', async () => {
  await open('/', { 'GET /v1/auth/session': refuse(401, 'x') });
  expect(screen.queryByLabelText('Organisation')).toBeNull();
  await userEvent.click(await screen.findByRole('button', { name: /another organisation/ }));
  expect(screen.getByLabelText('Organisation')).toHaveFocus();
});

it('shows the queue, the reason and the evidence, and closes with two keys', async () => {
  const { asked } = await open('/alerts', { 'POST /v1/alerts/a1/transition': (r) => ({ body: alert(1, { ...(r.body as object as { to: 'resolved' }), status: 'resolved', verdict: 'benign', version: 2 }) }) });
  const grid = await screen.findByRole('grid', { name: 'Alerts' });
  await waitFor(() => expect(within(grid).getAllByRole('row')).toHaveLength(4));
  await clean();
  press('j');
  press('o');
  expect(await screen.findByText(/started powershell with a hidden command/)).toBeInTheDocument();
  expect(within(screen.getByTestId('match')).getByText('-enc').tagName).toBe('MARK');
  expect(await screen.findByRole('row', { name: /process\.cmd_line.*matched by the rule/ })).toBeInTheDocument();
  expect(window.location.search).toBe('?alert=a1');
  await clean();
  press('e');
  press('b');
  await waitFor(() => expect(asked.find((a) => a.route === 'POST /v1/alerts/a1/transition')?.body).toEqual({ to: 'resolved', verdict: 'benign', version: 1 }));
  expect(asked.find((a) => a.route.startsWith('POST'))?.headers.get('X-Marsad-Csrf')).toBe('c-1');
  expect(await screen.findByText(/Closed as benign/)).toBeInTheDocument();
});

it('shows an alert that arrives, without being asked', async () => {
  await open('/alerts');
  await waitFor(() => expect(Stream.last?.url).toBe('/v1/live?last_event_id=7'));
  act(() => { Stream.last!.open(); Stream.last!.say('alert.created', alert(0, { title: 'Just now' }), '8'); });
  expect(await screen.findByText('Just now')).toBeInTheDocument();
  expect(screen.getByTestId('live')).toHaveTextContent('Live');
});

it('closes many at once, and undoes it', async () => {
  const { asked } = await open('/alerts', {
    'POST /v1/alerts/bulk': () => ({ body: { matched: 2, changed: 2, skipped: {}, as_of: '2026-11-21T10:00:00.000Z', undo: 'u1', undo_until: '2026-11-21T10:15:00.000Z' } }),
    'POST /v1/alerts/bulk/undo': () => ({ body: { restored: 2, changed_since: 0, ids: [] } }),
  });
  await screen.findByText('Alert 1');
  for (const key of ['j', 'x', 'x']) press(key);
  const bar = await screen.findByRole('toolbar', { name: 'Act on the marked alerts' });
  expect(bar).toHaveTextContent('2 marked');
  await clean();
  press('e');
  press('f');
  const sent = () => asked.filter((a) => a.route.includes('/bulk')).map((a) => a.body);
  const act = { ids: ['a1', 'a2'], act: { to: 'resolved', verdict: 'false_positive' }, dry_run: false };
  await waitFor(() => expect(sent()).toEqual([act]));
  await screen.findByText('Closed as false positive: 2 alerts');
  press('u');
  await waitFor(() => expect(sent()).toEqual([act, { undo: 'u1' }]));
});

it('lets new alerts wait while somebody reads, until told', async () => {
  await open('/alerts');
  await screen.findByText('Alert 1');
  press('j');
  act(() => { Stream.last!.open(); Stream.last!.say('alert.created', alert(0, { title: 'Just now' }), '8'); });
  expect(await screen.findByText('1 new alert')).toBeInTheDocument();
  expect(screen.queryByText('Just now')).toBeNull();
  press('.');
  expect(await screen.findByText('Just now')).toBeInTheDocument();
});

it('stays where it is while the platform restarts', async () => {
  let up = true;
  await open('/alerts', { 'GET /v1/auth/session': () => { if (!up) throw new TypeError('fetch failed'); return { body: SESSION }; } });
  await screen.findByText('Alert 1');
  up = false;
  act(() => Stream.last!.fail(true));
  await waitFor(() => expect(screen.getByTestId('live')).toHaveTextContent('Reconnecting'));
  await act(() => session.restore());
  expect(screen.getByText('Alert 1')).toBeInTheDocument();
});

it('keeps filters in the address and asks the server with them', async () => {
  const { asked } = await open('/alerts?severity=critical&q=shell');
  await waitFor(() => expect(asked.some((a) => a.route.startsWith('GET /v1/alerts?') && a.route.includes('severity=critical') && a.route.includes('q=shell') && decodeURIComponent(a.route).includes('status=new,in_progress'))).toBe(true));
  await userEvent.click(screen.getByRole('button', { name: /^high/ }));
  await waitFor(() => expect(window.location.search).toContain('severity=critical'));
  expect(decodeURIComponent(window.location.search)).toContain('critical,high');
});

it('says why the queue is empty and what to do', async () => {
  await open('/alerts', { 'GET /v1/alerts': () => ({ body: { alerts: [], next: null, total: 0, counts: { severity: {}, status: {} } } }) });
  expect(await screen.findByRole('heading', { name: 'No open alerts' })).toBeInTheDocument();
  expect(screen.getByRole('link', { name: 'See the sources' })).toHaveAttribute('href', '/sources');
  await clean();
});

it('goes to sign-in when the session has ended, and keeps the address', async () => {
  await open('/alerts?severity=high', { 'GET /v1/alerts': refuse(401, 'over') });
  expect(await screen.findByText(/Your session ended/)).toBeInTheDocument();
  expect(window.location.search).toBe('?severity=high');
});

it('shows the keys of the screen from the table that binds them', async () => {
  await open('/alerts');
  await screen.findByRole('grid');
  press('?');
  const help = await screen.findByRole('dialog', { name: 'Keys of this screen' });
  expect(within(help).getByText('Close as false positive')).toBeInTheDocument();
  await clean();
});

it('searches, opens an event and narrows by a field', async () => {
  const { asked } = await open('/search?q=powershell');
  expect(await screen.findByText('powershell -enc AAAA')).toBeInTheDocument();
  expect(await screen.findByTestId('found')).toHaveTextContent('5 events');
  expect(screen.getByText(/incomplete/)).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: /^Open the event/ }));
  const cell = await screen.findByRole('button', { name: 'No events where device.hostname is this' });
  await clean();
  await userEvent.click(cell);
  await waitFor(() => expect(asked.some((a) => a.route === 'POST /v1/events/query' && (a.body as { query: string }).query === "powershell and device.hostname != 'web-1'")).toBe(true));
});

it('counts by a field, as a table and as a chart, and goes back to the events of a row', async () => {
  const columns = [{ name: 'host', type: 'text' }, { name: 'count', type: 'number' }];
  const { asked } = await open('/search?q=user%20%3D%20root%20%7C%20stats%20count%20by%20host', {
    'POST /v1/events/query': () => stream({ type: 'begin', kind: 'table', from: EVENT.time, to: EVENT.time, columns }, { type: 'progress', percent: 40, scanned: 1, scanned_bytes: 1, total_bytes: 2, found: 1, took_ms: 1 }, { type: 'rows', columns, rows: [['web-1', 4100], ['web-2', 7]] }, { ...END, partial: false, rows: 2 }),
  });
  expect(await screen.findByText('2', { selector: 'strong' })).toBeInTheDocument();
  await userEvent.click(screen.getByRole('tab', { name: 'Chart' }));
  expect(await screen.findByText('4,100')).toBeInTheDocument();
  await clean();
  await userEvent.click(screen.getByRole('button', { name: 'web-1' }));
  await waitFor(() => expect(asked.some((a) => a.route === 'POST /v1/events/query' && (a.body as { query: string }).query === "user = root and host = 'web-1' | stats count by host")).toBe(true));
  expect(asked.some((a) => a.route === 'POST /v1/events/histogram' && (a.body as { query: string }).query === 'user = root')).toBe(true);
});

it('shows the values of a field and narrows by one', async () => {
  const { asked } = await open('/search');
  await userEvent.click(await screen.findByRole('button', { name: /^device.hostname/ }));
  const one = await screen.findByRole('button', { name: 'Only events where device.hostname is web-2' });
  await clean();
  await userEvent.click(one);
  await waitFor(() => expect(asked.some((a) => a.route === 'POST /v1/events/query' && (a.body as { query: string }).query === "device.hostname = 'web-2'")).toBe(true));
});

it('asks before much is read', async () => {
  const { asked } = await open('/search', { 'POST /v1/events/estimate': () => ({ body: { kind: 'events', columns: [], from: EVENT.time, to: EVENT.time, total_bytes: 3 * 2 ** 30, wide: true } }) });
  const button = await screen.findByRole('button', { name: 'Run it all the same' });
  expect(asked.some((a) => a.route === 'POST /v1/events/query')).toBe(false);
  await clean();
  await userEvent.click(button);
  expect(await screen.findByText('powershell -enc AAAA')).toBeInTheDocument();
});

it('says where a query is wrong and how one is written', async () => {
  await open('/search?q=bad', { 'POST /v1/events/query': refuse(400, 'bad query', { errors: [{ where: 'query:3', reason: 'a value is expected' }] }) });
  expect(await screen.findByText('Column 3: a value is expected')).toBeInTheDocument();
  expect(screen.getByRole('heading', { name: 'The query cannot be read' })).toBeInTheDocument();
  await clean();
});

it('shows sources, the ledger and the dead letters, and replays one', async () => {
  const { asked } = await open('/sources', { 'POST /v1/dead-letters/d1/replay': () => ({ status: 202, body: { event_id: 'd1', status: 'accepted' } }) });
  expect(await screen.findByText('adds up')).toBeInTheDocument();
  expect(screen.getByText('failing')).toBeInTheDocument();
  await clean();
  await userEvent.click(await screen.findByRole('button', { name: 'Replay' }));
  await waitFor(() => expect(asked.some((a) => a.route === 'POST /v1/dead-letters/d1/replay')).toBe(true));
});

it('revokes a token after asking', async () => {
  let gone = false;
  const { asked } = await open('/sources', { 'GET /v1/tokens': () => ({ body: { tokens: gone ? [] : [{ id: 't1', name: 'old-fleet', permissions: ['ingest:write'], created_at: '2026-11-20T00:00:00Z', last_used_at: null, expires_at: null }] } }), 'DELETE /v1/tokens/t1': () => { gone = true; return { status: 204 }; } });
  await userEvent.click(await screen.findByRole('button', { name: 'Revoke old-fleet' }));
  await clean();
  expect(asked.some((a) => a.route.startsWith('DELETE'))).toBe(false);
  await userEvent.click(screen.getByRole('button', { name: 'Revoke it' }));
  await waitFor(() => expect(screen.queryByRole('button', { name: 'Revoke old-fleet' })).toBeNull());
  expect(asked.find((a) => a.route === 'DELETE /v1/tokens/t1')?.headers.get('X-Marsad-Csrf')).toBe('c-1');
});

it('makes a token for a program, which may just what is ticked', async () => {
  const { asked } = await open('/sources', { 'POST /v1/tokens': (r) => ({ status: 201, body: { id: 't9', ...(r.body as object), created_at: '2026-11-21T00:00:00Z', secret: 'mst_once' } }) });
  await screen.findByRole('heading', { name: 'Tokens' });
  press('t');
  const user = userEvent.setup();
  await user.type(await screen.findByLabelText('Name'), 'bridge');
  expect(screen.getByRole('button', { name: 'Make it' })).toBeDisabled();
  expect(screen.queryByRole('checkbox', { name: /users:write/ })).toBeNull();
  await user.click(screen.getByRole('checkbox', { name: /alerts:read/ }));
  await user.selectOptions(screen.getByLabelText('Ends'), 'never');
  await clean();
  await user.click(screen.getByRole('button', { name: 'Make it' }));
  expect(await screen.findByText('mst_once')).toBeInTheDocument();
  await user.click(screen.getByRole('button', { name: 'I have it' }));
  expect(asked.find((a) => a.route === 'POST /v1/tokens')?.body).toEqual({ name: 'bridge', permissions: ['alerts:read'] });
});

it('teaches how to connect a first source, and shows the secret once', async () => {
  await open('/sources', { 'GET /v1/sources': () => ({ body: { sources: [], ledger: { received: 0, stored: 0, deduplicated: 0, dead: 0, pending: 0 } } }), 'POST /v1/tokens': () => ({ status: 201, body: { id: 't', name: 'web', permissions: ['ingest:write'], created_at: '2026-11-21T00:00:00Z', secret: 'mst_secret' } }) });
  await userEvent.click(await screen.findByRole('button', { name: 'Make a token' }));
  await clean();
  await userEvent.type(await screen.findByLabelText('Name of the source'), 'web{Enter}');
  expect(await screen.findByText('mst_secret')).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'I have it' }));
  await waitFor(() => expect(screen.queryByText('mst_secret')).toBeNull());
});
