import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import type { Schemas } from '../api/client';
import { clean, open, press } from '../test/open';
import { SESSION, type Routes } from '../test/server';

const T = '2026-11-20T00:00:00.000Z';
const CHANNEL: Schemas['NotificationChannel'] = { id: 'c1', name: 'On call', kind: 'slack', target: 'hooks.slack.com', has_secret: true, min_severity: 'high', per_hour: 30, enabled: true, version: 3, sent_at: null, failed_at: T, failure: 'it does not know us (404)' };
const routes = (channels: Schemas['NotificationChannel'][], more: Routes = {}, extra: object = {}): Routes => ({
  'GET /v1/auth/session': () => ({ body: { ...SESSION, permissions: [...SESSION.permissions, 'alerts:read', 'notifications:read', 'notifications:write'] } }),
  'GET /v1/notifications': () => ({ body: { channels, newest: [], mail: false, dead: 0, ...extra } }),
  ...more,
});

it('teaches where nobody is told, and makes a channel by keys', async () => {
  const { asked } = await open('/settings?section=notifications', routes([], { 'POST /v1/notifications/channels': () => ({ status: 201, body: CHANNEL }) }));
  expect(await screen.findByText('Nobody is told outside the console')).toBeInTheDocument();
  await clean();
  press('n');
  await userEvent.selectOptions(await screen.findByLabelText('Kind'), 'email');
  expect(screen.getByText(/no mail server yet/)).toBeInTheDocument();
  await userEvent.selectOptions(screen.getByLabelText('Kind'), 'slack');
  await userEvent.type(screen.getByLabelText('Address of the incoming webhook'), 'https://hooks.example/x');
  await clean();
  await userEvent.click(screen.getByRole('button', { name: 'Keep' }));
  await waitFor(() => expect(asked.find((a) => a.route === 'POST /v1/notifications/channels')?.body).toEqual({ name: 'Slack', kind: 'slack', secret: 'https://hooks.example/x', min_severity: 'high', per_hour: 30, enabled: true }));
});

it('shows what fails, tests it, and keeps the secret that was not typed', async () => {
  const { asked } = await open('/settings?section=notifications', routes([CHANNEL], {
    'POST /v1/notifications/channels/c1/test': () => ({ body: { ok: false, detail: 'it answers 500' } }),
    'PUT /v1/notifications/channels/c1': () => ({ body: CHANNEL }),
    'POST /v1/notifications/replay': () => ({ body: { replayed: 2 } }),
  }, { dead: 2 }));
  expect(await screen.findByText(/it does not know us/)).toBeInTheDocument();
  await clean();
  await userEvent.click(screen.getByRole('button', { name: 'Test On call' }));
  expect(await screen.findByText('it answers 500')).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Try anew' }));
  expect(await screen.findByText('2 alerts are tried anew')).toBeInTheDocument();
  await userEvent.click(screen.getByRole('button', { name: 'Change On call' }));
  await userEvent.click(await screen.findByLabelText('Tell people there'));
  await userEvent.click(screen.getByRole('button', { name: 'Keep' }));
  await waitFor(() => expect(asked.find((a) => a.route === 'PUT /v1/notifications/channels/c1')?.body).toEqual({ name: 'On call', kind: 'slack', min_severity: 'high', per_hour: 30, enabled: false, version: 3 }));
});
