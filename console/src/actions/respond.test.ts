import { act, renderHook } from '@testing-library/react';
import { expect, it } from 'vitest';
import { useHeld } from '../ui/held';
import { fitting, isKnown, lacking, prefilled, typed } from './entities';
import { consentUnder, type ActionKind, type PolicyChange } from './respond';

const kind = (action: string, radius: ActionKind['radius'], more: Partial<ActionKind> = {}): ActionKind => ({ action, title: action, says: '', about: 'host', radius, effect: 'outside', permission: 'actions:contain', reverse: null, parameters: [], outputs: [], carried_by: [], ...more });
const policy = (level: PolicyChange['level'], more: Partial<PolicyChange> = {}): PolicyChange => ({ level, always_asked: [], never: [], trusted: [], ...more });

it('says who has to agree as the platform decides', () => {
  const of = (p: PolicyChange, k: ActionKind, target?: string) => consentUnder(p, k, target).consent;
  const levels = ['L0', 'L1', 'L2', 'L3', 'L4'] as const;
  expect((['minimal', 'low', 'medium', 'high'] as const).map((r) => levels.map((l) => (of(policy(l), kind('x', r)) === 'automatic' ? l : '-')).join(' '))).toEqual(['- L1 L2 L3 L4', '- - L2 L3 L4', '- - - L3 L4', '- - - - -']);
  expect(levels.map((l) => of(policy(l), kind('x', 'critical')))).toEqual(Array(5).fill('two_people'));
  expect(of(policy('L0'), kind('look_up', 'critical', { effect: 'read' }))).toBe('automatic');
  const trusting = { trusted: [{ action: 'isolate_host', target: 'lab-1' }] };
  expect([of(policy('L4', trusting), kind('isolate_host', 'high'), 'lab-1'), of(policy('L4', trusting), kind('isolate_host', 'high'), 'dc-1'), of(policy('L3', trusting), kind('isolate_host', 'high'), 'lab-1')]).toEqual(['automatic', 'one_person', 'one_person']);
  expect([of(policy('L4', { always_asked: ['x'] }), kind('x', 'minimal')), of(policy('L4', { never: ['x'] }), kind('x', 'minimal'))]).toEqual(['one_person', 'never']);
});

it('begins a form with what the entity says', () => {
  const ip = { type: 'ip', value: '203.0.113.7' } as const;
  const names = (...all: string[]) => all.map((name) => ({ name, type: 'string', required: true }));
  const block = kind('block_ip', 'medium', { about: 'ip', parameters: names('ip', 'reason') });
  const add = kind('add_intel', 'low', { about: 'indicator', parameters: names('type', 'value') });
  const kill = kind('kill_process', 'medium', { about: 'process', parameters: names('host', 'pid') });
  expect(fitting([kind('allow_ip', 'medium', { about: 'ip' }), add, block, kill], ip).map((k) => k.action)).toEqual(['block_ip', 'allow_ip', 'add_intel']);
  expect(prefilled(block, ip, [], { id: 'a1', kind: 'alert', title: 'A beacon' })).toEqual({ ip: '203.0.113.7', reason: 'A beacon' });
  expect(prefilled(add, ip, [], undefined)).toEqual({ type: 'ipv4-addr', value: '203.0.113.7' });
  expect(prefilled(kill, { type: 'process', value: 'up.exe' }, [{ type: 'host', value: 'web-1' }], undefined)).toEqual({ host: 'web-1' });
  expect(lacking(['__title__', '__host__', '__indicator__', '__pid__'], [{ type: 'host', value: 'web-1' }])).toEqual(['__indicator__', '__pid__']);
  expect(isKnown('__source_ip__', [ip])).toBe(true);
});

it('sends what was typed as what it is, and says when it is not', () => {
  expect([typed('integer', ' 24 '), typed('bool', 'true'), typed('list', '["a"]'), typed('string', '12'), typed('string', ' ')]).toEqual([24, true, ['a'], '12', undefined]);
  expect(() => typed('integer', '1.5')).toThrow('whole number');
  expect(() => typed('dictionary', '["a"]')).toThrow('dictionary');
  expect(() => typed('list', 'a, b')).toThrow('list');
});

it('leaves rows where the reader left them', () => {
  type Row = { id: string; is: string };
  const row = (id: string, is = 'old'): Row => ({ id, is });
  const { result, rerender } = renderHook(({ rows, hold, key }: { rows: Row[] | undefined; hold: boolean; key: string }) => useHeld(rows, key, hold), { initialProps: { rows: [row('b'), row('a')] as Row[] | undefined, hold: false, key: 'q' } });
  const shown = () => result.current.rows.map((r) => `${r.id} ${r.gone ? 'gone' : r.is}`);
  rerender({ rows: [row('c'), row('b'), row('a')], hold: false, key: 'q' });
  expect(shown()).toEqual(['c old', 'b old', 'a old']); // nobody reads: new ones come by themselves
  rerender({ rows: [row('e'), row('d'), row('b', 'new'), row('a'), row('0')], hold: true, key: 'q' });
  expect(shown()).toEqual(['c gone', 'b new', 'a old', '0 old']); // those above wait, those below were asked for
  expect(result.current.fresh).toBe(2);
  rerender({ rows: undefined, hold: true, key: 'q' });
  expect(shown()).toHaveLength(4);
  rerender({ rows: [row('e'), row('d'), row('b', 'new'), row('a'), row('0')], hold: true, key: 'q' });
  act(() => result.current.show());
  expect(shown()).toEqual(['e old', 'd old', 'b new', 'a old', '0 old']);
  rerender({ rows: [row('z')], hold: true, key: 'other' });
  expect(shown()).toEqual(['z old']);
});
