import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { act, renderHook, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { ReactNode } from 'react';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { change, Meanwhile, type CaseDetail } from '../cases/cases';
import { Live } from '../live/live';
import { open, press } from '../test/open';
import { serve, SESSION } from '../test/server';
import { Stream } from '../test/setup';
import { initials, told, usePresence, writes } from './present';

beforeEach(() => window.localStorage.clear());
afterEach(() => writes('case', 'c1', false));

const person = (name: string, state: 'looking' | 'writing' = 'looking', provider: string | null = null) => ({ name, provider, state });
const wrap = ({ children }: { children: ReactNode }) => <QueryClientProvider client={new QueryClient()}>{children}</QueryClientProvider>;

it('says who is there in words', () => {
  expect(told([])).toBe('');
  expect(told([person('dana')])).toBe('dana is here');
  expect(told([person('ann'), person('bo', 'writing'), person('cy', 'looking', 'Nordwind')])).toBe('ann and cy of Nordwind are here, bo is writing');
  expect(told([person('a'), person('b'), person('c'), person('d')])).toBe('a, b and 2 more are here');
  expect([initials('dana'), initials('m.silva'), initials('ann@example.org'), initials('Ann Berg')]).toEqual(['DA', 'MS', 'AN', 'AB']);
});

it('says that one is there, hears of others at once, and takes it back', async () => {
  let others = [person('dana')];
  const said: unknown[] = [];
  serve({ 'PUT /v1/cases/c1/presence': ({ body }) => { said.push((body as { state: string }).state); return { body: { people: others } }; } });
  const stream = new Live((url) => new Stream(url) as unknown as EventSource);
  stream.start('1');
  const { result, unmount } = renderHook(() => usePresence('case', 'c1', stream), { wrapper: wrap });
  await waitFor(() => expect(result.current).toEqual(others));
  others = [person('dana', 'writing')];
  act(() => Stream.last!.say('presence.changed', { of: 'case', id: 'c2' }, ''));
  act(() => Stream.last!.say('presence.changed', { of: 'case', id: 'c1' }, ''));
  await waitFor(() => expect(result.current).toEqual(others));
  act(() => writes('case', 'c1', true));
  await waitFor(() => expect(said.at(-1)).toBe('writing'));
  unmount();
  await waitFor(() => expect(said.at(-1)).toBe('left'));
});

it('insists only where nobody changed the same thing', async () => {
  const was = { id: 'c1', title: 'One', assignee: null, severity: 'high', version: 3 } as CaseDetail;
  let now = { ...was, version: 5 };
  const saved: unknown[] = [];
  serve({
    'GET /v1/cases/c1': () => ({ body: now }),
    'PATCH /v1/cases/c1': ({ body }) => { const b = body as { version: number }; if (b.version !== now.version) return { status: 409, body: { type: 'urn:marsad:problem:version-conflict', title: 'Conflict', status: 409, detail: 'It has changed.' } }; saved.push(b); return { body: now }; },
  });
  await change(was, 'title', 'Mine');
  expect(saved).toEqual([{ title: 'Mine', version: 5 }]);
  now = { ...was, title: 'Theirs', version: 6 };
  await expect(change(was, 'title', 'Mine')).rejects.toBeInstanceOf(Meanwhile);
  await change(was, 'assignee', 'analyst');
  expect(saved.at(-1)).toEqual({ assignee: 'analyst', version: 6 });
});

it('shows what concerns one, by keyboard, and marks it as read', async () => {
  const entry = { id: '1', at: '2026-11-21T09:00:00.000Z', kind: 'assigned', about: 'alert', about_id: 'a1', number: null, count: 1, title: 'Alert 1', by: 'dana', read_at: null };
  let unread = 1;
  const read = vi.fn();
  await open('/sources', {
    'GET /v1/inbox': ({ url }) => ({ body: { entries: url.searchParams.get('limit') === '0' ? [] : [{ ...entry, read_at: unread ? null : entry.at }], unread, mail_possible: true, mail: false, address: '' } }),
    'POST /v1/inbox/read': ({ body }) => { read(body); unread = 0; return { body: { unread } }; },
    'PUT /v1/inbox/setting': ({ body }) => ({ body: body as object }),
  });
  expect(await screen.findByRole('button', { name: 'Inbox, 1 unread' })).toBeVisible();
  press('g');
  press('x');
  const one = await screen.findByRole('button', { name: /dana gave you an alert/ });
  await waitFor(() => expect(one).toHaveFocus());
  await userEvent.keyboard('{Enter}');
  await waitFor(() => expect(read).toHaveBeenCalledWith({ ids: ['1'] }));
  expect(await screen.findByRole('button', { name: 'Inbox' })).toBeVisible();
  await waitFor(() => expect(window.location.search + document.title).toContain('Alerts'));
});

it('has what waits for one’s approval sent by e-mail', async () => {
  const set = vi.fn();
  await open('/sources', {
    'GET /v1/auth/session': () => ({ body: { ...SESSION, permissions: [...SESSION.permissions, 'actions:read'] } }),
    'GET /v1/inbox': () => ({ body: { entries: [], unread: 0, mail_possible: true, mail: false, approvals: false, address: '' } }),
    'PUT /v1/inbox/setting': ({ body }) => { set(body); return { body: body as object }; },
  });
  press('g');
  press('x');
  await userEvent.click(await screen.findByRole('checkbox', { name: /What waits for my approval/ }));
  await userEvent.type(screen.getByRole('textbox', { name: 'E-mail address' }), 'ann@example.org');
  await userEvent.click(screen.getByRole('button', { name: 'Save' }));
  await waitFor(() => expect(set).toHaveBeenCalledWith({ mail: false, approvals: true, address: 'ann@example.org' }));
});
