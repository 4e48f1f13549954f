// Risk for the stub: the platform's arithmetic over the stub's alerts.
const WEIGHT = { critical: 40, high: 20, medium: 8, low: 3, informational: 1 };
const BEARERS = ['host', 'user', 'ip', 'email', 'container', 'account'];
const HALF = 4 * 3600_000;
const floor = (n) => Math.floor(Math.round(n * 1e6) / 1e4) / 100;
const band = (s) => (s >= 80 ? 'critical' : s >= 50 ? 'high' : s >= 20 ? 'medium' : s >= 1 ? 'low' : 'none');
const id = (e) => `${e.type}:${e.value.toLowerCase()}`;

export function riskStub(alerts, problem) {
  const list = () => [...alerts.values()];
  const of = (key) => list().filter((a) => a.entities.some((e) => id(e) === key));
  const known = () => { const all = new Map(); for (const a of list()) for (const e of a.entities) if (!all.has(id(e))) all.set(id(e), e); return all; };

  function risk(key, now = Date.now()) {
    const rules = new Map();
    const shares = [];
    for (const a of of(key)) {
      const age = now - Date.parse(a.time);
      if (age < 0 || age > 24 * 3600_000) continue;
      const nothing = a.verdict && a.verdict !== 'true_positive';
      const points = nothing ? 0 : WEIGHT[a.severity];
      const share = { alert_id: a.id, rule_id: a.rule_id, title: a.title, severity: a.severity, at: a.time, weight: WEIGHT[a.severity], context: 0, facts: [], points, decayed: floor(points * 2 ** (-age / HALF)), halvings: 0, counted: 0, withdrawn: Boolean(nothing) };
      shares.push(share);
      if (!nothing) rules.set(a.rule_id, [...(rules.get(a.rule_id) ?? []), share]);
    }
    for (const all of rules.values()) all.sort((a, b) => b.decayed - a.decayed).forEach((s, i) => { s.halvings = i; s.counted = floor(s.decayed / 2 ** i); });
    const contributors = shares.filter((s) => s.counted > 0 || s.withdrawn).sort((a, b) => b.counted - a.counted);
    const points = contributors.reduce((n, s) => n + Math.round(s.counted * 100), 0) / 100;
    const score = Math.floor(Math.round(100 * (1 - 5 ** (-points / 80)) * 1e6) / 1e5) / 10;
    return { at: new Date(now).toISOString(), score, points, band: band(score), promote_at: 80, contributors };
  }
  const course = (key, step, n) => Array.from({ length: n + 1 }, (_, i) => Date.now() - (n - i) * step).map((t) => ({ at: new Date(t).toISOString(), score: risk(key, t).score }));

  function queue(query) {
    const kinds = query.get('type')?.split(',');
    const bands = query.get('band')?.split(',');
    const all = [...known()].filter(([, e]) => BEARERS.includes(e.type) && (!kinds || kinds.includes(e.type))).map(([key, e]) => ({ key, e, r: risk(key) })).filter((x) => x.r.score >= 1).sort((a, b) => b.r.points - a.r.points);
    const counts = Object.fromEntries(['critical', 'high', 'medium', 'low'].map((b) => [b, all.filter((x) => x.r.band === b).length]));
    const fit = all.filter((x) => !bands || bands.includes(x.r.band));
    return { at: new Date().toISOString(), next: null, total: fit.length, bands: counts, entities: fit.map(({ key, e, r }) => ({ type: e.type, value: e.value, score: r.score, points: r.points, band: r.band, alerts: r.contributors.filter((c) => !c.withdrawn).length, trend: course(key, 2 * 3600_000, 12).map((p) => p.score), contributors: r.contributors.filter((c) => !c.withdrawn).slice(0, 3) })) };
  }

  function page(key, e, span) {
    const mine = of(key).sort((a, b) => b.time.localeCompare(a.time));
    const near = new Map();
    for (const a of mine) for (const o of a.entities) if (id(o) !== key) near.set(id(o), { type: o.type, value: o.value, alerts: (near.get(id(o))?.alerts ?? 0) + 1, last: near.get(id(o))?.last ?? a.time });
    const [step, n] = { '1d': [900_000, 96], '7d': [3600_000, 168], '30d': [7200_000, 360] }[span];
    return { type: e.type, value: e.value, facts: { first_seen: mine.at(-1).time, last_seen: mine[0].time, alerts: mine.length, open: mine.filter((a) => ['new', 'in_progress', 'snoozed'].includes(a.status)).length, true_positives: mine.filter((a) => a.verdict === 'true_positive').length, false_positives: mine.filter((a) => a.verdict === 'false_positive').length, rules: new Set(mine.map((a) => a.rule_id)).size }, risk: BEARERS.includes(e.type) ? { ...risk(key), course: course(key, step, n) } : null, promotions: [], alerts: mine.slice(0, 50), timeline: mine.slice(0, 12).map((a) => ({ at: a.time, kind: 'fired', alert_id: a.id, text: a.title, actor: null })), neighbours: [...near.values()].sort((a, b) => b.alerts - a.alerts).slice(0, 50) };
  }

  function graph(key, hops) {
    const all = known();
    const hop = new Map([[key, 0]]);
    for (let h = 1; h <= hops; h++) for (const k of [...hop.keys()]) if (hop.get(k) === h - 1 && !/^(process|file):/.test(k)) for (const a of of(k)) for (const e of a.entities) if (!hop.has(id(e))) hop.set(id(e), h);
    const nodes = [...hop].slice(0, 60).map(([k, h]) => ({ id: k, type: all.get(k).type, value: all.get(k).value, hop: h, alerts: of(k).length, band: BEARERS.includes(all.get(k).type) ? risk(k).band : 'none', passable: !/^(process|file):/.test(k) }));
    const edges = new Map();
    for (const a of list()) { const both = a.entities.map(id).filter((k) => hop.has(k)).sort(); both.forEach((x, i) => both.slice(i + 1).forEach((y) => edges.set(`${x} ${y}`, { a: x, b: y, alerts: (edges.get(`${x} ${y}`)?.alerts ?? 0) + 1, first: a.time, last: a.time, examples: [a.id] }))); }
    const path = [];
    let at = key;
    for (const a of of(key).sort((x, y) => x.time.localeCompare(y.time)).slice(0, 1)) for (const e of a.entities) if (BEARERS.includes(e.type) && id(e) !== at && path.length < 3) { path.push({ from: at, to: id(e), alert_id: a.id, title: a.title, time: a.time }); at = id(e); }
    const reached = nodes.filter((n) => n.hop > 0 && BEARERS.includes(n.type));
    const by_type = {};
    for (const n of reached) by_type[n.type] = (by_type[n.type] ?? 0) + 1;
    return { hops, cut: hop.size > 60, nodes, edges: [...edges.values()].slice(0, 200), path, blast_radius: { count: reached.length, by_type, entities: reached.map((n) => n.id) } };
  }

  const facts = [];
  const iso = (ms) => new Date(Date.now() + ms).toISOString();
  const add = (body) => { const f = { id: crypto.randomUUID(), entity_type: null, risk: 0, severity_shift: 0, starts_at: iso(-86_400_000), state: 'active', owner: 'analyst', created_at: iso(0), updated_at: iso(0), version: 1, ...body }; facts.unshift(f); return f; };
  add({ name: 'Board', kind: 'vip', entity_type: 'user', pattern: 'm.silva', risk: 0.5, reason: 'Is targeted', expires_at: iso(200 * 86_400_000) });
  add({ name: 'Patch night', kind: 'maintenance', entity_type: 'host', pattern: 'build-*', risk: -0.8, severity_shift: -1, reason: 'OPS-1900', expires_at: iso(5 * 3600_000) });
  add({ name: 'Domain controllers', kind: 'crown_jewel', entity_type: 'host', pattern: 'dc*', risk: 1, severity_shift: 1, reason: 'Who has them has everything', expires_at: iso(300 * 86_400_000) });
  const fits = (body, e) => (!body.entity_type || body.entity_type === e.type) && new RegExp(`^${body.pattern.toLowerCase().split('*').map((p) => p.replace(/[^\w]/g, '\\$&')).join('.*')}$`).test(e.value.toLowerCase());
  function context(method, path, body) {
    if (path === '/v1/context' && method === 'GET') return { status: 200, body: { facts } };
    if (path === '/v1/context') return { status: 201, body: add(body) };
    if (path === '/v1/context/preview') {
      const steps = ['informational', 'low', 'medium', 'high', 'critical'];
      const about = list().filter((a) => a.entities.some((e) => fits(body, e)));
      const after = (a) => steps[Math.max(0, Math.min(4, steps.indexOf(a.severity) + (body.severity_shift ?? 0)))];
      return { status: 200, body: { days: 30, alerts: about.length, severities: about.filter((a) => after(a) !== a.severity).length, entities: new Set(about.flatMap((a) => a.entities.filter((e) => fits(body, e)).map(id))).size, examples: about.slice(0, 20).map((a) => ({ id: a.id, time: a.time, title: a.title, entity: a.entities.find((e) => fits(body, e)).value.toLowerCase(), severity: a.severity, severity_after: after(a), points: WEIGHT[a.severity], points_after: WEIGHT[after(a)] * (1 + (body.risk ?? 0)) })) } };
    }
    const one = facts.find((f) => path === `/v1/context/${f.id}`);
    if (!one) return problem(404, 'Not found', 'There is no such fact.');
    if (method === 'DELETE') return void facts.splice(facts.indexOf(one), 1), { status: 204 };
    return { status: 200, body: Object.assign(one, body, { version: one.version + 1 }) };
  }

  return (method, path, query, body) => {
    if (path.startsWith('/v1/context')) return context(method, path, body);
    if (path === '/v1/risk') return { status: 200, body: queue(query) };
    const m = /^\/v1\/entities\/([^/]+)\/([^/]+)(\/graph)?$/.exec(path);
    if (!m) return undefined;
    const key = `${m[1]}:${decodeURIComponent(m[2]).toLowerCase()}`;
    const e = known().get(key);
    if (!e) return problem(404, 'Not found', 'No alert names it.');
    return { status: 200, body: m[3] ? graph(key, Number(query.get('hops') ?? 1)) : page(key, e, query.get('span') ?? '7d') };
  };
}
