import { useEffect } from 'react';
import { useQueryClient } from '@tanstack/react-query';
import { live } from '../live/context';
import type { Live } from '../live/live';

/** Changes come in bursts: a bulk act is one per alert. */
const TOGETHER_MS = 250;

/** While the stream runs it says what changes; once a minute is for clocks. Without it, every 5 s. */
export const refetching = () => (live.get() === 'live' ? 60_000 : 5_000);

/** Reads again what is shown when a case changes: one of them, or any. */
export function useLiveCases(id?: string, stream: Live = live) {
  const client = useQueryClient();
  useEffect(() => {
    let timer = 0;
    const read = () => {
      timer = 0;
      void client.invalidateQueries({ queryKey: id ? ['case', id] : ['cases'] });
      if (id) for (const part of ['case-evidence', 'case-related']) void client.invalidateQueries({ queryKey: [part, id] });
    };
    const stop = stream.read((m) => {
      if (m.kind === 'resync' || (m.kind === 'case' && (!id || m.id === id))) timer ||= window.setTimeout(read, TOGETHER_MS);
    });
    return () => { stop(); window.clearTimeout(timer); };
  }, [client, id, stream]);
}
