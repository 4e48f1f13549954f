// The shipped playbooks, read from the content; checked as far as a stub can: does it parse, does every step lead somewhere, is every variable declared.
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { parseDocument } from 'yaml';

const CONTENT = new URL('../../content/playbooks/', import.meta.url).pathname;
const CATALOGUE = new URL('../../platform/respond/src/main/resources/io/marsad/respond/action/catalogue.yaml', import.meta.url).pathname;
const EXT = 'extension-definition--3e6f2b14-9c57-4d7a-8b0e-52c1a4d7f960';
const iso = (ms) => new Date(Date.now() + ms).toISOString();
const HOUR = 3_600_000;
const hash = (text) => createHash('sha256').update(text).digest('hex');
const NEXT = ['on_completion', 'on_success', 'on_failure', 'on_true', 'on_false'];
const leads = (s) => [...NEXT.map((k) => s[k]), ...(s.next_steps ?? []), ...Object.values(s.cases ?? {})].filter((x) => typeof x === 'string');

/** The actions of the catalogue, as they are shipped. */
const catalogue = Object.entries(parseDocument(readFileSync(CATALOGUE, 'utf8')).toJS()).map(([action, a]) => ({ action, ...a, parameters: Object.entries(a.parameters ?? a.with ?? {}).map(([name, t]) => ({ name, required: !String(t).endsWith('?') && !t?.optional })), carried_by: a.effect === 'outside' && /isolate|release|kill|quarantine|triage|scan/.test(action) ? [] : ['Marsad'] }));

export function check(source) {
  const doc = parseDocument(source, { prettyErrors: true });
  const at = (path) => { let n = doc.contents; let key; for (const p of path) { const pair = n?.items?.find((i) => String(i.key?.value) === p); key = pair?.key; n = pair?.value; } return key?.range ? source.slice(0, key.range[0]).split('\n').length : 1; };
  const none = { id: null, name: null, runnable: false, document: null, yaml: null, hash: null };
  if (doc.errors.length > 0) return { ...none, findings: [{ severity: 'error', line: doc.errors[0].linePos?.[0].line ?? 1, path: null, problem: doc.errors[0].message.split('\n')[0] }] };
  const d = doc.toJS();
  if (typeof d !== 'object' || d === null || !d.workflow) return { ...none, findings: [{ severity: 'error', line: 1, path: null, problem: 'it has no workflow' }] };
  const findings = [];
  const say = (severity, path, problem) => findings.push({ severity, line: at(path), path: path.join('/'), problem });
  for (const [id, s] of Object.entries(d.workflow)) {
    const p = ['workflow', id];
    for (const to of leads(s)) if (!d.workflow[to]) say('error', p, `it leads to ${to}, which is no step`);
    if (s.type !== 'end' && !s.on_completion && !s.on_success) say('error', p, 'it leads nowhere: say on_completion, or on_success');
    if (/-condition$/.test(s.type) && s.type !== 'switch-condition' && !s.condition) say('error', p, 'it has no condition');
    if (s.type === 'switch-condition' && !s.switch) say('error', p, 'it has no variable to switch by');
    const own = s.step_extensions?.[EXT];
    const a = own && catalogue.find((c) => c.action === own.action);
    for (const n of a?.parameters ?? []) if (n.required && own.with?.[n.name] === undefined) say('error', p, `${own.action} needs the parameter ${n.name}`);
    for (const v of JSON.stringify(s).match(/__[a-zA-Z_][\w-]*?__(?=:value)/g) ?? []) if (!d.playbook_variables?.[v]) say('error', p, `there is no variable ${v}`);
  }
  const seen = new Set();
  const todo = [d.workflow_start, d.workflow_exception];
  while (todo.length) { const id = todo.pop(); if (!id || seen.has(id) || !d.workflow[id]) continue; seen.add(id); todo.push(...leads(d.workflow[id])); }
  for (const id of Object.keys(d.workflow)) if (!seen.has(id)) say('warning', ['workflow', id], 'nothing leads to it');
  const runnable = !findings.some((f) => f.severity === 'error');
  return { id: d.id ?? null, name: d.name ?? null, runnable, findings, document: d, yaml: source, hash: hash(source) };
}

