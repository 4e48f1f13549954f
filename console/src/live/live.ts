import { useSyncExternalStore } from 'react';
import type { Alert } from '../api/client';

export type LiveState = 'starting' | 'live' | 'reconnecting';
export type LiveMessage = { kind: 'created' | 'updated'; alert: Alert } | { kind: 'case'; id: string } | { kind: 'inbox'; user: string } | { kind: 'presence'; of: string; id: string } | { kind: 'run' | 'action'; id: string } | { kind: 'resync' };

const RETRY_MS = [1000, 2000, 5000, 10_000, 20_000];

/** One stream a tab. A dropped line resumes behind the last message seen; an answer that is no stream is tried again later. */
export class Live {
  private source: EventSource | undefined;
  private state: LiveState = 'starting';
  private last: string | undefined;
  private began: string | undefined;
  private failures = 0;
  private timer = 0;
  private readonly states = new Set<() => void>();
  private readonly readers = new Set<(m: LiveMessage) => void>();

  constructor(
    private readonly open: (url: string) => EventSource = (url) => new EventSource(url),
    private readonly lost: () => void = () => {},
  ) {}

  /**
   * Starts behind `seq`, or at now without one. False when the stream runs already and began later than `seq`: what was read
   * at `seq` may then lack something and is to be read again.
   */
  start(seq?: string): boolean {
    if (this.source || this.timer) return seq === undefined || this.began === undefined || Number(seq) >= Number(this.began);
    this.began = this.last = seq;
    this.connect();
    return true;
  }

  stop() {
    window.clearTimeout(this.timer);
    this.timer = 0;
    this.source?.close();
    this.source = undefined;
    this.failures = 0;
    this.become('starting');
  }

  read(reader: (m: LiveMessage) => void) {
    this.readers.add(reader);
    return () => void this.readers.delete(reader);
  }

  readonly subscribe = (tell: () => void) => {
    this.states.add(tell);
    return () => void this.states.delete(tell);
  };

  readonly get = () => this.state;

  private connect() {
    this.timer = 0;
    const source = this.open(this.last === undefined ? '/v1/live' : `/v1/live?last_event_id=${encodeURIComponent(this.last)}`);
    this.source = source;
    source.onopen = () => {
      this.failures = 0;
      this.become('live');
    };
    source.onerror = () => {
      this.become('reconnecting');
      // While the browser tries again by itself the line is CONNECTING; CLOSED means that it has given up.
      if (source.readyState !== 2) return;
      source.close();
      this.source = undefined;
      this.timer = window.setTimeout(() => this.connect(), RETRY_MS[Math.min(this.failures++, RETRY_MS.length - 1)]);
      this.lost();
    };
    source.addEventListener('alert.created', (e) => this.got<Alert>(e, (alert) => ({ kind: 'created', alert })));
    source.addEventListener('alert.updated', (e) => this.got<Alert>(e, (alert) => ({ kind: 'updated', alert })));
    source.addEventListener('case.updated', (e) => this.got<{ id: string }>(e, ({ id }) => ({ kind: 'case', id })));
    source.addEventListener('inbox.changed', (e) => this.got<{ user: string }>(e, ({ user }) => ({ kind: 'inbox', user })));
    source.addEventListener('presence.changed', (e) => this.got<{ of: string; id: string }>(e, ({ of, id }) => ({ kind: 'presence', of, id })));
    for (const kind of ['run', 'action'] as const) source.addEventListener(kind, (e) => this.got<{ id: string }>(e, ({ id }) => ({ kind, id })));
    source.addEventListener('resync', (e) => {
      this.last = (e as MessageEvent).lastEventId || this.last;
      this.tell({ kind: 'resync' });
    });
  }

  private got<T>(e: Event, message: (of: T) => LiveMessage) {
    const m = e as MessageEvent<string>;
    if (m.lastEventId) this.last = m.lastEventId;
    this.tell(message(JSON.parse(m.data) as T));
  }

  private tell(m: LiveMessage) {
    this.readers.forEach((r) => r(m));
  }

  private become(next: LiveState) {
    if (this.state === next) return;
    this.state = next;
    this.states.forEach((s) => s());
  }
}

export const useLiveState = (live: Live) => useSyncExternalStore(live.subscribe, live.get);
