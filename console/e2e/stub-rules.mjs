// Development only: rules, hunts, for stub-server.mjs. The rules are those of content/rules, read with a few expressions.
import { randomUUID } from 'node:crypto';

const one = (yaml, key) => new RegExp(`^${key}: (.+)$`, 'm').exec(yaml)?.[1].trim() ?? '';
const inner = (yaml, key) => new RegExp(`^ +${key}: (\\S+)$`, 'm').exec(yaml)?.[1] ?? null;
const list = (yaml, key) => (new RegExp(`^${key}:\\n((?: +- .+\\n?)+)`, 'm').exec(yaml)?.[1] ?? '').split('\n').map((l) => l.replace(/^ +- /, '').trim()).filter(Boolean);

/** @param {Map<string, string>} texts rules by file name */
export function ruleStub(texts, problem, events) {
  const rules = [...texts.values()].flatMap((t) => t.split(/^---$/m)).filter((t) => one(t, 'title')).map((yaml) => ({
    id: one(yaml, 'id') || one(yaml, 'name'), title: one(yaml, 'title'), kind: /^correlation:/m.test(yaml) ? 'correlation' : 'rule', level: one(yaml, 'level') || 'medium', status: one(yaml, 'status') || 'test',
    log_source: { product: inner(yaml, 'product'), category: inner(yaml, 'category'), service: inner(yaml, 'service') }, tags: list(yaml, 'tags'), set: 'marsad', license: 'Apache-2.0', searchable: !/^correlation:/m.test(yaml), waiting: false, stage: 'active', yaml: yaml.trim(),
  })).sort((a, b) => (a.title.toLowerCase() < b.title.toLowerCase() ? -1 : 1));
  const detail = ({ yaml, ...r }) => ({ ...r, description: /^description: >-\n((?: +.+\n)+)/m.exec(`${yaml}\n`)?.[1].replace(/\s+/g, ' ').trim() ?? one(yaml, 'description'), author: one(yaml, 'author'), references: list(yaml, 'references'), falsepositives: list(yaml, 'falsepositives'), source: yaml, set_address: '', set_revision: '' });
  const hunts = [];
  const hits = (r, from, to) => {
    const first = Math.floor(Date.parse(from) / 86_400_000);
    const days = Array.from({ length: Math.ceil(Date.parse(to) / 86_400_000) - first }, (_, i) => ({ day: new Date((first + i) * 86_400_000).toISOString().slice(0, 10), hits: (i * 7 + r.title.length) % 5 === 0 ? 0 : (i * 3 + r.title.length) % 9 })).filter((d) => d.hits > 0);
    const sum = days.reduce((n, d) => n + d.hits, 0);
    return { rule_id: r.id, title: r.title, level: r.level, hits: sum, per_day: Math.round((sum / 30) * 100) / 100, days, newest: [...events.values()].slice(-12).map((e) => ({ event_id: e.id, time: e.time })) };
  };
  const shown = (h) => {
    const progress = Math.min(1, (Date.now() - Date.parse(h.created_at)) / 4000);
    if (h.state === 'running' && progress >= 1) Object.assign(h, { state: 'done', progress: 1, ended_at: new Date().toISOString(), rules: h.kept, hits: h.kept.reduce((n, r) => n + r.hits, 0), scanned_events: events.size });
    else if (h.state === 'running') Object.assign(h, { progress, scanned_events: Math.floor(events.size * progress), hits: Math.floor(40 * progress) });
    const { kept: _, ...out } = h;
    return out;
  };
  return (method, path, u, body) => {
    const m = (re) => re.exec(path);
    let r;
    if (path === '/v1/rules') {
      const words = (u.get('q') ?? '').toLowerCase().split(/\s+/).filter(Boolean);
      const fit = rules.filter((x) => words.every((w) => `${x.title} ${x.id} ${x.tags.join(' ')} ${Object.values(x.log_source).join(' ')}`.toLowerCase().includes(w)) && (!u.get('level') || u.get('level').split(',').includes(x.level)) && (!u.get('status') || u.get('status').split(',').includes(x.status)));
      const at = Number(u.get('cursor') ?? 0);
      const limit = Number(u.get('limit') ?? 100);
      return { status: 200, body: { rules: fit.slice(at, at + limit).map(({ yaml: _, ...x }) => x), next: at + limit < fit.length ? String(at + limit) : null, total: fit.length } };
    }
    if ((r = m(/^\/v1\/rules\/([^/]+)(\/query)?$/))) {
      const x = rules.find((y) => y.id === decodeURIComponent(r[1]));
      if (!x) return problem(404, 'Not found', 'There is no rule with this id in use.');
      return { status: 200, body: r[2] ? { rule_id: x.id, title: x.title, query: 'powershell', exact: false, missing: ['the log source windows / process_creation'], log_source: x.log_source } : detail(x) };
    }
    if (path === '/v1/hunts' && method === 'GET') return { status: 200, body: { hunts: hunts.map((h) => ({ ...shown(h), rules: [] })) } };
    if (path === '/v1/hunts') {
      if (body.rule !== undefined && !/^detection:/m.test(body.rule)) return problem(400, 'Bad request', 'The rule cannot be used: `detection` is missing', [{ where: 'rule:1', reason: '`detection` is missing' }]);
      const of = body.rule ? [{ id: 'tried', title: one(body.rule, 'title') || 'A rule', level: 'high' }] : body.rule_ids?.length ? rules.filter((x) => body.rule_ids.includes(x.id)) : rules.slice(0, 24);
      const h = { id: randomUUID(), title: of.length === 1 ? of[0].title : `${of.length} rules`, rule: body.rule ?? null, rule_ids: body.rule_ids ?? [], from: body.from, to: body.to, raise: body.raise, state: 'running', created_by: 'analyst', created_by_name: 'analyst', created_at: new Date().toISOString(), ended_at: null, progress: 0, scanned_events: 0, hits: 0, note: null, rules: [], kept: of.map((x) => hits(x, body.from, body.to)).sort((a, b) => b.hits - a.hits) };
      hunts.unshift(h);
      return { status: 202, body: shown(h) };
    }
    if ((r = m(/^\/v1\/hunts\/([^/]+)(\/cancel)?$/))) {
      const h = hunts.find((x) => x.id === r[1]);
      if (!h) return problem(404, 'Not found', 'There is no hunt with this id.');
      if (r[2] && h.state === 'running') Object.assign(h, { state: 'cancelled', ended_at: new Date().toISOString() });
      return { status: r[2] ? 202 : 200, body: shown(h) };
    }
    return undefined;
  };
}
