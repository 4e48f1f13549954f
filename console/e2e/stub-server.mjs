// Development only, never shipped: speaks api/openapi.yaml from memory, so that the console can be worked on without a platform.
//   node e2e/stub-server.mjs    PORT=4900  ALERTS=46  ALERT_EVERY_MS=0  EMPTY=1
import { randomBytes, randomUUID } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { gzipSync } from 'node:zlib';
import { accountStub } from './stub-account.mjs';
import { auditStub } from './stub-audit.mjs';
import { connectorStub } from './stub-connectors.mjs';
import { caseStub } from './stub-cases.mjs';
import { peopleStub as beside } from './stub-people.mjs';
import { playbookStub } from './stub-playbooks.mjs';
import { riskStub } from './stub-risk.mjs';
import { ruleStub } from './stub-rules.mjs';
import { savedStub } from './stub-saved.mjs';
import { decisionStub } from './stub-decisions.mjs';
import { providersStub } from './stub-providers.mjs';
import { intelStub } from './stub-intel.mjs';
import { notifyStub } from './stub-notify.mjs';
import { respondStub } from './stub-respond.mjs';
import { endpointStub } from './stub-endpoints.mjs';
import { packStub } from './stub-packs.mjs';
import { relayStub } from './stub-relays.mjs';
import { suppressionStub } from './stub-suppressions.mjs';
import { tenantsStub } from './stub-tenants.mjs';
import { triageStub } from './stub-triage.mjs';
import { tuningStub } from './stub-tuning.mjs';
import { usersStub } from './stub-users.mjs';

const DIST = process.env.DIST ?? new URL('../target/classes/console', import.meta.url).pathname;
const RULES = new URL('../../content/rules', import.meta.url).pathname;
const PASSWORD = process.env.MARSAD_PASSWORD ?? 'stub-password';
const TYPES = { '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.html': 'text/html; charset=utf-8' };
const STEPS = ['informational', 'low', 'medium', 'high', 'critical'];

let seed = 7;
const rnd = () => (seed = (seed * 1103515245 + 12345) & 0x7fffffff) / 0x7fffffff;
const pick = (list) => list[Math.floor(rnd() * list.length)];
const uuid = randomUUID;

