import { expect, test } from 'vitest';
import { fits, gigabytes, gives, idOf, quotaOf, share, type Tenant } from './tenants';
import { readSearch } from './search';

const TENANT: Tenant = { id: 'acme', name: 'Acme Ltd', state: 'active', own: false, parent: null, created_at: '2026-01-01T00:00:00Z', users: 1, events: 2, storage_bytes: 3, events_per_second: 0, refused: 0, quota: {} };

test('an address is read without what it cannot hold', () => {
  expect(readSearch({ q: 7, new: 'x' })).toEqual({ q: undefined, new: undefined });
  expect(readSearch({ q: 'acme', new: 'tenant' })).toEqual({ q: 'acme', new: 'tenant' });
});

test('a tenant is found by id and name', () => {
  expect(fits(TENANT, ' LTD')).toBe(true);
  expect(fits(TENANT, 'acm')).toBe(true);
  expect(fits(TENANT, 'other')).toBe(false);
  expect(fits(TENANT, undefined)).toBe(true);
});

test('an empty field is no limit', () => {
  expect(quotaOf('', ' ', '')).toEqual({ events_per_second: null, storage_bytes: null, queries: null });
  expect(quotaOf('500', '1.5', '4')).toEqual({ events_per_second: 500, storage_bytes: 1_500_000_000, queries: 4 });
  expect(gigabytes(1_500_000_000)).toBe('1.5');
  expect(gigabytes(null)).toBe('');
});

test('what is used of a limit', () => {
  expect(share(5, 10)).toBe(0.5);
  expect(share(50, 10)).toBe(1);
  expect(share(50, null)).toBeUndefined();
});

test('a name makes an id', () => {
  expect(idOf('Größe & Söhne GmbH')).toMatch(/^[a-z0-9][a-z0-9-]*[a-z0-9]$/);
  expect(idOf('  Acme Ltd. ')).toBe('acme-ltd');
});

test('what a template gives is said in words', () => {
  const t = { name: 'trial', shipped: true, description: '', quota: { events_per_second: 2000, storage_bytes: 500_000_000_000, queries: 1 }, roles: [{ name: 'reader', description: '', permissions: [] }], second_factor: ['tenant_admin', 'reader'], faults: [] };
  expect(gives(t)).toEqual([['Quota', expect.stringMatching(/^2.000 events a second, .+ of storage, 1 query at once$/)], ['Roles', 'reader'], ['Second factor', 'for tenant_admin, reader']]);
  expect(gives({ ...t, quota: { events_per_second: null }, roles: [], second_factor: [] }).map(([, text]) => text)).toEqual(['no limits', 'those that every tenant has', 'not asked for']);
});
