import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { beforeEach, expect, it } from 'vitest';
import { clean, open, press, refuse } from './test/open';
import { EVENT, HUNT, RULE, SESSION } from './test/server';

beforeEach(() => localStorage.clear());
type Query = { query: string; rule?: string };
const queries = (asked: { route: string; body: unknown }[]) => asked.filter((a) => a.route === 'POST /v1/events/query').map((a) => a.body as Query);

it('goes from a rule to its events, says what the text cannot, and runs the rule exactly', async () => {
  const { asked } = await open('/rules');
  const grid = await screen.findByRole('grid', { name: 'Rules' });
  expect(await within(grid).findByText('Encoded command')).toBeInTheDocument();
  press('j');
  press('o');
  expect(await screen.findByText('Hides what it does.')).toBeInTheDocument();
  expect(window.location.search).toBe('?rule=r1');
  expect(screen.getByRole('link', { name: 'T1059.001' })).toHaveAttribute('href', 'https://attack.mitre.org/techniques/T1059/001/');
  await clean();
  press('s');
  expect(await screen.findByText('the log source windows / process_creation')).toBeInTheDocument();
  await waitFor(() => expect(queries(asked).at(-1)?.query).toBe("process.cmd_line contains ' -enc '"));
  await userEvent.click(screen.getByRole('button', { name: /Run the rule exactly/ }));
  await waitFor(() => expect(queries(asked).at(-1)).toMatchObject({ query: '', rule: 'r1' }));
  expect(await screen.findByText(/Only events on which this rule fires/)).toBeInTheDocument();
  for (const route of ['estimate', 'histogram', 'fields']) expect(asked.some((a) => a.route === `POST /v1/events/${route}` && (a.body as Query).rule === 'r1')).toBe(true);
  await clean();
  await userEvent.click(screen.getByRole('button', { name: 'Without the rule' }));
  await waitFor(() => expect(queries(asked).at(-1)?.rule).toBeUndefined());
});

it('asks the server for the rules that are wanted, and for more when it is scrolled', async () => {
  const { asked } = await open('/rules?q=lsass&level=high', { 'GET /v1/rules': ({ url }) => ({ body: url.searchParams.has('cursor') ? { rules: [{ ...RULE, id: 'r9', title: 'The last one' }], next: null, total: 2 } : { rules: [RULE], next: 'more', total: 2 } }) });
  expect(await screen.findByText('The last one')).toBeInTheDocument();
  expect(asked.some((a) => a.route.startsWith('GET /v1/rules?') && a.route.includes('q=lsass') && a.route.includes('level=high') && a.route.includes('cursor=more'))).toBe(true);
});

it('does not offer to search what cannot be searched', async () => {
  await open('/rules?rule=r2');
  expect(await screen.findByText(/looks at several events at once/)).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: /Search its events/ })).toBeNull();
  expect(screen.getByRole('link', { name: /^Hunt/, description: 'Over what is stored already' })).toBeInTheDocument();
});

it('teaches what a hunt is, starts one with a chosen rule, and shows it', async () => {
  let made = false;
  const { asked } = await open('/hunts', { 'GET /v1/hunts': () => ({ body: { hunts: made ? [{ ...HUNT, rules: [] }] : [] } }), 'POST /v1/hunts': () => { made = true; return { status: 202, body: { ...HUNT, state: 'waiting', rules: [] } }; } });
  expect(await screen.findByRole('heading', { name: 'Ask the past' })).toBeInTheDocument();
  await clean();
  const find = screen.getByRole('combobox', { name: 'Find a rule to hunt with' });
  await userEvent.type(find, 'enc');
  await screen.findByRole('option', { name: /Encoded command/ });
  await userEvent.keyboard('{Enter}');
  await waitFor(() => expect(window.location.search).toContain('rules=r1'));
  await userEvent.click(screen.getByRole('button', { name: /Start the hunt/ }));
  await waitFor(() => expect(asked.find((a) => a.route === 'POST /v1/hunts')?.body).toMatchObject({ rule_ids: ['r1'], raise: false }));
  expect(await screen.findByText('would have fired')).toBeInTheDocument();
  expect(window.location.search).toBe('?hunt=h1');
});