const rules = new Map();
const walk = (d) => readdirSync(d).flatMap((f) => (statSync(join(d, f)).isDirectory() ? walk(join(d, f)) : [join(d, f)]));
for (const f of existsSync(RULES) ? walk(RULES).filter((x) => x.endsWith('.yaml') && !x.endsWith('.test.yaml')) : []) rules.set(f.replace(/.*\//, '').replace('.yaml', ''), readFileSync(f, 'utf8'));

const HOSTS = ['WKS-014.halden.example', 'WKS-022.halden.example', 'SRV-FILES.halden.example', 'DC01.halden.example', 'web-1', 'build-3'];
const USERS = ['l.berg', 'a.khan', 'm.silva', 'svc-backup', 'root', 'deploy'];
const PS = 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe';
const ENC = 'powershell.exe -NoP -W Hidden -Enc SQBFAFgAIAAoAE4AZQB3AC0ATwBiAGoAZQBjAHQAIABOAGUAdAAuAFcAZQBiAEMAbABpAGUAbgB0ACkALgBEAG8AdwBuAGwAbwBhAGQAUwB0AHIAaQBuAGcA';

/** One sort of event with the alert that it may raise. */
const KINDS = {
  encoded: { level: 'high', attack: ['T1059.001', 'T1027.010'], rule: 'powershell-encoded-command', title: 'PowerShell runs an encoded command', source: 'windows/process_creation/sysmon', origin: 'windows-fleet', product: 'Sysmon',
    event: (h, u) => ({ activity_name: 'Launch', class_name: 'Process Activity', 'device.hostname': h, 'actor.user.name': u, 'process.name': 'powershell.exe', 'process.file.path': PS, 'process.cmd_line': ENC, 'process.pid': 4007, 'process.parent_process.file.path': 'C:\\Program Files\\Microsoft Office\\root\\Office16\\WINWORD.EXE', 'process.parent_process.name': 'WINWORD.EXE', 'metadata.event_code': '1', 'metadata.product.name': 'Sysmon', 'unmapped.IntegrityLevel': 'Medium', 'unmapped.OriginalFileName': 'PowerShell.EXE', 'unmapped.CurrentDirectory': `C:\\Users\\${u}\\Downloads\\`, 'unmapped.LogonId': '0x123a8f' }),
    matches: [['process.file.path', 'shell', '*\\powershell.exe'], ['unmapped.OriginalFileName', 'shell', 'PowerShell.EXE'], ['process.cmd_line', 'encoded', '* -enc *']],
    why: (h, u) => `On ${h}, ${u} started powershell.exe with a command line that hides its command as Base64 (-Enc). Its parent was WINWORD.EXE, so a document started it.` },
  lsass: { level: 'critical', attack: ['T1003.001'], rule: 'lsass-opened', title: 'A process reads the memory of LSASS', source: 'windows/process_access/sysmon', origin: 'windows-fleet', product: 'Sysmon',
    event: (h, u) => ({ activity_name: 'Open', class_name: 'Process Activity', 'device.hostname': h, 'actor.user.name': u, 'actor.process.file.path': `C:\\Users\\${u}\\AppData\\Local\\Temp\\up.exe`, 'process.file.path': 'C:\\Windows\\System32\\lsass.exe', 'process.name': 'lsass.exe', 'unmapped.GrantedAccess': '0x1410', 'metadata.event_code': '10', 'unmapped.CallTrace': 'C:\\Windows\\SYSTEM32\\ntdll.dll+9d4c4|C:\\Windows\\System32\\KERNELBASE.dll+2c13e|UNKNOWN(00000213C1A60000)' }),
    matches: [['process.file.path', 'target', '*\\lsass.exe'], ['unmapped.GrantedAccess', 'access', '0x1410']],
    why: (h, u) => `On ${h}, up.exe (run by ${u} from a temporary folder) opened lsass.exe with the access 0x1410, which lets it read the passwords in its memory.` },
  shell: { fired: 11, level: 'high', attack: ['T1609', 'T1059.004'], rule: 'shell-in-container', title: 'Shell opened in a container', source: 'linux//falco', origin: 'cluster-falco', product: 'Falco',
    event: (h, u) => ({ activity_name: 'Launch', class_name: 'Detection Finding', 'device.hostname': 'node-4', 'container.name': 'checkout-7d9f', 'container.image.name': 'images.example/checkout', 'process.name': 'bash', 'process.cmd_line': 'bash -i', 'process.parent_process.name': 'runc', 'actor.user.name': 'root', message: 'A shell was spawned in a container with an attached terminal (user=root container=checkout-7d9f shell=bash)', 'unmapped.priority': 'Notice' }),
    matches: [['message', 'selection', '*shell was spawned in a container*'], ['process.name', 'shells', 'bash']],
    why: () => 'In the container checkout-7d9f on node-4, root opened an interactive bash. Containers of this image serve requests and need no shell.' },
  key: { level: 'medium', attack: ['T1078.004'], rule: 'access-key-for-another-user', title: 'Access key made for another user', source: 'aws/cloudtrail/iam', origin: 'aws-prod', product: 'CloudTrail',
    event: () => ({ activity_name: 'Create', class_name: 'API Activity', 'api.operation': 'CreateAccessKey', 'api.service.name': 'iam.amazonaws.com', 'actor.user.name': 'ci-deploy', 'user.name': 'admin-break-glass', 'src_endpoint.ip': '203.0.113.77', 'cloud.account.uid': '214788013341', 'cloud.region': 'eu-north-1', status: 'Success', 'http_request.user_agent': 'aws-cli/2.17.0' }),
    matches: [['api.operation', 'selection', 'CreateAccessKey']],
    why: () => 'ci-deploy made an access key for admin-break-glass from 203.0.113.77, an address that this account was not used from before.' },
  failed: { level: 'medium', attack: ['T1110.001'], rule: 'failed-login-threshold', title: 'Many failed sign-ins of one account', source: 'linux/auth/sshd', origin: 'linux-syslog', product: 'sshd', count: 14,
    event: (h, u) => ({ activity_name: 'Logon', class_name: 'Authentication', 'device.hostname': 'web-1', 'user.name': u, 'src_endpoint.ip': '198.51.100.23', 'src_endpoint.port': 50122, status: 'Failure', message: `Failed password for ${u} from 198.51.100.23 port 50122 ssh2`, 'process.name': 'sshd' }),
    matches: [], why: (h, u) => `14 failed sign-ins of ${u} on web-1 from 198.51.100.23 within 5 minutes; 10 are enough for this rule.` },
  sudo: { level: 'low', attack: ['T1548.003'], rule: 'shadow-read', title: 'Password hashes read on Linux', source: 'linux/process_creation/auditd', origin: 'linux-audit', product: 'auditd',
    event: (h, u) => ({ activity_name: 'Launch', class_name: 'Process Activity', 'device.hostname': 'build-3', 'actor.user.name': u, 'process.name': 'cat', 'process.cmd_line': 'cat /etc/shadow', 'process.file.path': '/usr/bin/cat', 'unmapped.key': 'shadow', 'unmapped.tty': 'pts0' }),
    matches: [['process.cmd_line', 'selection', '*/etc/shadow*']], why: (h, u) => `On build-3, ${u} read /etc/shadow with cat.` },
};
const NOISE = [
  (h, u) => ['windows/process_creation/sysmon', 'windows-fleet', { activity_name: 'Launch', class_name: 'Process Activity', 'device.hostname': h, 'actor.user.name': u, 'process.name': 'svchost.exe', 'process.file.path': 'C:\\Windows\\System32\\svchost.exe', 'process.cmd_line': 'C:\\Windows\\System32\\svchost.exe -k netsvcs -p -s Schedule', 'process.parent_process.name': 'services.exe' }],
  (h, u) => ['windows//security', 'windows-fleet', { activity_name: 'Logon', class_name: 'Authentication', 'device.hostname': h, 'user.name': u, 'src_endpoint.ip': `10.20.4.${Math.floor(rnd() * 250)}`, status: 'Success', 'unmapped.LogonType': 3, 'metadata.event_code': '4624' }],
  (h, u) => ['linux/auth/sshd', 'linux-syslog', { activity_name: 'Logon', class_name: 'Authentication', 'device.hostname': 'web-1', 'user.name': u, 'src_endpoint.ip': '10.20.8.4', status: 'Success', message: `Accepted publickey for ${u} from 10.20.8.4 port 41220 ssh2: ED25519` }],
  () => ['aws/cloudtrail/s3', 'aws-prod', { activity_name: 'Read', class_name: 'API Activity', 'api.operation': 'GetObject', 'api.service.name': 's3.amazonaws.com', 'actor.user.name': 'app-reader', 'src_endpoint.ip': '10.60.1.9', 'cloud.account.uid': '214788013341' }],
  (h) => ['windows/dns_query/sysmon', 'windows-fleet', { activity_name: 'Query', class_name: 'DNS Activity', 'device.hostname': h, 'query.hostname': pick(['updates.example', 'mail.halden.example', 'cdn.example']), 'process.name': 'chrome.exe' }],
];

const events = new Map();
const alerts = new Map();
const letters = [];
const log = [];
let seq = 100;
const streams = new Set();

function addEvent(t, source, origin, fields) {
  const e = { id: uuid(), time: new Date(t).toISOString(), received_at: new Date(t + 240).toISOString(), origin, log_source: source, synthetic: true, fields };
  events.set(e.id, e);
  return e;
}
function raise(kind, t, status = 'new') {
  const k = KINDS[kind];
  const h = pick(HOSTS.slice(0, 4));
  const u = pick(USERS);
  const made = Array.from({ length: Math.min(k.count ?? 1, 5) }, (_, i) => addEvent(t - i * 17_000, k.source, k.origin, k.event(h, u)));
  const f = made[0].fields;
  const entity = (type, field) => (f[field] ? [{ type, value: String(f[field]), field }] : []);
  const a = {
    id: uuid(), title: k.title, rule_id: ruleId(k.rule), severity: k.level, status, verdict: status === 'resolved' ? 'benign' : null, assignee: status === 'new' ? null : 'analyst',
    time: new Date(t).toISOString(), first_time: new Date(t - (k.fired ?? 0) * 9_000).toISOString(), count: 1 + (k.fired ?? 0), created_at: new Date(t + 600).toISOString(), updated_at: new Date(t + 600).toISOString(),
    entities: [...entity('host', 'device.hostname'), ...entity('container', 'container.name'), ...entity('user', 'actor.user.name'), ...entity('user', 'user.name'), ...entity('ip', 'src_endpoint.ip'), ...entity('process', 'process.name'), ...entity('account', 'cloud.account.uid')],
    attack: k.attack, event_count: k.count ?? 1, log_source: k.source, synthetic: true, version: 1, tags: k.fired ? ['red team'] : [], snoozed_until: null, escalated: false,
  };
  alerts.set(a.id, { alert: a, kind, h, u, evidence: made.map((e) => ({ event_id: e.id, time: e.time, matches: k.matches.map(([field, selection, pattern]) => ({ field, value: String(e.fields[field]), selection, pattern })) })), history: [{ at: a.created_at, actor: 'marsad', action: 'raised', detail: 'by the rule' }] });
  return a;
}
const ruleId = (name) => /^id: (.+)$/m.exec(rules.get(name) ?? '')?.[1] ?? name;
function live(name, alert) {
  const line = `id: ${++seq}\nevent: ${name}\ndata: ${JSON.stringify(alert)}\n\n`;
  log.push([seq, line]);
  for (const s of streams) s.write(line);
}
function fill() {
  const now = Date.now();
  for (let i = 0; i < 2600; i++) {
    const t = now - Math.floor(rnd() * 24 * 3600_000);
    addEvent(t, ...pick(NOISE)(pick(HOSTS.slice(0, 4)), pick(USERS)));
  }
  for (let i = 0; i < 420; i++) addEvent(now - 5 * 3600_000 - Math.floor(rnd() * 900_000), ...NOISE[1](pick(HOSTS), pick(USERS)));
  const kinds = Object.keys(KINDS);
  const many = Number(process.env.ALERTS ?? 46);
  for (let i = 0; i < many; i++) raise(pick(kinds), now - 90_000 - Math.floor((i * 23 * 3600_000) / many) - Math.floor(rnd() * 600_000), i < 8 ? 'new' : pick(['new', 'new', 'in_progress', 'resolved']));
  for (let i = 0; i < 3; i++) letters.push({ id: uuid(), received_at: new Date(now - i * 61_000).toISOString(), origin: 'linux-syslog', format: 'syslog', reason: ['no priority at the start: expected <0> to <191>', 'the time "2026-13-01" has no month 13', 'longer than 65536 bytes'][i], sample: ['kernel: [12.1] usb 1-1: new device', '<34>1 2026-13-01T10:00:00Z web-1 su - ID47 - failed', `<13>1 2026-11-21T09:14:02Z build-3 app - - - ${'A'.repeat(200)}`][i], state: 'dead' });
}
if (!process.env.EMPTY) fill();
if (Number(process.env.ALERT_EVERY_MS) > 0) setInterval(() => live('alert.created', raise(pick(Object.keys(KINDS)), Date.now())), Number(process.env.ALERT_EVERY_MS));

const empty = Boolean(process.env.EMPTY);
const session = { user: { id: uuid(), username: 'analyst', role: 'platform_admin' }, tenant: { id: 'main', name: 'Halden Industries' }, permissions: ['connectors:read', 'connectors:write', 'playbooks:read', 'playbooks:write', 'playbooks:run', 'actions:read', 'actions:configure', 'actions:contain', 'actions:investigate', 'actions:intel', 'actions:cases', 'actions:notify', 'alerts:read', 'alerts:write', 'cases:read', 'cases:write', 'cases:configure', 'suppressions:write', 'endpoints:read', 'endpoints:manage', 'endpoints:query', 'intel:read', 'intel:write', 'notifications:read', 'notifications:write', 'models:read', 'models:write', 'risk:read', 'context:write', 'decisions:read', 'decisions:override', 'decisions:write', 'events:read', 'sources:read', 'sources:write', 'searches:write', 'hunts:write', 'audit:read', 'tokens:read', 'tokens:write', 'users:read', 'users:write', 'providers:read', 'providers:write', 'audit:write', 'tenants:read', 'tenants:write', 'vault:read', 'vault:write', 'ingest:write', 'metrics:read', 'rules:reload', 'searches:manage'], second_factor_due: false, csrf: 'stub-csrf', view: null, acting: null, expires_at: new Date(Date.now() + 8 * 3600_000).toISOString() };
const problem = (status, title, detail, errors) => ({ status, body: { type: 'urn:marsad:problem:stub', title, status, detail, request_id: 'req-stub', ...(errors ? { errors } : {}) } });
const PROVIDERS = providersStub(problem, empty);
const tenants = tenantsStub(problem, session, empty);
const account = accountStub(problem, empty);
const people = usersStub(problem, session.user, session.permissions);
const text = (v) => (Array.isArray(v) ? v.join(' ') : String(v));

function matcher(q) {
  const m = /^(\S+) (=|!=|contains) (?:'((?:''|[^'])*)'|"([^"]*)"|(\S+))$/.exec(q.trim());
  if ((q.match(/"/g) ?? []).length % 2) throw problem(400, 'The query cannot be read', 'the " that opens here is never closed', [{ where: `query:${q.indexOf('"') + 1}`, reason: 'the " that opens here is never closed' }]);
  if (m) {
    const want = (m[3]?.replaceAll("''", "'") ?? m[4] ?? m[5]).toLowerCase();
    const test = (e) => { const v = e.fields[m[1]]; return v !== undefined && (m[2] === 'contains' ? text(v).toLowerCase().includes(want) : text(v).toLowerCase() === want); };
    return m[2] === '!=' ? (e) => !test(e) : test;
  }
  const words = q.toLowerCase().replace(/["']/g, '').split(/\s+and\s+|\s+/).filter(Boolean);
  return (e) => { const all = JSON.stringify(e.fields).toLowerCase(); return words.every((w) => all.includes(w)); };
}
/** The stub knows no stages. */
const filterOf = (query = '') => query.split('|')[0].trim();
function found(b) {
  const to = b.to ?? new Date().toISOString();
  const from = b.from ?? new Date(Date.parse(to) - 86_400_000).toISOString();
  const fits = matcher(b.query ?? '');
  return { from, to, list: [...events.values()].filter((e) => e.time >= from && e.time < to && fits(e)).sort((x, y) => (x.time < y.time ? 1 : -1)) };
}
function nested(fields) {
  const out = {};
  for (const [k, v] of Object.entries(fields)) k.split('.').reduce((o, p, i, a) => (i === a.length - 1 ? ((o[p] = v), o) : (o[p] ??= {})), out);
  return out;
}
function queue(u) {
  const list = (k) => u.get(k)?.split(',').filter(Boolean);
  const [status, severity] = [list('status'), list('severity')];
  const words = (u.get('q') ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const base = [...alerts.values()].map((x) => x.alert).filter((a) => words.every((w) => a.title.toLowerCase().includes(w)) && (!u.get('entity') || a.entities.some((e) => e.value.toLowerCase() === u.get('entity').toLowerCase())) && (!u.get('rule_id') || a.rule_id === u.get('rule_id')) && (!u.get('tag') || a.tags.includes(u.get('tag')))).sort((x, y) => (x.time < y.time ? 1 : -1));
  const st = (a) => !status || status.includes(a.status);
  const sv = (a) => !severity || severity.includes(a.severity);
  const tally = (l, k) => l.reduce((o, a) => ({ ...o, [a[k]]: (o[a[k]] ?? 0) + 1 }), {});
  const fit = base.filter((a) => st(a) && sv(a));
  const at = Number(u.get('cursor') ?? 0);
  const limit = Number(u.get('limit') ?? 100);
  return { alerts: fit.slice(at, at + limit), next: at + limit < fit.length ? String(at + limit) : null, total: fit.length, counts: { severity: tally(base.filter(st), 'severity'), status: tally(base.filter(sv), 'status') }, live_seq: String(seq) };
}
function sources() {
  if (events.size === 0) return { sources: [], ledger: { received: 0, stored: 0, deduplicated: 0, dead: 0, pending: 0 }, rules: { loaded: 44, refused: 0 } };
  const by = new Map();
  for (const e of events.values()) by.set(e.origin, [...(by.get(e.origin) ?? []), e]);
  const list = [...by].map(([origin, es], i) => {
    const dead = letters.filter((l) => l.origin === origin && l.state === 'dead').length;
    const dup = i * 3;
    return { origin, format: { 'windows-fleet': 'windows', 'linux-syslog': 'syslog', 'aws-prod': 'cloudtrail', 'cluster-falco': 'falco', 'linux-audit': 'auditd' }[origin], log_sources: [...new Set(es.map((e) => e.log_source))], received: es.length + dead + dup, stored: es.length, deduplicated: dup, dead, bytes: es.length * 1437, events_per_minute: origin === 'cluster-falco' ? 0 : es.length / 60, first_received_at: es[0].received_at, last_received_at: new Date(Date.now() - (origin === 'cluster-falco' ? 1_500_000 : 2000 + i * 3000)).toISOString(), last_event_at: es[0].time, last_error: dead ? letters[0].reason : null, state: dead ? 'failing' : origin === 'cluster-falco' ? 'quiet' : 'ok' };
  });
  const sum = (k) => list.reduce((n, s) => n + s[k], 0);
  return { sources: list, ledger: { received: sum('received') + 4, stored: sum('stored'), deduplicated: sum('deduplicated'), dead: sum('dead'), pending: 4 }, rules: { loaded: 44, refused: 0 } };
}
function detail(x) {
  const k = KINDS[x.kind];
  const yaml = (rules.get(k.rule) ?? `title: ${k.title}\nlevel: ${k.level}\n`).trim();
  const mine = [...alerts.values()].filter((o) => o.kind === x.kind).map((o) => o.alert);
  return { ...x.alert, narrative: k.why(x.h, x.u), evidence: x.evidence, history: x.history, rule: { id: x.alert.rule_id, title: k.title, level: k.level, status: 'test', author: 'Marsad', description: /description: >-\n\s+(.+)/.exec(yaml)?.[1] ?? k.title, tags: k.attack.map((t) => `attack.${t.toLowerCase()}`), references: k.attack.map((t) => `https://attack.mitre.org/techniques/${t.replace('.', '/')}/`), falsepositives: ['Management agents that pass scripts this way; exclude them by parent'], source: yaml }, rule_record: { fired: mine.length, closed: mine.filter((a) => a.status === 'resolved').length, false_positives: mine.filter((a) => a.verdict === 'false_positive').length } };
}

const ofRules = ruleStub(rules, problem, events);
const saved = savedStub(problem, found);
const audit = auditStub(problem, empty);
const cases = caseStub(alerts, problem);
const others = beside(alerts);
const suppressions = suppressionStub(alerts, problem);
const endpoints = endpointStub(problem);
const packs = packStub(problem);
const relays = relayStub();
const intel = intelStub(problem);
const notify = notifyStub(alerts, problem);
const connectors = connectorStub(problem, empty);
const risk = riskStub({ values: () => [...alerts.values()].map((x) => x.alert) }, problem);
const tuning = tuningStub(problem);
const playbooks = playbookStub(alerts, problem, empty);
const decided = decisionStub(alerts, problem);
const respond = respondStub(alerts, problem, live, empty);
const triage = triageStub(alerts, problem, live, (f) => queue(new URLSearchParams(Object.entries({ limit: '100000', ...f }).filter(([, v]) => v !== undefined).map(([k, v]) => [k, String(v)]))).alerts);

/** Everything behind the session, by method and path. */
function route(method, path, u, body) {
  const m = (re) => re.exec(path);
  let r;
  if (path === '/v1/auth/session') return { status: 200, body: session };
  if (path === '/v1/auth/logout') return { status: 204, leave: true };
  if (/^\/v1\/playbooks/.test(path) && (r = playbooks(method, path, body))) return r;
  if ((r = others(method, path, u, body))) return r;
  if (path === '/v1/alerts') return { status: 200, body: queue(u) };
  if (/^\/v1\/(indicators|intel|intel-sources|intel-feeds)(\/|$)/.test(path) && (r = intel(method, path, body, u.searchParams))) return r;
  if (path.startsWith('/v1/notifications') && (r = notify(method, path, body))) return r;
  if (path.startsWith('/v1/connect') && (r = connectors(method, path, body))) return r;
  if (/^\/v1\/(relays|agent-policies|agent-packages)/.test(path) && (r = relays(method, path, body, u))) return r;
  if (/^\/v1\/(osquery-|carves)/.test(path) && (r = packs(method, path, body, u))) return r;
  if (/^\/v1\/(endpoints|enroll-secrets|live-queries|events\/search$)/.test(path) && (r = endpoints(method, path, body, u))) return r;
  if (path.startsWith('/v1/suppressions') && (r = suppressions(method, path, body))) return r;
  if ((path.startsWith('/v1/cases') || path.endsWith('/cases') || path.endsWith('/alike')) && (r = cases(method, path, u, body))) return r;
  if (/^\/v1\/(risk$|entities\/|context)/.test(path) && (r = risk(method, path, u, body))) return r;
  if ((path.startsWith('/v1/tuning/') || path.endsWith('/stage')) && (r = tuning.answer(method, path, body))) return r;
  if (/^\/v1\/(actions|response-policy|playbook)/.test(path) && (r = respond(method, path, u.searchParams ?? u, body))) return r;
  if ((r = decided(method, path, body, u))) return r;
  if (method === 'POST' && path.startsWith('/v1/alerts/') && (r = triage(path, body))) return r;
  if ((r = m(/^\/v1\/alerts\/([^/]+)$/))) return alerts.has(r[1]) ? { status: 200, body: detail(alerts.get(r[1])) } : problem(404, 'Not found', 'There is no such alert.');
  if (path === '/v1/events/query') {
    saved.remember(body);
    const { from, to, list } = found({ ...body, query: filterOf(body.query) });
    const at = Number(body.cursor ?? 0);
    const limit = body.limit ?? 100;
    const some = list.slice(at, at + limit);
    const end = { type: 'end', rows: some.length, partial: false, cut: [], next: at + limit < list.length ? String(at + limit) : null, found: list.length, scanned: events.size, scanned_bytes: 4096, total_bytes: 4096, took_ms: 3.4 };
    return { status: 200, plain: [{ type: 'begin', kind: 'events', from, to, columns: [] }, { type: 'events', events: some }, end].map((l) => JSON.stringify(l)).join('\n') };
  }
  if (path === '/v1/events/estimate') return { status: 200, body: { kind: 'events', columns: [], from: body.from, to: body.to, total_bytes: 4096, wide: false } };
  if (path === '/v1/events/complete') return { status: 200, body: { start: body.position, end: body.position, candidates: [] } };
  if (path === '/v1/events/fields') {
    const { list } = found(body);
    const counts = new Map();
    for (const e of list) for (const f of Object.keys(e.fields)) counts.set(f, (counts.get(f) ?? 0) + 1);
    return { status: 200, body: { fields: [...counts].map(([name, count]) => ({ name, count, distinct: 1, top: [] })), events: list.length, sample: list.length, partial: false } };
  }
  if (path === '/v1/events/values') {
    const { list } = found(body);
    const counts = new Map();
    for (const e of list) if (body.field in e.fields) counts.set(String(e.fields[body.field]), (counts.get(String(e.fields[body.field])) ?? 0) + 1);
    return { status: 200, body: { field: body.field, values: [...counts].map(([value, count]) => ({ value, count })).sort((x, y) => y.count - x.count).slice(0, 10), events: list.length, missing: 0, other: 0, partial: false } };
  }
  if (path === '/v1/events/histogram') {
    const { from, to, list } = found(body);
    const n = body.buckets ?? 60;
    const width = Math.ceil((Date.parse(to) - Date.parse(from)) / n);
    const counts = new Array(n).fill(0);
    for (const e of list) counts[Math.min(n - 1, Math.floor((Date.parse(e.time) - Date.parse(from)) / width))]++;
    return { status: 200, body: { from, to, bucket_ms: width, counts, total: list.length, partial: false } };
  }
  if ((r = m(/^\/v1\/events\/([^/]+)\/raw$/))) return events.has(r[1]) ? { status: 200, plain: JSON.stringify({ Event: { System: { Computer: events.get(r[1]).fields['device.hostname'] }, EventData: events.get(r[1]).fields } }) } : problem(404, 'Not found', 'There is no such event.');
  if ((r = m(/^\/v1\/events\/([^/]+)$/))) return events.has(r[1]) ? { status: 200, body: { ...events.get(r[1]), ocsf: nested(events.get(r[1]).fields) } } : problem(404, 'Not found', 'There is no such event.');
  if (path === '/v1/sources') return { status: 200, body: sources() };
  if (path === '/v1/dead-letters') return { status: 200, body: { dead_letters: letters, next: null } };
  if ((r = m(/^\/v1\/dead-letters\/([^/]+)\/replay$/))) {
    letters.find((l) => l.id === r[1]).state = 'replayed';
    return { status: 202, body: { event_id: r[1], status: 'accepted' } };
  }
  return ofRules(method, path, u, body) ?? saved.route(method, path, body) ?? audit.route(method, path, u, body) ?? people.route(method, path, body) ?? tenants.route(method, path, body) ?? account.route(method, path, body) ?? PROVIDERS.route(method, path, body) ?? problem(404, 'Not found', `${method} ${path}`);
}

const signedIn = new Set();
function handle(req, res, raw) {
  const url = new URL(req.url, 'http://stub');
  const cookie = /marsad_session=([^;]+)/.exec(req.headers.cookie ?? '')?.[1];
  const send = (r) => {
    const payload = r.plain ?? (r.body === undefined ? '' : JSON.stringify(r.body));
    res.writeHead(r.status, { 'content-type': r.plain ? 'text/plain' : r.status >= 400 ? 'application/problem+json' : 'application/json', 'cache-control': 'no-store', ...(r.cookie ? { 'set-cookie': r.cookie } : {}) });
    res.end(payload);
  };
  if (!url.pathname.startsWith('/v1/') && url.pathname !== '/stub/raise') return page(url.pathname, res);
  // For the browser test: one alert now.
  if (url.pathname === '/stub/raise') {
    live('alert.created', raise(url.searchParams.get('kind') ?? 'encoded', Date.now()));
    return send({ status: 204 });
  }
  const body = raw ? JSON.parse(raw) : {};
  if (url.pathname === '/v1/auth/login') {
    if (body.password !== PASSWORD) return send(problem(401, 'Not signed in', 'The username or the password is not right.'));
    const id = randomUUID();
    signedIn.add(id);
    return send({ status: 200, body: session, cookie: `marsad_session=${id}; Path=/; HttpOnly; SameSite=Strict` });
  }
  if (url.pathname === '/v1/auth/providers') return send({ status: 200, body: { providers: url.searchParams.get('tenant') ? [] : PROVIDERS.offers() } });
  if (!signedIn.has(cookie)) return send(problem(401, 'Not signed in', 'Sign in first.'));
  if (req.method !== 'GET' && req.headers['x-marsad-csrf'] !== session.csrf) return send(problem(403, 'Refused', 'X-Marsad-Csrf is missing or wrong.'));
  if (url.pathname === '/v1/live') {
    res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    res.write('retry: 1000\n\n');
    const last = Number(req.headers['last-event-id'] ?? url.searchParams.get('last_event_id') ?? seq);
    for (const [n, line] of log) if (n > last) res.write(line);
    streams.add(res);
    res.on('close', () => streams.delete(res));
    return;
  }
  try {
    const r = route(req.method, url.pathname, url.searchParams, body);
    if (r.events) {
      res.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
      for (const [name, data, id] of r.events) res.write(`event: ${name}\n${id ? `id: ${id}\n` : ''}data: ${JSON.stringify(data)}\n\n`);
      return; // and stays open, as a query that runs
    }
    if (r.leave) signedIn.delete(cookie);
    send(r);
  } catch (e) {
    if (!e.status) throw e;
    send(e);
  }
}
function page(path, res) {
  let file = normalize(join(DIST, path));
  if (!file.startsWith(DIST) || !existsSync(file) || statSync(file).isDirectory()) file = join(DIST, 'index.html');
  const ext = extname(file);
  const nonce = randomBytes(16).toString('base64');
  const bytes = ext === '.html' ? Buffer.from(readFileSync(file, 'utf8').replaceAll('__CSP_NONCE__', nonce)) : readFileSync(file);
  res.writeHead(200, { 'content-type': TYPES[ext] ?? 'application/octet-stream', 'content-encoding': 'gzip', 'cache-control': ext === '.html' ? 'no-cache' : 'public, max-age=31536000, immutable', ...(ext === '.html' ? { 'content-security-policy': `default-src 'self'; script-src 'self' 'nonce-${nonce}'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data:; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'` } : {}) });
  res.end(gzipSync(bytes));
}
export const server = createServer((req, res) => {
  let raw = '';
  req.on('data', (d) => (raw += d)).on('end', () => handle(req, res, raw));
}).listen(Number(process.env.PORT ?? 4900), '127.0.0.1', () => console.log(`stub: http://127.0.0.1:${server.address().port} analyst / ${PASSWORD}`));
