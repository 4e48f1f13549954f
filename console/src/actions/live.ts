import { useEffect } from 'react';
import { useQueryClient, type QueryKey } from '@tanstack/react-query';
import { live } from '../live/context';
import type { Live } from '../live/live';

/** A run says much in little time. */
const TOGETHER_MS = 250;

/** Reads again what is shown when a run or an action changes. What one run does concerns only those that show it. */
export function useLiveResponse(keys: { run?: readonly QueryKey[]; action?: readonly QueryKey[] }, stream: Live = live) {
  const client = useQueryClient();
  const same = JSON.stringify(keys);
  useEffect(() => {
    const timers = new Map<string, number>();
    const stop = stream.read((m) => {
      const changed = m.kind === 'resync' ? (['run', 'action'] as const) : m.kind === 'run' || m.kind === 'action' ? [m.kind] : [];
      for (const kind of changed) {
        const due = keys[kind];
        if (due && !timers.has(kind)) timers.set(kind, window.setTimeout(() => { timers.delete(kind); for (const queryKey of due) void client.invalidateQueries({ queryKey }); }, TOGETHER_MS));
      }
    });
    return () => { stop(); timers.forEach((t) => window.clearTimeout(t)); };
  }, [client, same, stream]);
}
