import { vi } from 'vitest';
import type { Alert, AlertDetail, EventDetail, MarsadEvent, Schemas, Session } from '../api/client';

export const SESSION: Session = {
  user: { id: '0b7d3c1e-0000-4000-8000-000000000001', username: 'analyst', role: 'admin' },
  tenant: { id: 'main', name: 'Halden' },
  permissions: ['alerts:read', 'alerts:write', 'events:read', 'sources:read', 'sources:write', 'suppressions:write', 'risk:read', 'context:write', 'searches:write', 'hunts:write', 'audit:read', 'tokens:read', 'tokens:write'],
  second_factor_due: false,
  csrf: 'c-1',
  expires_at: '2026-11-22T00:00:00.000Z',
  view: null,
  acting: null,
};

export function alert(n: number, change: Partial<Alert> = {}): Alert {
  const at = new Date(Date.UTC(2026, 10, 21, 10, 0, 0) - n * 60_000).toISOString();
  return {
    id: `a${n}`, title: `Alert ${n}`, rule_id: 'r1', severity: 'high', status: 'new', verdict: null, assignee: null, time: at, first_time: at, count: 1, created_at: at, updated_at: at,
    entities: [{ type: 'host', value: `web-${n}`, field: 'device.hostname' }, { type: 'user', value: 'alice', field: 'actor.user.name' }],
    attack: ['T1059.001'], event_count: 1, log_source: 'windows/process_creation/sysmon', synthetic: false, version: 1, tags: [], snoozed_until: null, escalated: false, ...change,
  };
}

export const EVENT: MarsadEvent = {
  id: 'e1', time: '2026-11-21T09:58:00.000Z', received_at: '2026-11-21T09:58:01.000Z', origin: 'fleet', log_source: 'windows/process_creation/sysmon', synthetic: false,
  fields: { 'device.hostname': 'web-1', 'process.cmd_line': 'powershell -enc AAAA', 'unmapped.Odd': 'x' },
};
const DETAIL = { ...EVENT, ocsf: { device: { hostname: 'web-1' } } } as unknown as EventDetail;

export const detail = (a: Alert): AlertDetail => ({
  ...a,
  narrative: 'On web-1 alice started powershell with a hidden command.',
  evidence: [{ event_id: 'e1', time: EVENT.time, matches: [{ field: 'process.cmd_line', value: 'powershell -enc AAAA', selection: 'encoded', pattern: '* -enc *' }] }],
  history: [{ at: a.created_at, actor: 'marsad', action: 'raised' }],
  rule: { id: 'r1', title: 'Encoded command', level: 'high', description: 'Hides what it does.', falsepositives: ['Agents'], references: ['https://attack.mitre.org/'], source: 'title: Encoded command\n# why\nlevel: high\n' },
  rule_record: { fired: 4, closed: 2, false_positives: 1 },
});

const SOURCES: Schemas['Sources'] = {
  sources: [{ origin: 'fleet', format: 'windows', log_sources: ['windows/process_creation/sysmon'], received: 12, stored: 10, deduplicated: 1, dead: 1, bytes: 4096, events_per_minute: 3, last_received_at: EVENT.received_at, last_error: 'no month 13', state: 'failing' }],
  ledger: { received: 12, stored: 10, deduplicated: 1, dead: 1, pending: 0 },
  rules: { loaded: 40, refused: 1 },
};

const SOURCE = { product: 'windows', category: 'process_creation', service: null };
export const RULE: Schemas['RuleSummary'] = { id: 'r1', title: 'Encoded command', kind: 'rule', level: 'high', status: 'test', log_source: SOURCE, tags: ['attack.t1059.001', 'attack.execution'], set: 'marsad', license: 'Apache-2.0', searchable: true, waiting: false, stage: 'active' };
const CORRELATION: Schemas['RuleSummary'] = { ...RULE, id: 'r2', title: 'Many failed sign-ins', kind: 'correlation', level: 'medium', searchable: false, log_source: { product: null, category: null, service: null } };
const ruleDetail = (r: Schemas['RuleSummary']): Schemas['RuleDetail'] => ({ ...r, description: 'Hides what it does.', author: 'Marsad', references: ['https://attack.mitre.org/'], falsepositives: ['Agents'], source: 'title: Encoded command\n# why\nlevel: high\n', set_address: '', set_revision: '' });
export const HUNT: Schemas['Hunt'] = {
  id: 'h1', title: 'Encoded command', rule: null, rule_ids: ['r1'], from: '2026-11-18T00:00:00.000Z', to: '2026-11-21T00:00:00.000Z', raise: false, state: 'done', created_by: `user:${SESSION.user.id}`, created_by_name: 'analyst', created_at: '2026-11-21T00:00:00.000Z', ended_at: '2026-11-21T00:00:02.000Z', progress: 1, scanned_events: 1200, hits: 4, note: null,
  rules: [{ rule_id: 'r1', title: 'Encoded command', level: 'high', hits: 4, per_day: 1.33, days: [{ day: '2026-11-18', hits: 1 }, { day: '2026-11-20', hits: 3 }], newest: [{ event_id: 'e1', time: '2026-11-20T10:00:00.000Z' }] }],
};

