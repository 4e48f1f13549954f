// Made-up runs of playbooks and actions that wait for people.
import { createHash, randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';

const CATALOGUE = new URL('../../platform/respond/src/main/resources/io/marsad/respond/action/catalogue.yaml', import.meta.url);
const iso = (ms) => new Date(Date.now() + ms).toISOString();
const MIN = 60_000;
const CARRIES = { contain: ['Okta (okta-main)'], investigate: ['Marsad'], intel: ['Marsad'], cases: ['Marsad'], notify: ['Slack (soc)'] };

/** The shipped catalogue: just enough YAML for this one file. */
function catalogue() {
  const map = (text) => [...(text ?? '').matchAll(/(\w+): "?([\w-]+\??)"?/g)].map(([, name, type]) => ({ name, type: type.replace('?', ''), required: !type.endsWith('?') }));
  return readFileSync(CATALOGUE, 'utf8').split(/\n(?=\w+:\n)/).filter((b) => /^\w+:\n/.test(b.replace(/^(#.*\n)+/, ''))).map((block) => {
    const b = block.replace(/^(#.*\n)+/, '');
    const of = (key) => new RegExp(`^  ${key}: (.+)$`, 'm').exec(b)?.[1];
    const permission = of('permission');
    return { action: /^(\w+):/.exec(b)[1], title: of('title'), says: of('says'), about: of('about'), radius: of('radius'), effect: of('effect'), permission: `actions:${permission}`, reverse: of('reverse') ?? null, parameters: map(of('with')), outputs: map(of('outputs')).map(({ name, type }) => ({ name, type })), carried_by: of('about') === 'instance' ? [] : CARRIES[permission] ?? [] };
  });
}

export function respondStub(alerts, problem, live, none) {
  const kinds = catalogue();
  const list = () => [...alerts.values()].map((x) => x.alert);
  const actions = new Map();
  const runs = new Map();
  const PLAYBOOKS = [['694fce4b-3a3f-44f1-be7b-b7325a7b1e80', 'Contain a host', 'Takes a host from the network after its evidence is safe, checks that it worked, and gives it back when it was a mistake.', ['isolate_host', 'collect_triage_package'], ['__host__']], ['060b82fe-a379-4e20-9567-9a26405ad46d', 'Secure an account', 'Stops a user whose account somebody else has: sessions, password, second factor.', ['disable_user', 'revoke_sessions'], ['__user__']], ['4f4b74ab-752f-4e73-90e8-8a4b7a189aba', 'Sweep for an indicator', 'Looks for one indicator in everything that is stored.', ['search'], ['__indicator__']]];
  const ids = { start: 'start--95a4eab4', par: 'parallel--971d4426', take: 'action--5544dd59', ask: 'action--ac44233b', cond: 'if-condition--0a3ec692', iso: 'action--224ec45d', tell: 'action--77aa', end: 'end--6a57afd5' };
  const document = {
    type: 'playbook', name: 'Contain a host',
    playbook_variables: { __host__: { type: 'string', description: 'The host that it is about.', external: true }, __crown__: { type: 'string', value: 'no' }, __package__: { type: 'string', value: 'none' }, __title__: { type: 'string', external: true } },
    workflow: {
      [ids.start]: { type: 'start', name: 'Start' }, [ids.par]: { type: 'parallel', name: 'Keep what is lost later' },
      [ids.take]: { type: 'action', name: 'Collect a triage package', description: 'Memory first, then disk: what is volatile goes first.', in_args: ['__host__'], out_args: ['__package__'] },
      [ids.ask]: { type: 'action', name: 'Look at what the host is for', in_args: ['__host__'], out_args: ['__crown__'] },
      [ids.cond]: { type: 'if-condition', name: 'Does much depend on it?', condition: "__crown__:value = 'yes'" },
      [ids.iso]: { type: 'action', name: 'Isolate the host', in_args: ['__host__', '__title__'] }, [ids.tell]: { type: 'action', name: 'Tell the owner' }, [ids.end]: { type: 'end', name: 'Done' },
    },
  };
  const act = (name, parameters, more = {}) => {
    const k = kinds.find((x) => x.action === name);
    const a = { id: randomUUID(), run: null, playbook: null, step: null, step_name: null, visit: null, attempt: null, action: name, title: k?.title ?? 'Task', about: null, about_title: null, parameters, parameters_hash: `sha256:${createHash('sha256').update(JSON.stringify(parameters)).digest('hex')}`, target: Object.values(parameters)[0] ?? '', radius: k?.radius ?? 'minimal', consent: k?.radius === 'critical' ? 'two_people' : 'one_person', permission: k?.permission ?? 'playbooks:run', reasons: k ? [`radius ${k.radius} at level L1`] : ['the playbook asks a person'], status: 'completed', reason: null, requested_by: 'm.silva', requested_at: iso(-30 * MIN), expires_at: null, dispatched_at: null, ended_at: null, outputs: null, carried_by: k?.carried_by[0] ?? null, reverse: k?.reverse ?? null, reverses: null, reversed_by: null, verification: null, envelope: null, approvals: [], task: null, may: { approve: false, refuse: false, answer: false, roll_back: false }, why_not: null, ...more };
    actions.set(a.id, a);
    return a;
  };
  const run = (i, more = {}) => {
    const [playbook, name] = PLAYBOOKS[i % 3];
    const a = list()[i];
    const r = { id: randomUUID(), playbook, name, version: 'b7e1c2aa90f1'.repeat(5), status: 'succeeded', reason: null, started_by: i % 2 ? 'system:playbook-triggers' : 'm.silva', about: a ? `alert:${a.id}` : null, about_title: a?.title ?? null, parent: null, waiting: null, steps_done: 7, started_at: iso(-(i + 1) * 17 * MIN), ended_at: iso(-(i + 1) * 17 * MIN + 93_000 + i * 7_000), retried_from: null, steps: [], values: { __host__: 'WKS-014.halden.example', __crown__: 'no', __package__: 'triage-0042.zip', __title__: a?.title ?? null }, ...more };
    runs.set(r.id, r);
    return r;
  };
  const told = (r, visit, parent, step, status, detail, values, at) => r.steps.push({ seq: r.steps.length + 1, visit, parent, step, name: document.workflow[step].name, type: document.workflow[step].type, status, detail: detail ?? null, values: values ?? {}, at: iso(at) });
  const course = (r, open) => {
    const t = Date.parse(r.started_at) - Date.now();
    told(r, 1, 0, ids.start, 'running', null, {}, t); told(r, 1, 0, ids.start, 'succeeded', null, {}, t + 200);
    told(r, 2, 0, ids.par, 'running', null, {}, t + 300);
    told(r, 3, 2, ids.take, 'running', null, {}, t + 400); told(r, 4, 2, ids.ask, 'running', null, {}, t + 500);
    told(r, 3, 2, ids.take, 'running', 'try 1 failed: HTTP 503', {}, t + 4_000); told(r, 3, 2, ids.take, 'succeeded', null, { __package__: 'triage-0042.zip' }, t + 21_000);
    told(r, 4, 2, ids.ask, 'succeeded', null, { __crown__: 'no' }, t + 40_000); told(r, 2, 0, ids.par, 'succeeded', null, {}, t + 40_000);
    told(r, 5, 0, ids.cond, 'running', 'false: __crown__ is no', {}, t + 40_100);
    told(r, 6, 5, ids.iso, 'running', null, {}, t + 40_200);
    const of = { run: r.id, playbook: { id: r.playbook, name: r.name }, about: r.about, about_title: r.about_title, requested_by: `run:${r.id}` };
    act('collect_triage_package', { host: 'WKS-014.halden.example' }, { ...of, visit: 3, attempt: 2, step: ids.take, step_name: 'Collect a triage package', status: 'completed', consent: 'automatic', reasons: ['radius low at level L2'], requested_at: iso(t + 400), ended_at: iso(t + 21_000), outputs: { package: 'triage-0042.zip', sha256: 'c0ffee'.repeat(10) } });
    return open ? of : undefined;
  };
  if (!none) {
    const one = run(0, { status: 'running', waiting: 'approval', ended_at: null, steps_done: 4 });
    const of = course(one, true);
    const step = { ...of, status: 'awaiting_approval', requested_at: iso(-12 * MIN), expires_at: iso(48 * MIN) };
    act('isolate_host', { host: 'WKS-014.halden.example', reason: list()[0]?.title }, { ...step, visit: 6, attempt: 1, step: ids.iso, step_name: 'Isolate the host', may: { approve: true, refuse: true, answer: false, roll_back: false } });
    act('block_ip', { ip: '203.0.113.66', reason: 'Beacons every 60 s', hours: 24 }, { status: 'awaiting_approval', requested_by: 'analyst', requested_at: iso(-9 * MIN), expires_at: iso(11 * MIN), about: list()[1] ? `alert:${list()[1].id}` : null, about_title: list()[1]?.title, may: { approve: false, refuse: false, answer: false, roll_back: false }, why_not: 'You asked for it.' });
    act('revoke_sessions', { user: 'l.berg', reason: 'Signed in from two countries' }, { status: 'awaiting_approval', requested_at: iso(-7 * MIN), expires_at: iso(300 * MIN), about: list()[2] ? `alert:${list()[2].id}` : null, about_title: list()[2]?.title, may: { approve: true, refuse: true, answer: false, roll_back: false } });
    act('run_script', { host: 'SRV-FILES.halden.example', sha256: 'ab12'.repeat(16), arguments: ['--clean', '--quiet'] }, { status: 'awaiting_approval', reasons: ['radius critical is never done without two people'], approvals: [{ person: 'j.lind', agrees: true, comment: 'Tried on the lab machine', at: iso(-3 * MIN) }], requested_at: iso(-6 * MIN), expires_at: iso(90 * MIN), may: { approve: true, refuse: true, answer: false, roll_back: false } });
    act('task', {}, { title: 'Ask the user', ...of, status: 'awaiting_approval', step_name: 'Ask the user whether it was them', task: { text: 'Call l.berg on the phone (not by mail) and ask whether they signed in from Lisbon at 09:12.', asks_for: ['__answer__', '__travels__'] }, requested_at: iso(-5 * MIN), may: { approve: false, refuse: false, answer: true, roll_back: false } });
    act('disable_user', { user: 'svc-backup', reason: 'Its password was seen in a dump' }, { status: 'unknown', reason: 'no answer within 30 s, and the service cannot be asked again', dispatched_at: iso(-4 * MIN), requested_at: iso(-5 * MIN), approvals: [{ person: 'j.lind', agrees: true, comment: null, at: iso(-4.5 * MIN) }], may: { approve: false, refuse: false, answer: true, roll_back: false } });
    const done = { status: 'completed', dispatched_at: iso(-70 * MIN), ended_at: iso(-69 * MIN), requested_at: iso(-75 * MIN), approvals: [{ person: 'analyst', agrees: true, comment: 'The owner knows', at: iso(-71 * MIN) }], verification: { state: 'confirmed', detail: 'the host answers only to the console', at: iso(-68 * MIN) }, envelope: { key: 'ed25519:4f1c9a', sha256: 'd1ce'.repeat(16) }, outputs: { isolation: 'iso-7781' }, may: { approve: false, refuse: false, answer: false, roll_back: true } };
    act('isolate_host', { host: 'WKS-022.halden.example', reason: 'Ransom note found' }, { ...done, about: list()[3] ? `alert:${list()[3].id}` : null, about_title: list()[3]?.title });
    act('block_domain', { domain: 'c2.bad.example' }, { ...done, verification: { state: 'not_so', detail: 'the name is still resolved at the branch', at: iso(-60 * MIN) }, outputs: { rule: 'r-91' }, requested_at: iso(-80 * MIN) });
    act('disable_user', { user: 'a.khan' }, { status: 'simulated', requested_at: iso(-90 * MIN), ended_at: iso(-89 * MIN), reason: 'the connection only plays through what it is asked' });
    act('kill_process', { host: 'web-1', pid: 4711 }, { status: 'failed', reason: 'nothing carries out kill_process', carried_by: null, requested_at: iso(-95 * MIN), ended_at: iso(-94 * MIN) });
    act('block_ip', { ip: '198.51.100.23' }, { status: 'rolled_back', requested_at: iso(-200 * MIN), ended_at: iso(-199 * MIN) });
    act('reset_password', { user: 'deploy' }, { status: 'refused', reason: 'j.lind refused: it is a service account', requested_at: iso(-300 * MIN), ended_at: iso(-290 * MIN), approvals: [{ person: 'j.lind', agrees: false, comment: 'It is a service account', at: iso(-290 * MIN) }] });
    const two = run(1, { status: 'failed', reason: 'Isolate the host: refused' });
    course(two, true);
    told(two, 6, 5, ids.iso, 'failed', 'refused by j.lind: it is the payroll server', {}, -17 * MIN);
    told(two, 5, 0, ids.cond, 'failed', 'its branch failed', {}, -17 * MIN);
    for (let i = 2; i < 12; i++) { const r = run(i, i === 5 ? { status: 'cancelled', reason: 'analyst: it was the yearly test' } : i === 7 ? { status: 'running', waiting: 'time', ended_at: null } : {}); course(r); told(r, 6, 5, ids.iso, 'succeeded', null, {}, -MIN); told(r, 5, 0, ids.cond, 'succeeded', null, {}, -MIN); told(r, 7, 0, ids.end, 'succeeded', null, {}, -MIN); }
  }
  let policy = { level: 'L1', always_asked: ['create_ticket'], never: ['http_call'], trusted: [{ action: 'isolate_host', target: 'lab-17.halden.example' }], updated_by: 'm.silva', updated_at: iso(-9 * 86_400_000) };
  const bare = ({ steps, values, ...r }) => r;
  const waits = (a) => a.status === 'awaiting_approval' || a.status === 'unknown';
  const NO = { approve: false, refuse: false, answer: false, roll_back: false };
  const become = (a, change) => {
    Object.assign(a, { may: NO, why_not: null }, change);
    live('action', { kind: 'action', id: a.id });
    if (a.run) live('run', { kind: 'run', id: a.run });
    return { status: 200, body: a };
  };
  const conflict = (type, title, detail) => ({ status: 409, body: { type: `urn:marsad:problem:${type}`, title, status: 409, detail } });

  return (method, path, u, body) => {
    const q = (name) => u.get(name);
    let m;
    if (path === '/v1/actions/catalogue') return { status: 200, body: { actions: kinds } };
    if (path === '/v1/me/chat-links') return method === 'POST' ? { status: 201, body: { code: 'ABCD23456789', expires_at: iso(10 * MIN) } } : { status: 200, body: { links: [{ id: '0198c0de-0000-7000-8000-00000000c4a7', chat: 'slack-soc', chat_user: 'T01ABCDE/U01ABCDE', linked_at: iso(-60 * MIN) }] } };
    if (path === '/v1/response-policy') return { status: 200, body: method === 'PUT' ? (policy = { ...body, updated_by: 'analyst', updated_at: iso(0) }) : policy };
    if (path === '/v1/playbooks') return { status: 200, body: { playbooks: PLAYBOOKS.map(([id, name, description, uses]) => ({ id, name, description, labels: [], types: ['mitigation'], enabled: true, origin: 'shipped', changed: false, newer_shipped: null, runnable: true, version: 'b7e1c2aa', modified: iso(-86_400_000), updated_at: null, triggers: [{ on: 'manual', when: null, cron: null, most_an_hour: 60 }], steps: 7, actions: uses, runs: { started: 4, succeeded: 3, failed: 1, running: 0 }, last_run_at: iso(-MIN), left: null })) } };
    if ((m = /^\/v1\/playbooks\/([^/]+)$/.exec(path)) && PLAYBOOKS.some(([id]) => id === m[1])) { const [id, name, description, uses, external] = PLAYBOOKS.find(([x]) => x === m[1]); return { status: 200, body: { id, name, description, enabled: true, runnable: true, steps: 7, actions: uses, source: '', findings: [], newest: 'b7e1c2aa', webhook: null, document: { ...document, name, playbook_variables: Object.fromEntries(external.map((n) => [n, { type: 'string', description: 'What it is about.', external: true }])) } } }; }
    if ((m = /^\/v1\/playbooks\/([^/]+)\/runs$/.exec(path)) && method === 'POST') { const i = Math.max(0, PLAYBOOKS.findIndex(([id]) => id === m[1])); const r = run(i, { status: 'running', waiting: null, ended_at: null, started_at: iso(0), started_by: 'analyst', about: body.about, about_title: list().find((a) => body.about === `alert:${a.id}`)?.title ?? 'The case' }); live('run', { kind: 'run', id: r.id }); return { status: 201, body: bare(r) }; }
    if (path === '/v1/playbook-runs') {
      const fit = [...runs.values()].filter((r) => (!q('status') || (q('status') === 'waiting' ? r.waiting === 'approval' || r.waiting === 'person' : r.status === q('status'))) && (!q('playbook') || r.playbook === q('playbook')) && (!q('about') || r.about === q('about')) && (!q('since') || r.started_at >= q('since'))).sort((a, b) => (a.started_at < b.started_at ? 1 : -1));
      return { status: 200, body: { runs: fit.map(bare), next: null } };
    }
    if ((m = /^\/v1\/playbook-runs\/([^/]+)(?:\/(cancel|retry))?$/.exec(path))) {
      const r = runs.get(m[1]);
      if (!r) return problem(404, 'Not found', 'There is no such run.');
      if (m[2] === 'cancel') { Object.assign(r, { status: 'cancelled', waiting: null, reason: `analyst: ${body.reason}`, ended_at: iso(0) }); for (const a of actions.values()) if (a.run === r.id && waits(a)) become(a, { status: 'withdrawn', reason: 'the run was cancelled' }); live('run', { kind: 'run', id: r.id }); return { status: 202, body: bare(r) }; }
      if (m[2] === 'retry') { const next = run(0, { retried_from: r.id, status: 'running', ended_at: null, started_at: iso(0), started_by: 'analyst' }); live('run', { kind: 'run', id: next.id }); return { status: 201, body: bare(next) }; }
      return { status: 200, body: { ...r, document, actions: [...actions.values()].filter((a) => a.run === r.id), children: [...runs.values()].filter((c) => c.parent === r.id).map(bare) } };
    }
    if (path === '/v1/actions' && method === 'GET') {
      const fit = [...actions.values()].filter((a) => (q('waiting') !== 'true' || waits(a)) && (!q('status') || a.status === q('status')) && (!q('action') || a.action === q('action')) && (!q('run') || a.run === q('run')) && (!q('target') || a.target.includes(q('target'))) && (!q('since') || a.requested_at >= q('since'))).sort((a, b) => (a.requested_at < b.requested_at ? 1 : -1));
      return { status: 200, body: { actions: q('waiting') === 'true' ? fit.reverse() : fit, next: null } };
    }
    if (path === '/v1/actions' && method === 'POST') { const a = act(body.action, body.parameters, { status: 'awaiting_approval', requested_by: 'analyst', requested_at: iso(0), expires_at: iso(60 * MIN), about: body.about, about_title: list().find((x) => body.about === `alert:${x.id}`)?.title ?? null, why_not: 'You asked for it.' }); live('action', { kind: 'action', id: a.id }); return { status: 201, body: a }; }
    if ((m = /^\/v1\/actions\/([^/]+)(?:\/(approve|refuse|answer|roll-back))?$/.exec(path))) {
      const a = actions.get(m[1]);
      if (!a) return problem(404, 'Not found', 'There is no such action.');
      if (!m[2]) return { status: 200, body: a };
      if (m[2] === 'roll-back') { const back = act(a.reverse, a.parameters, { status: 'awaiting_approval', requested_by: 'analyst', requested_at: iso(0), reverses: a.id, why_not: 'You asked for it.' }); become(a, { reversed_by: back.id }); live('action', { kind: 'action', id: back.id }); return { status: 201, body: back }; }
      if (!waits(a)) return conflict('not-waiting', 'It does not wait', 'It was decided about already.');
      if (m[2] !== 'answer' && body.parameters_hash !== a.parameters_hash) return conflict('other-parameters', 'Other parameters', 'They are others than those that were shown.');
      if (m[2] === 'answer') return become(a, { status: body.done ? 'completed' : 'failed', ended_at: iso(0), outputs: body.outputs, reason: body.comment || null, approvals: [...a.approvals, { person: 'analyst', agrees: true, comment: body.comment || null, at: iso(0) }] });
      const said = { person: 'analyst', agrees: m[2] === 'approve', comment: body.comment ?? null, at: iso(0) };
      const r = runs.get(a.run);
      if (m[2] === 'approve' && r) setTimeout(() => { become(a, { status: 'completed', ended_at: iso(0), outputs: { isolation: 'iso-7782' }, verification: { state: 'confirmed', detail: 'the host answers only to the console', at: iso(0) } }); told(r, 6, 5, ids.iso, 'succeeded', null, {}, 0); told(r, 5, 0, ids.cond, 'succeeded', null, {}, 0); told(r, 7, 0, ids.end, 'succeeded', null, {}, 0); Object.assign(r, { status: 'succeeded', waiting: null, ended_at: iso(0) }); live('run', { kind: 'run', id: r.id }); }, 1_500);
      return become(a, m[2] === 'approve' ? { status: r ? 'dispatched' : 'completed', dispatched_at: iso(0), ended_at: r ? null : iso(0), approvals: [...a.approvals, said] } : { status: 'refused', reason: `analyst refused: ${body.comment}`, ended_at: iso(0), approvals: [...a.approvals, said] });
    }
    return undefined;
  };
}
