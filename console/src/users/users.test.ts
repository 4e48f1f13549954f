import { expect, test } from 'vitest';
import { MEANING, givable, grouped, seen, type Role, type User } from './users';
import { readSearch } from './search';

const user = (username: string, role: string): User => ({ id: username, username, role, disabled: false, has_password: true, passkeys: 0, authenticator: false, created_at: '2026-11-21T00:00:00.000Z', last_seen_at: null, sessions: 0 });
const role = (name: string, ...permissions: string[]): Role => ({ id: null, name, description: '', permissions, users: 0 });

test('an address is read without what it cannot hold', () => {
  expect(readSearch({ tab: 'roles', at: 7, new: 'tenant', q: '', role: 'auditor' })).toEqual({ tab: 'roles', at: undefined, q: undefined, role: 'auditor', new: undefined });
});

test('users are found by a part of the name and by role', () => {
  const all = [user('Ada', 'auditor'), user('Bob', 'soc_analyst'), user('Barbara', 'auditor')];
  expect(seen(all, { q: 'AD' }).map((u) => u.username)).toEqual(['Ada']);
  expect(seen(all, { q: 'b', role: 'auditor' }).map((u) => u.username)).toEqual(['Barbara']);
});

test('permissions stand together by what they are on', () => {
  expect(grouped(['alerts:read', 'alerts:write', 'events:read'])).toEqual([{ resource: 'alerts', permissions: ['alerts:read', 'alerts:write'] }, { resource: 'events', permissions: ['events:read'] }]);
});

test('nobody is offered a role that may do more than they', () => {
  const roles = [role('all', 'alerts:read', 'users:write'), role('some', 'alerts:read')];
  expect(givable(roles, ['alerts:read']).map((r) => r.name)).toEqual(['some']);
  expect(givable(roles, ['*'])).toHaveLength(2);
  expect(Object.keys(MEANING).every((p) => /^[a-z]+:[a-z]+$/.test(p))).toBe(true);
});
