import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { renderHook } from '@testing-library/react';
import type { ReactNode } from 'react';
import { expect, it, vi } from 'vitest';
import { Live } from '../live/live';
import { Stream } from '../test/setup';
import { useLiveCases } from './live';

it('reads a case again when it changes, once for a burst, and leaves others', () => {
  vi.useFakeTimers();
  const stream = new Live((url) => new Stream(url) as unknown as EventSource);
  stream.start('1');
  Stream.last!.open();
  const client = new QueryClient();
  const again = vi.spyOn(client, 'invalidateQueries').mockResolvedValue();
  const wrapper = ({ children }: { children: ReactNode }) => <QueryClientProvider client={client}>{children}</QueryClientProvider>;
  const { unmount } = renderHook(() => useLiveCases('c1', stream), { wrapper });
  Stream.last!.say('case.updated', { id: 'c2' }, '2');
  vi.advanceTimersByTime(1000);
  expect(again).not.toHaveBeenCalled();
  for (let i = 3; i < 50; i++) Stream.last!.say('case.updated', { id: 'c1' }, `${i}`);
  vi.advanceTimersByTime(1000);
  expect(again.mock.calls.map(([c]) => c?.queryKey)).toEqual([['case', 'c1'], ['case-evidence', 'c1'], ['case-related', 'c1']]);
  Stream.last!.say('resync', {}, '60');
  unmount();
  vi.advanceTimersByTime(1000);
  expect(again).toHaveBeenCalledTimes(3);
  vi.useRealTimers();
});
