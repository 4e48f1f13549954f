// Made-up suppressions, and what they would have hidden.
const DAY = 86_400_000;
const iso = (ms) => new Date(Date.now() + ms).toISOString();

/** `alerts` are those that there are. */
export function suppressionStub(alerts, problem) {
  const all = [];
  const add = (body, more = {}) => {
    const one = { id: crypto.randomUUID(), rules: body.rules ?? [], query: body.query ?? '', entity: body.entity ?? null, reason: body.reason, starts_at: body.starts_at ?? iso(0), expires_at: body.expires_at, state: 'active', owner: 'analyst', created_at: iso(0), updated_at: iso(0), version: 1, hits: 0, last_hit_at: null, ...more };
    all.unshift(one);
    return one;
  };
  const list = () => [...alerts.values()].map((x) => x.alert);
  const fit = (q) => list().filter((a) => (!q.rules?.length || q.rules.includes(a.rule_id)) && (!q.entity || a.entities.some((e) => e.value.toLowerCase() === q.entity.toLowerCase())));
  if (alerts.size > 0) {
    add({ query: "process.cmd_line contains 'robocopy' and host = 'SRV-FILES.halden.example'", reason: 'Nightly file copy, ticket OPS-1841', expires_at: iso(21 * DAY) }, { hits: 1284, last_hit_at: iso(-540_000), created_at: iso(-9 * DAY), starts_at: iso(-9 * DAY) });
    add({ rules: [list()[0].rule_id], entity: 'build-3', reason: 'The build machine runs encoded commands of its agent', expires_at: iso(60 * DAY) }, { hits: 37, last_hit_at: iso(-7_200_000), owner: 'm.silva' });
    add({ entity: '198.51.100.23', reason: 'Penetration test of October', expires_at: iso(-20 * DAY) }, { state: 'expired', hits: 96, last_hit_at: iso(-21 * DAY), created_at: iso(-30 * DAY), starts_at: iso(-30 * DAY) });
  }
  const hits = (s) => list().slice(0, Math.min(6, s.hits)).map((a, i) => ({ at: iso(-i * 3_600_000), time: iso(-i * 3_600_000 - 400), rule_id: a.rule_id, title: a.title, event_id: crypto.randomUUID() }));

  return (method, path, body) => {
    if (path === '/v1/suppressions' && method === 'GET') return { status: 200, body: { suppressions: all } };
    if (path === '/v1/suppressions/preview') {
      if (!body.rules?.length && !body.query && !body.entity) return problem(400, 'Bad request', 'Say which alerts: by rule, by a query or by an entity.');
      const hidden = fit(body);
      const rules = [...new Set(hidden.map((a) => a.rule_id))].map((r) => { const of = hidden.filter((a) => a.rule_id === r); return { rule_id: r, title: of[0].title, alerts: of.length, firings: of.reduce((n, a) => n + a.count, 0), true_positives: of.filter((a) => a.verdict === 'true_positive').length }; });
      return { status: 200, body: { days: 30, candidates: hidden.length, looked_at: hidden.length, hidden: hidden.length, gone: 0, rules, examples: hidden.slice(0, 20).map(({ id, time, title, severity, status }) => ({ id, time, title, severity, status })) } };
    }
    if (path === '/v1/suppressions') return { status: 201, body: add(body) };
    const r = /^\/v1\/suppressions\/([^/]+)$/.exec(path);
    const one = r && all.find((s) => s.id === r[1]);
    if (!one) return r ? problem(404, 'Not found', 'There is no such suppression.') : undefined;
    if (method === 'DELETE') return void all.splice(all.indexOf(one), 1), { status: 204 };
    if (method === 'PUT') Object.assign(one, { rules: [], query: '', entity: null }, body, { version: one.version + 1, updated_at: iso(0) });
    return { status: 200, body: method === 'PUT' ? one : { ...one, newest: hits(one) } };
  };
}
