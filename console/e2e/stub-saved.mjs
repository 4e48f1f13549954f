// Saved searches, schedules and the history of searches for the stub, from memory.
import { randomUUID } from 'node:crypto';

/** Answers `/v1/views`, `/v1/schedules`, `/v1/schedule-runs` and `/v1/search-history`, nothing else. */
export function savedStub(problem, found) {
  const now = () => new Date().toISOString();
  const made = () => ({ id: randomUUID(), owner: 'analyst', mine: true, editable: true, created_at: now(), updated_at: now(), version: 1 });
  const view = (v) => ({ ...made(), description: '', query: '', rule: null, last: null, from: null, to: null, columns: [], display: 'events', shared: false, ...v });
  const schedule = (s) => ({ ...made(), description: '', query: '', rule: null, view: null, time_zone: 'UTC', max_hits: 100, alert: null, enabled: true, next_at: new Date(Date.now() + 900_000).toISOString(), looked_until: now(), ...s });
  const views = [
    view({ name: 'Sign-ins that failed', query: 'status = Failure', last: '7d', columns: ['host', 'user', 'src_endpoint.ip'] }),
    view({ name: 'Command lines of servers', query: 'device.hostname contains SRV', columns: ['host', 'process.cmd_line'], shared: true, owner: 'm.silva', mine: false, editable: false }),
  ];
  const schedules = [schedule({ name: 'Guessed passwords', query: 'status = Failure', cron: '*/15 * * * *', alert: { severity: 'high', threshold: 20 } })];
  const runs = [];
  const history = [];

  function run(s) {
    const { from, to, list } = found({ query: s.query });
    const r = { id: randomUUID(), schedule_id: s.id, state: 'done', started_at: now(), ended_at: now(), from, to, hits: list.length, exact: true, kept: Math.min(list.length, s.max_hits), missed: 0, error: null, scanned: list.length, took_ms: 3.1, alert_id: null };
    runs.unshift({ ...r, answer: { kind: 'events', columns: [], events: list.slice(0, s.max_hits) } });
    return r;
  }
  function remember(body) {
    if (body.remember === false || body.cursor || (!body.query && !body.rule)) return;
    const at = history.findIndex((h) => h.query === (body.query ?? '') && h.rule === (body.rule ?? null));
    const before = at < 0 ? { id: randomUUID(), runs: 0 } : history.splice(at, 1)[0];
    history.unshift({ ...before, query: body.query ?? '', rule: body.rule ?? null, from: body.from ?? now(), to: body.to ?? now(), at: now(), runs: before.runs + 1, took_ms: 3.4, rows: 0, scanned: 0, scanned_bytes: 4096, outcome: 'done' });
  }
  /** One list with what its things can do; `make` fills in what a body leaves out. */
  function things(list, plural, make, method, path, body) {
    if (path === `/v1/${plural}`) {
      if (method === 'GET') return { status: 200, body: { [plural]: list } };
      list.push(make(body));
      return { status: 201, body: list.at(-1) };
    }
    const at = list.findIndex((x) => path === `/v1/${plural}/${x.id}`);
    if (at < 0) return undefined;
    if (method === 'DELETE') return (list.splice(at, 1), { status: 204 });
    if (method === 'PUT') {
      if (body.version !== list[at].version) return problem(409, 'Changed meanwhile', 'Somebody was quicker.');
      Object.assign(list[at], body, { version: body.version + 1, updated_at: now() });
    }
    return { status: 200, body: list[at] };
  }
  return {
    remember,
    route(method, path, body) {
      if (path === '/v1/search-history' && method === 'DELETE') return (history.splice(0), { status: 204 });
      if (path === '/v1/search-history') return { status: 200, body: { entries: history } };
      let m = /^\/v1\/schedules\/([^/]+)\/(runs|run|enable|disable)$/.exec(path);
      if (m) {
        const s = schedules.find((x) => x.id === m[1]);
        if (!s) return problem(404, 'Not found', 'There is no such schedule.');
        if (m[2] === 'runs') return { status: 200, body: { runs: runs.filter((r) => r.schedule_id === s.id).map(({ answer: _, ...r }) => r) } };
        if (m[2] === 'run') return (run(s), { status: 202, body: s });
        Object.assign(s, { enabled: m[2] === 'enable', version: s.version + 1 });
        return { status: 200, body: s };
      }
      m = /^\/v1\/schedule-runs\/([^/]+)$/.exec(path);
      if (m) {
        const r = runs.find((x) => x.id === m[1]);
        return r ? { status: 200, body: r } : problem(404, 'Not found', 'There is no such run.');
      }
      return things(views, 'views', view, method, path, body) ?? things(schedules, 'schedules', schedule, method, path, body);
    },
  };
}