export const VIEW: Schemas['View'] = { id: 'v1', name: 'Shells of services', description: '', query: 'cmd contains sh', rule: null, last: '7d', from: null, to: null, columns: [], display: 'events', shared: false, owner: 'analyst', mine: true, editable: true, created_at: EVENT.time, updated_at: EVENT.time, version: 1 };
export const SCHEDULE: Schemas['Schedule'] = { id: 's1', name: 'Morning shells', description: '', query: 'cmd contains sh', rule: null, view: null, cron: '0 7 * * 1-5', time_zone: 'UTC', max_hits: 100, alert: { severity: 'high', threshold: 5 }, enabled: true, next_at: '2026-11-23T07:00:00.000Z', looked_until: EVENT.time, owner: 'analyst', mine: true, editable: true, created_at: EVENT.time, updated_at: EVENT.time, version: 1 };
const RUN: Schemas['ScheduleRun'] = { id: 'n1', schedule_id: 's1', state: 'done', started_at: EVENT.time, ended_at: EVENT.time, from: EVENT.time, to: EVENT.time, hits: 7, exact: true, kept: 1, missed: 2, error: null, scanned: 100, took_ms: 12, alert_id: 'a1' };
const ENTRY: Schemas['SearchHistory']['entries'][number] = { id: 'q1', query: 'user = root', rule: null, from: EVENT.time, to: EVENT.time, at: EVENT.time, runs: 2, took_ms: 12, rows: 7, scanned: 9, scanned_bytes: 9, outcome: 'done' };

export type Reply = { status?: number; body?: unknown; lines?: unknown[] };
/** Lines of JSON, as a query is answered. */
export const stream = (...lines: unknown[]): Reply => ({ lines });
export const END = { type: 'end', rows: 1, partial: true, cut: [], next: null, found: 1, scanned: 1200, scanned_bytes: 4096, total_bytes: 4096, took_ms: 4 };
export type Routes = Record<string, (request: { url: URL; body: unknown; headers: Headers }) => Reply | Promise<Reply>>;

