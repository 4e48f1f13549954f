import { Refused, answer, api, type MarsadEvent, type Schemas } from '../api/client';

export type Column = Schemas['Column'];
export type Progress = Schemas['QueryProgress'];
export type End = Schemas['QueryEnd'];
/** `rule` is the id of one that is run exactly; the query then narrows it. */
export type Asked = { query: string; from: string; to: string; rule?: string; /** Whether it is kept in the history of searches; a search that was typed is. */ remember?: boolean };

/** What comes of a query, in the order in which it comes. */
export type Listener = {
  begin: (kind: 'events' | 'table', columns: Column[]) => void;
  progress: (p: Progress) => void;
  events: (some: MarsadEvent[]) => void;
  rows: (columns: Column[], rows: unknown[][]) => void;
  end: (e: End) => void;
};

type Line = Schemas['QueryBegin'] | Progress | Schemas['QueryEvents'] | Schemas['QueryRows'] | End | Schemas['QueryProblem'];

/** Runs a query and tells what comes; ends when the answer has, or throws `Refused`. Aborting ends it on the server too. */
export async function runQuery(asked: Asked & { limit: number; timeout_ms: number; cursor?: string }, signal: AbortSignal, on: Listener): Promise<void> {
  const body = (await answer(api.POST('/v1/events/query', { body: { ...asked, remember: asked.remember ?? (asked.query.trim() !== '' || asked.rule !== undefined) }, parseAs: 'stream', signal }))) as unknown as ReadableStream<Uint8Array> | null;
  if (!body) throw new Refused(0, 'No answer', 'The answer is empty.');
  let ended = false;
  for await (const line of lines(body)) {
    const said = JSON.parse(line) as Line;
    switch (said.type) {
      case 'begin': on.begin(said.kind, said.columns); break;
      case 'progress': on.progress(said); break;
      case 'events': on.events(said.events); break;
      case 'rows': on.rows(said.columns, said.rows); break;
      case 'end': ended = true; on.end(said); break;
      case 'problem': throw new Refused(said.problem.status, said.problem.title, said.problem.detail ?? said.problem.title, said.problem.errors ?? []);
    }
  }
  if (!ended) throw new Refused(0, 'The answer broke off', 'The connection ended before the query did. Run it again.');
}

async function* lines(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const reader = body.getReader();
  const text = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      rest += done ? text.decode() : text.decode(value, { stream: true });
      const parts = rest.split('\n');
      rest = parts.pop() ?? '';
      for (const part of parts) if (part !== '') yield part;
      if (done) break;
    }
    if (rest !== '') yield rest;
  } finally {
    await reader.cancel().catch(() => {}); // it has ended, or broke already
  }
}
