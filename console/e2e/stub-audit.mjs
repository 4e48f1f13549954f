// The audit log for the stub, from memory.
import { createHash } from 'node:crypto';

const ACTS = [
  ['user:0b7d3c1e-0000-4000-8000-000000000001', 'analyst', 'session.begin', 'session:5e1', {}, '192.0.2.14'],
  ['user:0b7d3c1e-0000-4000-8000-000000000001', 'analyst', 'alert.transition', 'alert:77', { before: { status: 'new' }, after: { status: 'in_progress' } }, '192.0.2.14'],
  ['user:0b7d3c1e-0000-4000-8000-000000000002', 'm.silva', 'token.create', 'token:9a', { name: 'edr-archive' }, '192.0.2.31'],
  ['system:start', 'system:start', 'token.revoke', 'token:01', {}, ''],
  ['user:0b7d3c1e-0000-4000-8000-000000000002', 'm.silva', 'view.create', 'view:3', { shared: true }, '192.0.2.31'],
];

/** Answers `/v1/audit` and what is below it, nothing else. */
export function auditStub() {
  const entries = Array.from({ length: 130 }, (_, i) => {
    const [actor, actor_name, action, object, detail, address] = ACTS[i % ACTS.length];
    return { seq: i + 1, at: new Date(Date.now() - (130 - i) * 61_000).toISOString(), actor, actor_name, action, object, detail, request_id: address ? `req-${i}` : '', address, hash: createHash('sha256').update(String(i)).digest('hex') };
  }).reverse();
  return {
    route(path, q) {
      if (path === '/v1/audit/verification') return { status: 200, body: { ok: true, entries: entries.length, first_bad: null, reason: null, sealed: 128, checkpoint: 'marsad-audit/main\n128\n' } };
      if (path !== '/v1/audit') return undefined;
      const begins = (value, asked, end) => !asked || (asked.endsWith(end) ? value.startsWith(asked) : value === asked);
      const fit = entries.filter((e) => e.seq < Number(q.get('cursor') ?? Infinity) && begins(e.actor, q.get('actor'), '\n') && begins(e.action, q.get('action'), '.') && begins(e.object, q.get('object'), ':'));
      const page = fit.slice(0, Number(q.get('limit') ?? 100));
      return { status: 200, body: { entries: page, next: fit.length > page.length ? String(page.at(-1).seq) : null } };
    },
  };
}
