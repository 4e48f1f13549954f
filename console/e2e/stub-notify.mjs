// Made-up channels for people who are told of escalated alerts.
const iso = (ms) => new Date(Date.now() + ms).toISOString();

export function notifyStub(alerts, problem) {
  const all = [];
  const add = (body, more = {}) => {
    const one = { id: crypto.randomUUID(), name: body.name, kind: body.kind, target: body.kind === 'slack' ? 'hooks.slack.com' : body.target || 'https://events.pagerduty.com', has_secret: Boolean(body.secret), min_severity: body.min_severity, per_hour: body.per_hour, enabled: body.enabled, version: 1, sent_at: null, failed_at: null, failure: null, ...more };
    all.push(one);
    return one;
  };
  add({ name: 'Operations room', kind: 'slack', secret: 's', min_severity: 'high', per_hour: 30, enabled: true }, { sent_at: iso(-600_000) });
  add({ name: 'On call', kind: 'pagerduty', secret: 's', min_severity: 'critical', per_hour: 10, enabled: true }, { failed_at: iso(-120_000), failure: 'it does not know us (403)' });
  add({ name: 'Night shift', kind: 'email', target: 'soc@halden.example, lead@halden.example', min_severity: 'medium', per_hour: 60, enabled: false });
  return (method, path, body) => {
    if (path === '/v1/notifications') return { status: 200, body: { channels: all, newest: [...alerts.values()].slice(0, 4).map((x, i) => ({ alert_id: x.alert.id, title: x.alert.title, channel: 'Operations room', state: i === 2 ? 'held' : 'sent', at: iso(-600_000 * (i + 1)) })), mail: true, dead: 1 } };
    if (path === '/v1/notifications/replay') return { status: 200, body: { replayed: 1 } };
    if (path === '/v1/notifications/channels') return { status: 201, body: add(body) };
    const [, id, test] = /^\/v1\/notifications\/channels\/([^/]+)(\/test)?$/.exec(path) ?? [];
    const one = all.find((c) => c.id === id);
    if (!id) return null;
    if (!one) return problem(404, 'Not found', 'There is no such channel.');
    if (test) return { status: 200, body: { ok: one.kind !== 'pagerduty', detail: one.kind === 'pagerduty' ? 'it does not know us (403)' : 'It was taken.' } };
    if (method === 'DELETE') { all.splice(all.indexOf(one), 1); return { status: 204 }; }
    Object.assign(one, { name: body.name, min_severity: body.min_severity, per_hour: body.per_hour, enabled: body.enabled, version: one.version + 1 });
    return { status: 200, body: one };
  };
}
