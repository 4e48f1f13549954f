import { expect, it } from 'vitest';
import { otherTags, readSearch, ruleSource, tactics, techniques } from './filter';

it('tells techniques, tactics and other tags apart', () => {
  const tags = ['attack.t1059.001', 'attack.defense-evasion', 'cve.2021-44228', 'attack.T1027', 'detection.threat-hunting'];
  expect(techniques(tags)).toEqual(['T1059.001', 'T1027']);
  expect(tactics(tags)).toEqual(['defense evasion']);
  expect(otherTags(tags)).toEqual(['cve.2021-44228', 'detection.threat-hunting']);
});

it('says what events a rule is for', () => {
  expect(ruleSource({ kind: 'rule', log_source: { product: 'windows', category: 'process_creation', service: null } })).toBe('windows / process_creation');
  expect(ruleSource({ kind: 'rule', log_source: { product: null, category: null, service: null } })).toBe('any event');
  expect(ruleSource({ kind: 'correlation', log_source: { product: null, category: null, service: null } })).toBe('other rules');
});

it('takes from the address what it knows', () => {
  expect(readSearch({ q: 'lsass', level: 'high,nonsense,low', status: 'test', rule: 'x' })).toEqual({ q: 'lsass', level: 'high,low', status: 'test', rule: 'x' });
});
