// The audit log for the stub, from memory.
import { createHash } from 'node:crypto';

const ACTS = [
  ['user:0b7d3c1e-0000-4000-8000-000000000001', 'analyst', 'session.begin', 'session:5e1', {}, '192.0.2.14'],
  ['user:0b7d3c1e-0000-4000-8000-000000000001', 'analyst', 'alert.transition', 'alert:77', { before: { status: 'new' }, after: { status: 'in_progress' } }, '192.0.2.14'],
  ['user:0b7d3c1e-0000-4000-8000-000000000002', 'm.silva', 'token.create', 'token:9a', { name: 'edr-archive' }, '192.0.2.31'],
  ['system:start', 'system:start', 'token.revoke', 'token:01', {}, ''],
  ['user:0b7d3c1e-0000-4000-8000-000000000002', 'm.silva', 'view.create', 'view:3', { shared: true }, '192.0.2.31'],
  ['user:0b7d3c1e-0000-4000-8000-000000000003', 't.moe', 'user.update', 'user:0b7d3c1e-0000-4000-8000-000000000002', { before: { role: 'auditor' }, after: { role: 'soc_analyst' } }, '198.51.100.80'],
  ['token:0b7d3c1e-0000-4000-8000-00000000000a', 'token ticket-bridge', 'alert.transition', 'alert:78', { before: { status: 'in_progress' }, after: { status: 'resolved', verdict: 'benign' } }, '2001:db8:44:1::a7f'],
  ['user:0b7d3c1e-0000-4000-8000-000000000001', 'analyst', 'tenant.limit', 'tenant:brightwater', { before: 'no limit', after: '500 events/s, 50000000000 bytes, 5 queries' }, '192.0.2.14'],
  ['system:sign-in', 'system:sign-in', 'session.refuse', 'user:admin', { reason: 'wrong password' }, '203.0.113.77'],
];

/** Answers `/v1/audit` and what is below it, nothing else. */
export function auditStub(problem, empty) {
  const entries = Array.from({ length: 130 }, (_, i) => {
    const [actor, actor_name, action, object, detail, address] = ACTS[i % ACTS.length];
    return { seq: i + 1, at: new Date(Date.now() - (130 - i) * 61_000).toISOString(), actor, actor_name, action, object, detail, request_id: address ? `req-${i}` : '', address, hash: createHash('sha256').update(String(i)).digest('hex') };
  }).reverse();
  const ago = (seconds) => new Date(Date.now() - seconds * 1000).toISOString();
  let receiver = empty ? null : { host: 'logs.halden.example', port: 6514, authority: null, sent: 130, sent_at: ago(70), failed_at: null, fault: null };
  const stream = (method, body) => {
    if (method === 'DELETE') { receiver = null; return { status: 204 }; }
    if (method === 'POST') {
      if (body.authority && !body.authority.includes('BEGIN CERTIFICATE')) return problem(400, 'Bad request', 'The authority is no certificate in PEM.');
      const away = body.host.startsWith('away'); // so that a receiver that does not answer can be looked at
      receiver = { host: body.host, port: body.port, authority: body.authority ?? null, sent: away ? (receiver?.sent ?? 0) - 26 : 130, sent_at: away ? ago(5400) : ago(1), failed_at: away ? ago(20) : null, fault: away ? `${body.host}:${body.port} does not answer: connection refused` : null };
    }
    return { status: 200, body: { receiver } };
  };
  return {
    route(method, path, q, body) {
      if (path === '/v1/audit/verification') return { status: 200, body: { ok: true, entries: entries.length, first_bad: null, reason: null, sealed: 128, checkpoint: 'marsad-audit/main\n128\n' } };
      if (path === '/v1/audit/stream') return stream(method, body);
      if (path !== '/v1/audit') return undefined;
      const begins = (value, asked, end) => !asked || (asked.endsWith(end) ? value.startsWith(asked) : value === asked);
      const fit = entries.filter((e) => e.seq < Number(q.get('cursor') ?? Infinity) && begins(e.actor, q.get('actor'), '\n') && begins(e.action, q.get('action'), '.') && begins(e.object, q.get('object'), ':'));
      const page = fit.slice(0, Number(q.get('limit') ?? 100));
      return { status: 200, body: { entries: page, next: fit.length > page.length ? String(page.at(-1).seq) : null } };
    },
  };
}
