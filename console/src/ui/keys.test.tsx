import { fireEvent, render } from '@testing-library/react';
import { expect, it, vi } from 'vitest';
import { shownKeys, useKeys, type Binding } from './keys';

function Screen({ keys }: { keys: Binding[] }) {
  useKeys(keys);
  return <><input aria-label="q" /><button type="button">b</button></>;
}
const bind = (key: string, run: () => void): Binding => ({ keys: [key], label: key, group: 'G', run });
const press = (key: string, on: Element | Window = window) => fireEvent.keyDown(on, { key, bubbles: true });

it('runs a key, and a sequence only when it is whole', () => {
  const j = vi.fn();
  const eb = vi.fn();
  render(<Screen keys={[bind('j', j), bind('e b', eb)]} />);
  press('j');
  press('e');
  expect(eb).not.toHaveBeenCalled();
  press('b');
  expect(j).toHaveBeenCalledTimes(1);
  expect(eb).toHaveBeenCalledTimes(1);
});

it('forgets the first key of a sequence when another follows, and runs that one', () => {
  const j = vi.fn();
  const eb = vi.fn();
  render(<Screen keys={[bind('j', j), bind('e b', eb)]} />);
  press('e');
  press('j');
  press('b');
  expect(j).toHaveBeenCalledTimes(1);
  expect(eb).not.toHaveBeenCalled();
});

it('leaves keys to whoever types, to buttons and to the browser', () => {
  const j = vi.fn();
  const enter = vi.fn();
  const { getByLabelText, getByRole } = render(<Screen keys={[bind('j', j), bind('Enter', enter)]} />);
  press('j', getByLabelText('q'));
  fireEvent.keyDown(window, { key: 'j', ctrlKey: true });
  press('Enter', getByRole('button'));
  expect(j).not.toHaveBeenCalled();
  expect(enter).not.toHaveBeenCalled();
});

it('shows in the help what is bound, and no more once the screen is gone', () => {
  const { unmount } = render(<Screen keys={[bind('j', () => {}), { ...bind('PageDown', () => {}), hidden: true }]} />);
  expect(shownKeys().map(([group, keys]) => [group, keys.map((k) => k.label)])).toEqual([['G', ['j']]]);
  unmount();
  expect(shownKeys()).toEqual([]);
});
