import { span, type HuntSearch } from './range';
import { runQuery, type Column } from './stream';

export type Table = { columns: readonly Column[]; rows: readonly unknown[][] };
export type Span = Pick<HuntSearch, 'last' | 'from' | 'to'>;

const TIMEOUT_MS = 20_000;

/** A table that the server computes; it stays out of the history of searches. */
export async function table(query: string, s: Span, signal: AbortSignal): Promise<Table> {
  let columns: readonly Column[] = [];
  const rows: unknown[][] = [];
  await runQuery({ query, ...span(s, Date.now()), remember: false, limit: 1_000, timeout_ms: TIMEOUT_MS }, signal, {
    begin: (_kind, some) => { columns = some; },
    progress: () => {},
    events: () => {},
    rows: (some, more) => { columns = some; rows.push(...more); },
    end: () => {},
  });
  return { columns, rows };
}
