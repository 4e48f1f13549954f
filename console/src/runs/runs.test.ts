import { expect, it } from 'vitest';
import type { Action } from '../actions/respond';
import { inputs, took, visits, type StepChange } from './runs';

let seq = 0;
const at = (s: number) => new Date(Date.UTC(2026, 10, 22, 10, 0, s)).toISOString();
const change = (visit: number, parent: number, step: string, status: StepChange['status'], more: Partial<StepChange> = {}): StepChange => ({ seq: ++seq, visit, parent, step, name: step, type: 'action', status, detail: null, values: {}, at: at(seq), ...more });

it('writes branches below what opened them, in the order in which they were begun, with rounds and tries', () => {
  const steps = [
    change(1, 0, 'start', 'succeeded'), change(2, 0, 'both', 'running', { type: 'parallel' }), change(3, 2, 'left', 'running'), change(4, 2, 'right', 'running'),
    change(3, 2, 'left', 'running', { detail: 'try 1 failed: HTTP 503' }), change(3, 2, 'left', 'succeeded', { values: { __p__: 'x' } }), change(5, 2, 'more', 'failed', { detail: 'no host' }),
    change(4, 2, 'right', 'succeeded'), change(2, 0, 'both', 'succeeded'), change(6, 0, 'start', 'running'),
  ];
  const tries = [{ id: 'b', visit: 3, attempt: 2 }, { id: 'a', visit: 3, attempt: 1 }] as Action[];
  const tree = visits([...steps].reverse(), tries); // in whatever order they come
  expect(tree.map((v) => `${v.depth} ${v.step} ${v.round}`)).toEqual(['0 start 1', '0 both 1', '1 left 1', '1 right 1', '1 more 1', '0 start 2']);
  const left = tree[2]!;
  expect(left).toMatchObject({ status: 'succeeded', values: { __p__: 'x' }, why: undefined });
  expect(left.said.map((s) => s.text)).toEqual(['try 1 failed: HTTP 503']);
  expect(left.actions.map((a) => a.id)).toEqual(['a', 'b']);
  expect(tree[4]!.why).toBe('no host');
});

it('knows what a step read as it was then, not as it is now', () => {
  const document = { playbook_variables: { __n__: { value: '0' }, __host__: { external: true } }, workflow: { look: { in_args: ['__n__'], commands: [{ command: 'Look at __host__:value' }] } } };
  const steps = [change(1, 0, 'look', 'running'), change(1, 0, 'look', 'succeeded', { values: { __n__: '1' } }), change(2, 0, 'look', 'running'), change(2, 0, 'look', 'succeeded', { values: { __n__: '2' } })];
  const run = { document, steps, values: { __n__: '2', __host__: 'web-1' } };
  expect(visits(steps).map((v) => inputs(run, v))).toEqual([[['__n__', '0'], ['__host__', 'web-1']], [['__n__', '1'], ['__host__', 'web-1']]]);
});

it('says how long something took', () => {
  expect([took(at(0), at(1)), took(at(0), at(59)), took('2026-11-22T10:00:00Z', '2026-11-22T12:30:00Z'), took('2026-11-01T00:00:00Z', '2026-11-22T00:00:00Z')]).toEqual(['1.0 s', '59 s', '2 h 30 min', '21 d']);
});
