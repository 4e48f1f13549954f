import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Stream } from '../test/setup';
import { Live, type LiveMessage } from './live';

const open = (url: string) => new Stream(url) as unknown as EventSource;
beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

it('starts behind what was read and passes messages on', () => {
  const live = new Live(open);
  const got: LiveMessage[] = [];
  live.read((m) => got.push(m));
  live.start('41');
  Stream.last!.open();
  Stream.last!.say('alert.created', { id: 'a' }, '42');
  expect(Stream.last!.url).toBe('/v1/live?last_event_id=41');
  expect(live.get()).toBe('live');
  Stream.last!.say('case.updated', { id: 'c' }, '43');
  expect(got).toEqual([{ kind: 'created', alert: { id: 'a' } }, { kind: 'case', id: 'c' }]);
});

it('opens anew behind the last message when the server refuses, later each time', () => {
  const lost = vi.fn();
  const live = new Live(open, lost);
  live.start('41');
  const first = Stream.last!;
  first.open();
  first.say('alert.updated', { id: 'a' }, '55');
  first.fail(true);
  expect(live.get()).toBe('reconnecting');
  expect(lost).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(1000);
  expect(Stream.last).not.toBe(first);
  expect(Stream.last!.url).toBe('/v1/live?last_event_id=55');
  Stream.last!.fail(true);
  const second = Stream.last!;
  vi.advanceTimersByTime(1500);
  expect(Stream.last).toBe(second);
  vi.advanceTimersByTime(500);
  expect(Stream.last).not.toBe(second);
});

it('leaves a dropped line to the browser, which resumes by itself', () => {
  const live = new Live(open);
  live.start();
  const first = Stream.last!;
  first.open();
  first.fail(false);
  expect(live.get()).toBe('reconnecting');
  vi.advanceTimersByTime(60_000);
  expect(Stream.last).toBe(first);
  first.open();
  expect(live.get()).toBe('live');
});

it('says when something was read before the stream began', () => {
  const live = new Live(open);
  expect(live.start('9')).toBe(true);
  expect(live.start('8')).toBe(false);
  expect(live.start('10')).toBe(true);
});