it('shows a hunt by day with its newest hits, and raises after saying what that does', async () => {
  const { asked } = await open('/hunts?hunt=h1', { 'POST /v1/hunts': () => ({ status: 202, body: { ...HUNT, id: 'h2', raise: true } }), 'GET /v1/hunts/h2': () => ({ body: { ...HUNT, id: 'h2', raise: true } }) });
  const days = await screen.findByRole('list', { name: 'Hits by day of Encoded command' });
  expect(within(days).getAllByRole('listitem').map((d) => d.getAttribute('title'))).toEqual(['18 Nov: 1 hit', '19 Nov: 0 hits', '20 Nov: 3 hits']);
  expect(await within(days).findByRole('link', { name: '20 Nov: 3 hits. Its events' })).toHaveAttribute('href', expect.stringMatching(/rule=r1.*from=.*2026-11-20T00/));
  expect(await screen.findByText('powershell -enc AAAA')).toBeInTheDocument();
  expect(screen.getByRole('link', { name: /powershell -enc AAAA/ })).toHaveAttribute('href', expect.stringContaining(`event=${EVENT.id}`));
  await clean();
  press('a');
  const dialog = await screen.findByRole('dialog', { name: 'Raise 4 alerts?' });
  expect(dialog).toHaveTextContent('an alert of the same thing has the same id');
  await clean();
  expect(asked.some((a) => a.route === 'POST /v1/hunts')).toBe(false);
  await userEvent.click(within(dialog).getByRole('button', { name: 'Raise the alerts' }));
  await waitFor(() => expect(asked.find((a) => a.route === 'POST /v1/hunts')?.body).toEqual({ rule_ids: ['r1'], from: HUNT.from, to: HUNT.to, raise: true }));
  expect(await screen.findByText('raises alerts')).toBeInTheDocument();
});

it('says who started a hunt', async () => {
  const others = [{ ...HUNT, id: 'h2', created_by: 'user:0b7d3c1e-0000-4000-8000-000000000009', created_by_name: 'm.silva' }, { ...HUNT, id: 'h3', created_by: 'token:t1', created_by_name: 'nightly' }];
  await open('/hunts', { 'GET /v1/hunts': () => ({ body: { hunts: [HUNT, ...others] } }) });
  const list = await screen.findByRole('list', { name: 'Hunts' });
  for (const name of ['you', 'm.silva', 'the token nightly']) expect(await within(list).findByText(name)).toBeInTheDocument();
});

it('follows a hunt that runs and cancels it', async () => {
  let state: 'running' | 'cancelled' = 'running';
  const { asked } = await open('/hunts?hunt=h1', { 'GET /v1/hunts/h1': () => ({ body: { ...HUNT, state, progress: 0.4, rules: [], ended_at: null } }), 'POST /v1/hunts/h1/cancel': () => { state = 'cancelled'; return { status: 202, body: HUNT }; } });
  expect(await screen.findByText('40 %')).toBeInTheDocument();
  await clean();
  press('x');
  await waitFor(() => expect(asked.some((a) => a.route === 'POST /v1/hunts/h1/cancel')).toBe(true));
  expect(await screen.findByText('cancelled')).toBeInTheDocument();
});

it('shows where a pasted rule is wrong', async () => {
  await open('/hunts?new=yes', { 'POST /v1/hunts': refuse(400, 'The rule cannot be used', { errors: [{ where: 'rule:3', reason: 'there is no selection “x”' }] }) });
  await userEvent.click(await screen.findByRole('button', { name: 'A rule that I write or paste' }));
  await userEvent.click(await screen.findByRole('textbox', { name: 'Sigma rule' }));
  await userEvent.paste('title: t\ndetection:\n  condition: x');
  await userEvent.click(screen.getByRole('button', { name: /Start the hunt/ }));
  expect(await screen.findByText('Line 3: there is no selection “x”')).toBeInTheDocument();
});

it('offers nothing that the person may not do', async () => {
  await open('/hunts?hunt=h1', { 'GET /v1/auth/session': () => ({ body: { ...SESSION, permissions: ['events:read'] } }), 'GET /v1/alerts': refuse(403, 'no') });
  expect(await screen.findByText('would have fired')).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: /Raise the alerts/ })).toBeNull();
  expect(screen.queryByRole('link', { name: 'Sources' })).toBeNull();
});
