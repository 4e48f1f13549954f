import { useCallback, useEffect, useRef, useState } from 'react';
import type { MarsadEvent } from '../api/client';
import { runQuery, type Asked, type Column, type End, type Progress } from './stream';

/** A page of events, and how long it may take. */
export const LIMITS = { limit: 200, timeout_ms: 30_000 };

/** A query's answer as far as it is known. `running` without `begun` still shows what the query before had. */
export type Run = {
  /** What was asked, as `keyOf` has it. */
  of?: string;
  running: boolean;
  begun: boolean;
  stopped: boolean;
  kind: 'events' | 'table';
  events: readonly MarsadEvent[];
  columns: readonly Column[];
  rows: readonly unknown[][];
  progress?: Progress;
  end?: End;
  error?: unknown;
};

/** Tells questions apart. */
export const keyOf = (a: Asked) => JSON.stringify([a.query, a.from, a.to, a.rule ?? null]);

const NOTHING: Run = { running: false, begun: false, stopped: false, kind: 'events', events: [], columns: [], rows: [] };

/** Runs the query whenever it changes; older events come with `more`, `stop` ends what runs. */
export function useRun(asked: Asked, enabled: boolean) {
  const [run, setRun] = useState<Run>(NOTHING);
  const control = useRef<AbortController>(undefined);
  const now = useRef(run);
  now.current = run;

  const start = useCallback((what: Asked, cursor: string | undefined) => {
    control.current?.abort();
    const own = new AbortController();
    control.current = own;
    let next: Run = cursor ? { ...now.current, running: true, end: undefined } : { ...now.current, of: keyOf(what), running: true, begun: false, stopped: false, error: undefined, progress: undefined, end: undefined };
    let due = 0;
    // Lines come faster than the screen is drawn: one drawing a frame is enough.
    const draw = (late: boolean) => {
      if (own.signal.aborted) return;
      if (late) {
        due ||= requestAnimationFrame(() => { due = 0; draw(false); });
        return;
      }
      cancelAnimationFrame(due);
      due = 0;
      setRun(next);
    };
    setRun(next);
    runQuery({ ...what, ...LIMITS, ...(cursor ? { cursor } : {}) }, own.signal, {
      begin: (kind, columns) => { next = cursor ? next : { ...next, begun: true, kind, columns, rows: [], events: [] }; draw(true); },
      progress: (progress) => { next = { ...next, progress }; draw(true); },
      events: (some) => { next = { ...next, events: [...next.events, ...some] }; draw(true); },
      rows: (columns, rows) => { next = { ...next, columns, rows: [...next.rows, ...rows] }; draw(true); },
      end: (end) => { next = { ...next, end, running: false }; draw(false); },
    }).catch((error: unknown) => {
      if (own.signal.aborted) return;
      next = { ...next, running: false, error };
      draw(false);
    });
  }, []);

  const { query, from, to, rule } = asked;
  useEffect(() => {
    if (!enabled) return;
    start({ query, from, to, ...(rule ? { rule } : {}) }, undefined);
    return () => control.current?.abort();
  }, [query, from, to, rule, enabled, start]);

  const more = useCallback(() => {
    const { running, end } = now.current;
    if (!running && end?.next) start({ query, from, to, ...(rule ? { rule } : {}) }, end.next);
  }, [query, from, to, rule, start]);
  const stop = useCallback(() => {
    if (!now.current.running) return;
    control.current?.abort();
    setRun((r) => ({ ...r, running: false, stopped: true }));
  }, []);
  return { run, more, stop };
}
