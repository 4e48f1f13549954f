import { expect, it } from 'vitest';
import { question, signed } from './decisions';
import { readSearch } from './search';

it('writes contributions with their sign, as they are summed', () => {
  expect(signed(32.48)).toBe('+32.48');
  expect(signed(-2)).toBe('−2.00');
  expect(signed(0)).toBe('+0.00');
});

it('reads thresholds as they are typed, and asks nothing of what is no number', () => {
  const f = new FormData();
  f.set('escalate', '0.85');
  f.set('close', '0.15');
  f.set('model', '');
  expect(question(f)).toBeUndefined();
  f.set('model', '0.6');
  expect(question(f)).toEqual({ escalate: 0.85, close: 0.15, model: 0.6, auto_close: false });
  f.set('auto_close', 'on');
  expect(question(f)).toEqual({ escalate: 0.85, close: 0.15, model: 0.6, auto_close: true });
});

it('takes from the address what there is', () => {
  expect(readSearch({ show: 'sampled' })).toEqual({ show: 'sampled' });
  expect(readSearch({ show: 'else' })).toEqual({ show: undefined });
});