/** Answers as the contract has it; a test replaces the routes that it is about. Returns what was asked. */
export function serve(more: Routes = {}) {
  const asked: { route: string; body: unknown; headers: Headers }[] = [];
  const alerts = [alert(1), alert(2, { severity: 'critical' }), alert(3, { status: 'in_progress', assignee: 'analyst' })];
  const routes: Routes = {
    'GET /v1/auth/session': () => ({ body: SESSION }),
    'POST /v1/auth/login': () => ({ body: SESSION }),
    'GET /v1/inbox': () => ({ body: { entries: [], unread: 0, mail_possible: false, mail: false, address: '' } }),
    'GET /v1/auth/providers': () => ({ body: { providers: [] } }),
    'GET /v1/alerts': () => ({ body: { alerts, next: null, total: alerts.length, counts: { severity: { high: 2, critical: 1 }, status: { new: 2, in_progress: 1 } }, live_seq: '7' } }),
    'POST /v1/events/query': () => stream({ type: 'begin', kind: 'events', from: '2026-11-20T10:00:00.000Z', to: '2026-11-21T10:00:00.000Z', columns: [] }, { type: 'events', events: [EVENT] }, END),
    'POST /v1/events/estimate': () => ({ body: { kind: 'events', columns: [], from: '2026-11-20T10:00:00.000Z', to: '2026-11-21T10:00:00.000Z', total_bytes: 4096, wide: false } }),
    'POST /v1/events/fields': () => ({ body: { fields: [{ name: 'device.hostname', count: 5, distinct: 1, top: [{ value: 'web-1', count: 5 }] }], events: 5, sample: 5, partial: false } }),
    'POST /v1/events/values': () => ({ body: { field: 'device.hostname', values: [{ value: 'web-1', count: 4 }, { value: 'web-2', count: 1 }], events: 5, missing: 0, other: 0, partial: false } }),
    'POST /v1/events/complete': () => ({ body: { start: 0, end: 0, candidates: [] } }),
    'POST /v1/events/histogram': () => ({ body: { from: '2026-11-20T10:00:00.000Z', to: '2026-11-21T10:00:00.000Z', bucket_ms: 900_000, counts: [1, 0, 4], total: 5, partial: false } }),
    'GET /v1/rules': () => ({ body: { rules: [RULE, CORRELATION], next: null, total: 2 } }),
    'GET /v1/rules/r1': () => ({ body: ruleDetail(RULE) }),
    'GET /v1/rules/r2': () => ({ body: ruleDetail(CORRELATION) }),
    'GET /v1/rules/r1/stage': () => ({ body: { rule_id: 'r1', stage: 'shadow', reason: 'new', changed_by: 'analyst', changed_at: EVENT.time, version: 1, shadow: { firings: 7, kept: 7, alerts: 2, days: [{ day: '2026-11-20', firings: 7 }], entities: [{ type: 'host', value: 'web-1', firings: 7 }], newest: [{ alert_id: 'a9', time: EVENT.time, title: 'Encoded command', level: 'high', event_id: 'e1', entities: [{ type: 'host', value: 'web-1' }] }] } } }),
    'GET /v1/rules/r1/query': () => ({ body: { rule_id: 'r1', title: 'Encoded command', query: "process.cmd_line contains ' -enc '", exact: false, missing: ['the log source windows / process_creation'], log_source: SOURCE } }),
    'GET /v1/views': () => ({ body: { views: [VIEW] } }),
    'GET /v1/schedules': () => ({ body: { schedules: [SCHEDULE] } }),
    'GET /v1/schedules/s1/runs': () => ({ body: { runs: [RUN, { ...RUN, id: 'n2', hits: 0, kept: 0, state: 'failed', error: 'the time limit', alert_id: null }] } }),
    'GET /v1/schedule-runs/n1': () => ({ body: { ...RUN, answer: { kind: 'events', columns: [], events: [EVENT] } } }),
    'GET /v1/search-history': () => ({ body: { entries: [ENTRY] } }),
    'GET /v1/hunts': () => ({ body: { hunts: [{ ...HUNT, rules: [] }] } }),
    'GET /v1/hunts/h1': () => ({ body: HUNT }),
    'GET /v1/sources': () => ({ body: SOURCES }),
    'GET /v1/dead-letters': () => ({ body: { dead_letters: [{ id: 'd1', received_at: EVENT.received_at, origin: 'fleet', format: 'syslog', reason: 'no month 13', sample: '<34>1 2026-13-01', state: 'dead' }], next: null } }),
    'GET /v1/tokens': () => ({ body: { tokens: [{ id: 't1', name: 'fleet', permissions: ['ingest:write'], created_at: EVENT.time, expires_at: null, last_used_at: null }] } }),
    'GET /v1/auth/authenticator': () => ({ body: { since: null, recovery_codes: 0, required: false } }),
    'GET /v1/second-factor': () => ({ body: { roles: ['tenant_admin'] } }),
    'GET /v1/audit/stream': () => ({ body: { receiver: null } }),
    ...more,
  };
  vi.stubGlobal('fetch', async (request: Request) => {
    const url = new URL(request.url);
    const route = `${request.method} ${url.pathname}`;
    const body = request.method === 'GET' ? undefined : await request.json().catch(() => undefined);
    asked.push({ route: route + url.search, body, headers: request.headers });
    const found = routes[route]?.({ url, body, headers: request.headers }) ?? fallback(route, alerts);
    const { status = 200, body: out, lines } = await found;
    if (lines) return new Response(lines.map((l) => `${JSON.stringify(l)}\n`).join(''), { status, headers: { 'content-type': 'application/x-ndjson' } });
    return new Response(status === 204 ? null : JSON.stringify(out), { status, headers: { 'content-type': status >= 400 ? 'application/problem+json' : 'application/json' } });
  });
  return asked;
}

function fallback(route: string, alerts: Alert[]): Reply {
  const one = /^GET \/v1\/alerts\/(.+)$/.exec(route);
  if (one) return { body: detail(alerts.find((a) => a.id === one[1]) ?? alert(1)) };
  if (/^GET \/v1\/events\/[^/]+$/.test(route)) return { body: DETAIL };
  return { status: 404, body: { type: 'urn:marsad:problem:not-found', title: 'Not found', status: 404, detail: route } };
}
