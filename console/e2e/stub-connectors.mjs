// Connections of the stub: what there is comes from the shipped manifests, as far as these few lines read them.
import { randomUUID } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';

const FOLDER = new URL('../../content/connectors/', import.meta.url);
const iso = (ms) => new Date(Date.now() + ms).toISOString();
const said = (text, key) => { const m = new RegExp(`${key}: (?:'([^']*)'|([^,}\\n]+))`).exec(text); return m ? (m[1] ?? m[2]).trim() : undefined; };

/** The fields of a part such as `config:`, each on a line or with its keys indented below. */
function fields(text, part) {
  const block = new RegExp(`^${part}:\\n((?: {2}.*\\n)+)`, 'm').exec(text)?.[1] ?? '';
  return block.split(/\n(?= {2}\w)/).filter((f) => /^ *\w+:/.test(f)).map((f) => ({ name: /^ *(\w+):/.exec(f)[1], text: f.slice(f.indexOf(':') + 1) }));
}
function connector(file) {
  const text = readFileSync(new URL(file, FOLDER), 'utf8');
  const of = (key) => new RegExp(`^${key}: (.+)$`, 'm').exec(text)?.[1];
  const operations = text.slice(text.indexOf('\noperations:')).split(/\n(?= {2}\w+:\n)/).slice(1).map((o) => ({ name: /^ *(\w+):/.exec(o)[1], title: said(o, 'title') ?? '', kind: said(o, 'kind') ?? 'read', action: said(o, '\n    action') ?? null, parameters: [] }));
  const config = fields(text, 'config').map(({ name, text: t }) => ({ name, type: said(t, 'type') ?? 'string', list: false, description: said(t, 'description') ?? '', required: true, default: said(t, 'default') ?? null, allowed: /allowed: \[([^\]]*)\]/.exec(t)?.[1].split(', ') ?? [], pattern: said(t, 'pattern') ?? null }));
  const secrets = fields(text, 'secrets').map(({ name, text: t }) => ({ name, description: said(t, 'description') ?? '', find: said(t, 'find') ?? '', required: true }));
  return { name: of('connector'), title: of('title'), version: 1, description: of('description') ?? '', documentation: of('documentation'), config, secrets, operations };
}

export function connectorStub(problem, empty) {
  const all = readdirSync(FOLDER).filter((f) => f.endsWith('.yaml') && !f.endsWith('.test.yaml')).sort().map(connector);
  const kept = [];
  const add = (body, more = {}) => {
    const kind = all.find((c) => c.name === body.connector);
    const one = { id: randomUUID(), connector: kind.name, title: kind.title, name: body.name, config: body.config, secrets: Object.keys(body.secrets), enabled: body.enabled, actions: [...new Set(kind.operations.flatMap((o) => (o.action ? [o.action] : [])))].sort(), state: 'untested', problem: null, failing_since: null, tested_at: null, updated_at: iso(0), ...more };
    kept.push(one);
    return one;
  };
  if (!empty) {
    add({ connector: 'okta', name: 'okta-main', config: { url: 'https://halden.okta.com' }, secrets: { api_token: 's' }, enabled: true }, { state: 'ok', tested_at: iso(-3_600_000) });
    add({ connector: 'crowdstrike', name: 'crowdstrike', config: { cloud: 'api.eu-1', client: 'ab'.repeat(16) }, secrets: { client_secret: 's' }, enabled: true }, { state: 'failing', problem: 'CrowdStrike does not accept the client or its secret (401)', failing_since: iso(-9 * 3_600_000), tested_at: iso(-240_000) });
    add({ connector: 'slack', name: 'slack', config: {}, secrets: { bot_token: 's' }, enabled: false });
  }
  // A secret of "wrong" is one that the product does not accept.
  const asked = (secrets) => (Object.values(secrets).includes('wrong') ? { ok: false, problem: 'the product does not accept the key (401)', took_ms: 88 } : { ok: true, problem: null, took_ms: 214 });
  return (method, path, body) => {
    if (path === '/v1/connectors') return { status: 200, body: { connectors: all } };
    if (/^\/v1\/connectors\/[^/]+\/test$/.test(path)) return { status: 200, body: asked(body.secrets) };
    if (path === '/v1/connections' && method === 'GET') return { status: 200, body: { connections: kept.toSorted((a, b) => (a.name < b.name ? -1 : 1)) } };
    if (path === '/v1/connections') return kept.some((c) => c.name === body.name) ? problem(409, 'Conflict', `There is a connection '${body.name}' already.`) : { status: 201, body: add(body) };
    const [, id, test] = /^\/v1\/connections\/([^/]+)(\/test)?$/.exec(path) ?? [];
    const one = kept.find((c) => c.id === id);
    if (!one) return problem(404, 'Not found', 'There is no such connection.');
    if (test) {
      const t = one.connector === 'crowdstrike' ? { ok: false, problem: one.problem, took_ms: 131 } : asked({});
      Object.assign(one, { state: t.ok ? 'ok' : 'failing', problem: t.problem, failing_since: t.ok ? null : (one.failing_since ?? iso(0)), tested_at: iso(0) });
      return { status: 200, body: t };
    }
    if (method === 'DELETE') { kept.splice(kept.indexOf(one), 1); return { status: 204 }; }
    Object.assign(one, { name: body.name, config: body.config, enabled: body.enabled, secrets: [...new Set([...one.secrets, ...Object.keys(body.secrets)])], updated_at: iso(0) });
    return { status: 200, body: one };
  };
}
