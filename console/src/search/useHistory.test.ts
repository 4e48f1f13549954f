import { expect, it } from 'vitest';
import { step } from './useHistory';

it('goes back and forth through what was asked, and leaves what somebody is writing', () => {
  const past = ['c', 'b', 'a'];
  expect(step(past, '', 1)).toBe('c');
  expect(step(past, 'c', 1)).toBe('b');
  expect(step(past, 'a', 1)).toBeUndefined();
  expect(step(past, 'b', -1)).toBe('c');
  expect(step(past, 'c', -1)).toBe('');
  expect(step(past, '', -1)).toBeUndefined();
  expect(step(past, 'my own', 1)).toBeUndefined();
  expect(step([], '', 1)).toBeUndefined();
});
