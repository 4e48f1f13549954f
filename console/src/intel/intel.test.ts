import { expect, it } from 'vitest';
import { formatOf } from './feeds';
import { kind } from './intel';
import { readSearch } from './search';

it('tells what a value looks like, however it was made harmless', () => {
  expect(['203.0.113.9', '2001:db8::1', '::1', 'bad[.]example', 'hxxp://bad.example/a', 'a@bad.example', 'd41d8cd98f00b204e9800998ecf8427e', '12ab'].map(kind)).toEqual(['ip', 'ip', 'ip', 'domain', 'url', 'email', 'hash', 'domain']);
});

it('takes from the address only what there is', () => {
  expect(readSearch({ value: 1, state: 'gone', q: '', indicator: 'i' })).toEqual({ value: '1', indicator: 'i', state: undefined, q: undefined });
});

it('tells how a feed is written', () => {
  expect(['{"type":"bundle"}', '203.0.113.9\nbad.example', 'indicator,type\n203.0.113.9,ip', '# id,url,threat\n"1","http://a.example/","x"', '; a list, kept by somebody\n203.0.113.0/24 ; SBL1', ''].map((t) => formatOf(t))).toEqual(['stix', 'list', 'csv', 'csv', 'list', 'list']);
  expect(formatOf('203.0.113.9', 'bad.CSV')).toBe('csv');
});