/** Runs, actions and the policy are the response stub's. */
export function playbookStub(alerts, problem, empty) {
  const all = new Map();
  const keep = (p, source) => {
    const got = check(source);
    const d = got.document ?? {};
    const actions = Object.values(d.workflow ?? {}).map((s) => s.step_extensions?.[EXT]?.action).filter(Boolean);
    const triggers = (d.playbook_extensions?.[EXT]?.triggers ?? []).map((t) => ({ on: t.on, when: t.when ?? null, cron: t.cron ?? null, most_an_hour: t.max_per_hour ?? 60 }));
    Object.assign(p, { source, got, newest: hash(source) });
    if (got.document) Object.assign(p, { name: d.name ?? '', description: d.description ?? '', labels: d.labels ?? [], types: d.playbook_types ?? [], actions, triggers, steps: Object.keys(d.workflow).length, modified: d.modified });
    if (got.runnable) Object.assign(p, { runnable: true, version: hash(source) });
    p.versions.unshift({ version: hash(source), modified: d.modified ?? null, made_by: p.shippedNow ? 'Marsad' : 'analyst', made_at: iso(0), runnable: got.runnable, source });
    return p;
  };
  const add = (id, source, more) => { const p = keep({ id, enabled: false, changed: false, newer_shipped: null, runnable: false, version: null, updated_at: null, name: '', description: '', labels: [], types: [], actions: [], triggers: [], steps: 0, runs: { started: 0, succeeded: 0, failed: 0, running: 0 }, last_run_at: null, left: null, versions: [], ...more }, source); all.set(id, p); return p; };
  if (!empty) {
    readdirSync(CONTENT).filter((f) => f.endsWith('.yaml') && !f.endsWith('.test.yaml')).forEach((f, i) => {
      const source = readFileSync(CONTENT + f, 'utf8');
      const p = add(/^id: playbook--(.+)$/m.exec(source)[1], source, { origin: 'shipped', shippedNow: true });
      p.shippedNow = false;
      if (i % 5 === 0 || /^(contain-host|secure-account)/.test(f)) Object.assign(p, { enabled: true, runs: { started: 40 - i, succeeded: 37 - i - (i % 3) * 4, failed: 2 + (i % 3) * 4, running: i === 0 ? 1 : 0 }, last_run_at: iso(-HOUR * (i + 1)), left: i === 0 ? { count: 3, at: iso(-HOUR), reason: 'more than 60 in an hour (alert)' } : null });
    });
  }
  const summary = (p) => { const { source, got, newest, versions, shippedNow, ...s } = p; return s; };
  const detail = (p) => ({ ...summary(p), source: p.source, document: p.got.document, newest: p.newest, findings: p.got.findings, webhook: p.triggers.some((t) => t.on === 'webhook') ? `/v1/playbooks/${p.id}/webhook` : null });

  /** Goes the way where all goes well, or where it is said that a step fails. */
  function trial(d, body, title) {
    const steps = [];
    const go = (id) => {
      for (let at = id; at && d.workflow[at] && steps.length < 100;) {
        const s = d.workflow[at];
        const own = s.step_extensions?.[EXT];
        const a = own && catalogue.find((c) => c.action === own.action);
        const failed = body.assume[at] === 'failed';
        const fill = (x) => (typeof x === 'string' ? x.replaceAll('__title__:value', title ?? 'a title').replace(/__(\w+?)__:value/g, (_, n) => ({ source_ip: '198.51.100.23', user: 'l.berg', host: 'WKS-014', severity: 'high' })[n] ?? `<${n}>`) : x);
        const parameters = own ? Object.fromEntries(Object.entries(own.with ?? {}).map(([k, v]) => [k, fill(v)])) : null;
        const read = a?.effect === 'read';
        const asked = !a ? null : read ? 'automatic' : ['minimal'].includes(a.radius) && !own.approval ? 'automatic' : a.radius === 'critical' || own.approval === 'two' ? 'two_people' : 'one_person';
        steps.push({ seq: steps.length + 1, visit: 1, parent: null, step: at, name: s.name ?? s.type, type: s.type, status: failed ? 'failed' : 'succeeded', detail: failed ? 'assumed' : null, at: steps.length * 40, values: {}, action: own?.action ?? null, parameters, target: parameters ? (parameters.host ?? parameters.user ?? parameters.ip ?? null) : null, radius: a?.radius ?? null, consent: asked, reasons: asked === 'one_person' ? [own.approval ? 'the playbook wants one person' : `radius ${a.radius} at level L1`] : asked === 'automatic' ? [read ? 'it changes nothing' : `radius ${a.radius} at level L1`] : [], carried_by: a?.carried_by[0] ?? null, read, assumed: Boolean(own) && !read, would: own && !read ? `${a?.title ?? own.action}: POST to the connection` : null });
        for (const b of [s.on_true, ...(s.next_steps ?? []), s.cases?.default].filter(Boolean)) go(b);
        at = failed ? (s.on_failure ?? d.workflow_exception) : (s.on_completion ?? s.on_success);
      }
    };
    go(d.workflow_start);
    const missing = steps.filter((s) => s.action && !s.carried_by).map((s) => ({ step: s.step, name: s.name, problem: 'no connection of the tenant carries it out' }));
    return { status: 'succeeded', reason: null, given: {}, outbound: 0, steps, missing };
  }

  return (method, path, body) => {
    if (path === '/v1/playbooks/check') return { status: 200, body: check(body.source) };
    if (path === '/v1/playbooks' && method === 'GET') return { status: 200, body: { playbooks: [...all.values()].map(summary) } };
    if (path === '/v1/playbooks') {
      const id = /^id: playbook--(\S+)$/m.exec(body.source)?.[1];
      if (!id) return problem(400, 'It is no playbook', 'It has no id.');
      return { status: 201, body: detail(add(id, body.source, { origin: 'own', updated_at: iso(0) })) };
    }
    const m = /^\/v1\/playbooks\/([^/]+)(?:\/([a-z-]+))?(?:\/(.+))?$/.exec(path);
    if (!m) return undefined;
    const p = all.get(m[1]);
    if (!p) return problem(404, 'Not found', 'There is no such playbook.');
    if (!m[2] && method === 'GET') return { status: 200, body: detail(p) };
    if (!m[2] && method === 'DELETE') { all.delete(p.id); return { status: 204 }; }
    if (!m[2]) {
      if (body.base !== p.newest) return problem(409, 'It was changed meanwhile', 'Somebody saved another text since you began.');
      Object.assign(p, { changed: p.origin === 'shipped', updated_at: iso(0) });
      return { status: 200, body: detail(keep(p, body.source)) };
    }
    if (m[2] === 'enabled') { p.enabled = body.enabled; return { status: 200, body: summary(p) }; }
    if (m[2] === 'versions' && !m[3]) return { status: 200, body: { versions: p.versions.map(({ source, ...v }) => ({ ...v, current: v.version === p.version })) } };
    if (m[2] === 'versions') { const v = p.versions.find((x) => x.version === m[3]); return v ? { status: 200, body: v } : problem(404, 'Not found', 'There is no such version.'); }
    if (m[2] === 'dry-run') {
      const got = body.source ? check(body.source) : p.got;
      if (!got.runnable) return problem(400, 'It cannot be run', got.findings.find((f) => f.severity === 'error').problem);
      return { status: 200, body: trial(got.document, body, alerts.get(body.about?.slice(6))?.alert.title) };
    }
    return undefined;
  };
}
