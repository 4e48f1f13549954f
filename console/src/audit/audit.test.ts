import { expect, test } from 'vitest';
import { exportAddress } from './audit';
import { readSearch } from './search';

test('an address is read without what it cannot hold', () => {
  expect(readSearch({ action: 'alert.', actor: 7, object: '', other: 'x' })).toEqual({ action: 'alert.', actor: undefined, object: undefined, stream: undefined });
  expect(readSearch({ object: 'x'.repeat(500) }).object).toHaveLength(200);
});

test('an export has the filters of the screen', () => {
  expect(exportAddress({})).toBe('/v1/audit/export');
  expect(exportAddress({ action: 'alert.', object: 'alert:1 2' })).toBe('/v1/audit/export?action=alert.&object=alert%3A1+2');
});
