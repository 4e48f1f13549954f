import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { clean, open, press, refuse } from '../test/open';
import { SESSION, type Routes } from '../test/server';
import { standing, type Receiver } from './audit';

const T = '2026-11-20T00:00:00.000Z';
const RECEIVER: Receiver = { host: 'logs.example', port: 6514, authority: null, sent: 40, sent_at: T, failed_at: null, fault: null };
const routes = (receiver: Receiver | null, more: Routes = {}, permissions = ['audit:write']): Routes => ({
  'GET /v1/auth/session': () => ({ body: { ...SESSION, permissions: [...SESSION.permissions, ...permissions] } }),
  'GET /v1/audit': () => ({ body: { entries: [], next: null } }),
  'GET /v1/audit/verification': () => ({ body: { ok: true, entries: 42, first_bad: null, reason: null, sealed: 42, checkpoint: 'c' } }),
  'GET /v1/audit/stream': () => ({ body: { receiver } }),
  ...more,
});

it('teaches where there is no receiver, takes one, and says what is wrong with it', async () => {
  let receiver: Receiver | null = null;
  let wrong = true;
  const { asked } = await open('/audit', routes(null, {
    'GET /v1/audit/stream': () => ({ body: { receiver } }),
    'POST /v1/audit/stream': () => {
      if (wrong) return refuse(400, 'The authority is no certificate in PEM.')();
      receiver = { ...RECEIVER, sent: 0, sent_at: null, authority: 'PEM' };
      return { body: { receiver } };
    },
  }));
  expect(await screen.findByText('only here')).toBeInTheDocument();
  press('s');
  await waitFor(() => expect(window.location.search).toBe('?stream=yes'));
  expect(await screen.findByText('outbound.allow')).toBeInTheDocument();
  await clean();
  const user = userEvent.setup();
  await user.type(screen.getByLabelText('Host'), ' logs.example ');
  await user.type(screen.getByLabelText(/^Certificate of who signs/), 'PEM');
  await user.click(screen.getByRole('button', { name: 'Send it there' }));
  expect(await screen.findByText('The authority is no certificate in PEM.')).toBeInTheDocument();
  await clean();
  wrong = false;
  await user.click(screen.getByRole('button', { name: 'Send it there' }));
  expect((await screen.findAllByText('first entries on their way')).length).toBeGreaterThan(0);
  expect(asked.find((a) => a.route === 'POST /v1/audit/stream')?.body).toEqual({ host: 'logs.example', port: 6514, authority: 'PEM\n' });
});

it('shows why a receiver has not what it should have, and switches it off', async () => {
  let receiver: Receiver | null = { ...RECEIVER, failed_at: T, fault: 'logs.example:6514 does not answer' };
  const { asked } = await open('/audit?stream=yes', routes(null, {
    'GET /v1/audit/stream': () => ({ body: { receiver } }),
    'DELETE /v1/audit/stream': () => { receiver = null; return { status: 204 }; },
  }));
  expect((await screen.findAllByText(/2 entries wait/)).length).toBeGreaterThan(0);
  expect(screen.getAllByText(/does not answer/).length).toBeGreaterThan(0);
  await clean();
  await userEvent.click(screen.getByRole('button', { name: 'Switch it off' }));
  expect(await screen.findByText('only here')).toBeInTheDocument();
  expect(asked.some((a) => a.route === 'DELETE /v1/audit/stream')).toBe(true);
  expect(screen.queryByRole('dialog')).toBeNull();
});

it('shows who may only read how the receiver does, and nothing to change', async () => {
  const { asked } = await open('/audit', routes({ ...RECEIVER, sent: 42 }, {}, []));
  expect(await screen.findByText('receiver has all')).toBeInTheDocument();
  press('s');
  expect(await screen.findByText('Has entries up to')).toBeInTheDocument();
  expect(screen.queryByLabelText('Host')).toBeNull();
  expect(asked.filter((a) => a.route.startsWith('GET /v1/audit?')).every((a) => !a.route.includes('stream'))).toBe(true);
});

it('says how a receiver does', () => {
  expect(standing(RECEIVER, 40).word).toBe('receiver has all');
  expect(standing({ ...RECEIVER, sent: 41 }, 40).word).toBe('receiver has all');
  expect(standing(RECEIVER, 42)).toMatchObject({ word: 'on the way', text: 'It has every entry up to 40; 2 more follow.' });
  expect(standing({ ...RECEIVER, sent: 0, sent_at: null }, 42).word).toBe('first entries on their way');
  expect(standing({ ...RECEIVER, failed_at: T, fault: 'x' }, 41)).toMatchObject({ tone: 'c-failing', text: expect.stringContaining('One entry waits') });
});
