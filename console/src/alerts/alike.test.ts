import { expect, it } from 'vitest';
import { alert } from '../test/server';
import { differing, split } from './Alike';

it('lists those to whom the verdict would be news, and how they stand', () => {
  const all = [alert(1), alert(2, { status: 'resolved', verdict: 'benign' }), alert(3, { status: 'resolved', verdict: 'true_positive' }), alert(4, { status: 'dismissed' }), alert(5, { status: 'snoozed' })];
  const others = differing(all, 'true_positive');
  expect(others.map((a) => a.id)).toEqual(['a1', 'a2', 'a4', 'a5']);
  expect(split(others)).toBe('2 open, 1 closed as benign, 1 dismissed');
  expect(differing([all[2]!], 'true_positive')).toEqual([]);
});
