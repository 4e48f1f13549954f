import { queryOptions } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../api/client';

export type LiveQuery = Schemas['LiveQuery'];
export type Answered = Schemas['LiveQueryHost'];
export type Targets = Schemas['NewLiveQuery']['targets'];

export const LIVE_QUERIES = queryOptions({ queryKey: ['live-queries'], queryFn: ({ signal }) => answer(api.GET('/v1/live-queries', { signal })), refetchInterval: 10_000 });
export const ask = (body: Schemas['NewLiveQuery']) => answer(api.POST('/v1/live-queries', { body }));
export const cancel = (id: string) => answer(api.POST('/v1/live-queries/{id}/cancel', { params: { path: { id } } }));
export const find = (id: string, signal: AbortSignal) => answer(api.GET('/v1/live-queries/{id}', { params: { path: { id } }, signal }));
export const silent = (id: string, signal: AbortSignal) => answer(api.GET('/v1/live-queries/{id}/silent', { params: { path: { id }, query: { limit: 500 } }, signal }));

/** Names as they are typed: parted by commas. */
export const names = (typed: string) => [...new Set(typed.split(',').map((n) => n.trim()).filter(Boolean))];

/** What has come: a new object each time, so that a page sees the change. */
export type Come = { query: LiveQuery | undefined; answers: readonly Answered[]; ended: boolean; broken: boolean };
const NOTHING: Come = { query: undefined, answers: [], ended: false, broken: false };
const TELL_MS = 200;

/** Follows a query until its end; many answers are told of together. A dropped line goes on behind the last answer by itself. */
export class Following {
  private come = NOTHING;
  private news: Answered[] = [];
  private timer = 0;
  private source: EventSource | undefined;
  private readonly readers = new Set<() => void>();

  constructor(
    private readonly id: string,
    private readonly open: (url: string) => EventSource = (url) => new EventSource(url),
  ) {}

  readonly get = () => this.come;

  readonly subscribe = (reader: () => void) => {
    this.readers.add(reader);
    if (this.readers.size === 1 && !this.come.ended) this.connect();
    return () => {
      this.readers.delete(reader);
      if (this.readers.size > 0) return;
      this.source?.close();
      window.clearTimeout(this.timer);
      this.timer = 0;
    };
  };

  private last() {
    return this.news.at(-1)?.seq ?? this.come.answers.at(-1)?.seq ?? 0;
  }

  private connect() {
    const source = this.open(`/v1/live-queries/${this.id}/stream?after=${this.last()}`);
    this.source = source;
    source.addEventListener('answer', (e) => {
      const one = JSON.parse((e as MessageEvent<string>).data) as Answered;
      if (one.seq > this.last()) this.news.push(one); // the browser may come back behind an older one
      this.later();
    });
    source.addEventListener('progress', (e) => this.state(e as MessageEvent<string>, false));
    source.addEventListener('end', (e) => {
      source.close();
      this.state(e as MessageEvent<string>, true);
    });
    source.onerror = () => {
      if (source.readyState !== 2 || this.come.ended) return;
      this.come = { ...this.come, broken: true };
      this.tell();
    };
  }

  private state(e: MessageEvent<string>, ended: boolean) {
    this.come = { ...this.come, query: JSON.parse(e.data) as LiveQuery, ended, broken: false };
    if (ended) this.tell();
    else this.later();
  }

  private later() {
    if (this.timer === 0) this.timer = window.setTimeout(() => this.tell(), TELL_MS);
  }

  private tell() {
    window.clearTimeout(this.timer);
    this.timer = 0;
    if (this.news.length > 0) this.come = { ...this.come, answers: [...this.come.answers, ...this.news] };
    this.news = [];
    this.readers.forEach((r) => r());
  }
}

/** The names of all columns, in the order in which they were met. */
export const columns = (answers: readonly Answered[]) => [...new Set(answers.flatMap((a) => a.rows.slice(0, 50).flatMap((r) => Object.keys(r))))];

const cell = (v: unknown) => {
  const text = v === undefined || v === null ? '' : typeof v === 'object' ? JSON.stringify(v) : String(v);
  const safe = /^[=+\-@\t\r]/.test(text) && !/^[+-]?\d+(\.\d+)?$/.test(text) ? `'${text}` : text; // a spreadsheet would take it for a formula
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
};

/** RFC 4180: a line for each row, and one for each host that failed. */
export function csv(answers: readonly Answered[]): string {
  const names = [...new Set(answers.flatMap((a) => a.rows.flatMap((r) => Object.keys(r))))];
  const lines = [['host', 'status', 'message', ...names].map(cell).join(',')];
  for (const a of answers) {
    if (a.state === 'failed') lines.push([a.hostname, a.status, a.message, ...names.map(() => '')].map(cell).join(','));
    for (const r of a.rows) lines.push([a.hostname, a.status, a.message, ...names.map((n) => (r as Record<string, unknown>)[n])].map(cell).join(','));
  }
  return `${lines.join('\r\n')}\r\n`;
}
