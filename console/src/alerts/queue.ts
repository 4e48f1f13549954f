import { answer, api, Refused, type Alert, type AlertPage } from '../api/client';
import type { LiveMessage } from '../live/live';
import { fits, type Filter } from './filter';

export const PAGE = 200;
const COUNT_EVERY_MS = 2000;

export type QueueState = {
  rows: readonly Alert[];
  /** Alerts that arrived and wait for the reader's word, newest first. */
  fresh: readonly Alert[];
  /** How many the server has that fit; undefined until the first answer. */
  total: number | undefined;
  counts: AlertPage['counts'] | undefined;
  more: boolean;
  loading: boolean;
  problem: Refused | undefined;
};

export type Pages = (f: Filter, limit: number, cursor: string | undefined, signal?: AbortSignal) => Promise<AlertPage>;

export const fetchPage: Pages = (f, limit, cursor, signal) =>
  answer(api.GET('/v1/alerts', { params: { query: { ...f, status: f.status.length ? f.status : undefined, severity: f.severity.length ? f.severity : undefined, limit, cursor } }, signal }));

const EMPTY: QueueState = { rows: [], fresh: [], total: undefined, counts: undefined, more: false, loading: true, problem: undefined };

/**
 * The rows of the alert queue. What is on the screen keeps its place: pages are read from one snapshot, a changed alert is
 * changed where it stands, and a new one waits in `fresh` unless nobody has begun to read.
 */
export class AlertQueue {
  private state = EMPTY;
  private filter: Filter = { status: [], severity: [] };
  private cursor: string | undefined;
  private reading = new AbortController();
  private readonly early: Alert[] = [];
  private readonly listeners = new Set<() => void>();
  private counter = 0;
  private touched: () => boolean = () => false;

  constructor(
    private readonly pages: Pages = fetchPage,
    private readonly follow: (seq: string | undefined) => boolean = () => true,
  ) {}

  readonly subscribe = (l: () => void) => {
    this.listeners.add(l);
    return () => void this.listeners.delete(l);
  };

  readonly get = () => this.state;

  /** Asked before a row is put above the others: has the reader moved? */
  whenTouched(touched: () => boolean) {
    this.touched = touched;
  }

  /** Reads the first page; the old rows stay until it is there. */
  async load(filter: Filter) {
    this.filter = filter;
    this.reading.abort();
    const reading = (this.reading = new AbortController());
    this.early.length = 0;
    this.set({ loading: true, problem: undefined, fresh: [] });
    try {
      const page = await this.pages(filter, PAGE, undefined, reading.signal);
      if (reading !== this.reading) return;
      this.cursor = page.next ?? undefined;
      this.set({ rows: page.alerts, total: page.total, counts: page.counts, more: page.next != null, loading: false, problem: undefined });
      this.early.splice(0).forEach((a) => this.created(a));
      if (!this.follow(page.live_seq)) await this.reload();
    } catch (e) {
      if (reading !== this.reading) return;
      if (!(e instanceof Refused)) throw e;
      this.set({ loading: false, problem: e, rows: [], total: undefined });
    }
  }

  reload() {
    return this.load(this.filter);
  }

  /** Reads the next page, once. */
  async loadMore() {
    if (!this.cursor || this.state.loading) return;
    const reading = this.reading;
    this.set({ loading: true });
    try {
      const page = await this.pages(this.filter, PAGE, this.cursor, reading.signal);
      if (reading !== this.reading) return;
      const have = new Set(this.state.rows.map((a) => a.id));
      this.cursor = page.next ?? undefined;
      this.set({ rows: [...this.state.rows, ...page.alerts.filter((a) => !have.has(a.id))], more: page.next != null, loading: false });
    } catch (e) {
      if (reading !== this.reading) return;
      if (!(e instanceof Refused)) throw e;
      this.set({ loading: false, problem: e });
    }
  }

  receive(m: LiveMessage) {
    if (m.kind === 'resync') {
      void this.catchUp();
      return;
    }
    if (m.kind !== 'created' && m.kind !== 'updated') return;
    if (m.kind === 'created') this.created(m.alert);
    else if (m.alert.status === 'new' && this.state.total !== undefined && !this.find(m.alert.id)) this.created(m.alert); // it came back, or fired again
    else this.replace(m.alert);
    this.recount();
  }

  /** Puts the waiting alerts on top. */
  showFresh() {
    const { fresh, rows } = this.state;
    if (fresh.length > 0) this.set({ rows: [...fresh, ...rows], fresh: [] });
  }

  find(id: string): Alert | undefined {
    return this.state.rows.find((a) => a.id === id) ?? this.state.fresh.find((a) => a.id === id);
  }

  /** Lays a change over a row; `replace` with the server's answer settles it. */
  overlay(id: string, change: Partial<Alert>) {
    this.set({ rows: this.state.rows.map((a) => (a.id === id ? { ...a, ...change } : a)) });
  }

  /** The server's word about an alert; an older one than is shown is dropped. */
  replace(next: Alert, force = false) {
    const swap = (a: Alert) => (a.id === next.id && (force || next.version >= a.version) ? next : a);
    this.set({ rows: this.state.rows.map(swap), fresh: this.state.fresh.map(swap) });
  }

  recount() {
    if (this.counter) return;
    this.counter = window.setTimeout(() => {
      this.counter = 0;
      const reading = this.reading;
      this.pages(this.filter, 1, undefined, reading.signal)
        .then((p) => reading === this.reading && this.set({ counts: p.counts, total: p.total }))
        .catch((e: unknown) => {
          // Counts are a courtesy: the next message asks again.
          if (!(e instanceof Refused) && !(e instanceof DOMException)) throw e;
        });
    }, COUNT_EVERY_MS);
  }

  /** The stream lost its place, or much has changed at once: what is newer than the rows is taken as if it had just arrived. */
  private async catchUp() {
    const reading = this.reading;
    try {
      const page = await this.pages(this.filter, PAGE, undefined, reading.signal);
      if (reading !== this.reading) return;
      page.alerts.toReversed().forEach((a) => this.created(a));
      this.set({ total: page.total, counts: page.counts });
    } catch (e) {
      if (reading !== this.reading) return;
      if (!(e instanceof Refused)) throw e;
      this.set({ problem: e });
    }
  }

  private created(a: Alert) {
    if (this.state.loading && this.state.total === undefined) {
      this.early.push(a);
      return;
    }
    if (this.find(a.id)) return this.replace(a);
    if (!fits(a, this.filter)) return;
    if (this.state.rows.length === 0 || !this.touched()) this.set({ rows: [a, ...this.state.fresh, ...this.state.rows], fresh: [], total: (this.state.total ?? 0) + 1 });
    else this.set({ fresh: [a, ...this.state.fresh], total: (this.state.total ?? 0) + 1 });
  }

  private set(change: Partial<QueueState>) {
    this.state = { ...this.state, ...change };
    this.listeners.forEach((l) => l());
  }
}
