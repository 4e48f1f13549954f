import { expect, it } from 'vitest';
import { content, question, ruleIds, told } from './suppressions';
import { readSearch } from './search';

it('asks about nothing that is empty', () => {
  expect(question('', ' ', '')).toBeUndefined();
  expect(question('r1, r2 r1', '', ' WS-1 ')).toEqual({ rules: ['r1', 'r2'], entity: 'WS-1' });
  expect(question('', "cmd contains 'x'", '')).toEqual({ query: "cmd contains 'x'" });
});

it('reads rule ids however they are parted', () => {
  expect(ruleIds(' a,b\n c ')).toEqual(['a', 'b', 'c']);
});

it('says what is hidden in a few words', () => {
  expect(told({ rules: [], query: '', entity: 'ws-1' })).toBe('any rule on ws-1');
  expect(told({ rules: ['r1'], query: 'a = b', entity: null }, () => 'Encoded command')).toBe('Encoded command where a = b');
});

it('takes from the address what a new one begins with', () => {
  expect(readSearch({ make: 'true', rule: 'r1', entity: 5, q: '' })).toEqual({ suppression: undefined, make: true, rule: 'r1', entity: '5', q: undefined });
});

it('is made again as it was', () => {
  const s = { id: 'i', rules: ['r1'], query: '', entity: 'ws-1', reason: 'Backup', starts_at: 'a', expires_at: 'b', owner: 'ada', state: 'active', hits: 7, version: 2 } as unknown as Parameters<typeof content>[0];
  expect(content(s)).toEqual({ rules: ['r1'], entity: 'ws-1', reason: 'Backup', starts_at: 'a', expires_at: 'b' });
});
