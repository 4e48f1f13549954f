// A control plane, a relay and a customer with two hosts, each in a network of its own on this machine (build/netns.sh):
// hosts enroll through the relay, what one says is found by search, an alert is raised, a playbook asks to isolate the host,
// somebody agrees, only the relay can be reached from it, and it is given back; one takes another version of the agent, and then
// gives a broken one up; then the relay is cut off, and relay and agent are killed, while a host goes on writing, and at last
// their disks are full. Each line that is printed was seen, not assumed.
//
// Runs as root inside marsad-core. Needs ip, nft, MARSAD (the launcher), AGENT (a folder with the unpacked agent) and FOLDER
// (an empty one). OUTAGE_SECONDS: how long the relay is cut off (20).
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { appendFileSync, closeSync, copyFileSync, createWriteStream, existsSync, mkdirSync, openSync, readFileSync, unlinkSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';

const { MARSAD, AGENT, FOLDER } = process.env;
const OUTAGE = Number(process.env.OUTAGE_SECONDS ?? 20);
const CORE = '10.90.1.1';
const RELAY = '10.90.2.1';
const NEIGHBOUR = '10.90.2.2';
const HOSTS = { web1: '10.90.2.11', web2: '10.90.2.12' };
const began = Date.now();
const children = new Set();

const say = (text) => console.log(`${((Date.now() - began) / 1000).toFixed(1).padStart(6)} s  ${text}`);
const rest = (ms) => new Promise((go) => setTimeout(go, ms));
const logOf = (name) => readFileSync(join(FOLDER, `${name}.log`), 'utf8');

/** Each host has processes and a name of its own, too: by the number of its first one. */
const machines = {};
const within = (space, command) => (machines[space]
  ? ['nsenter', '--target', String(machines[space]), '--net', '--uts', '--pid', '--mount', '--', ...command]
  : ['ip', 'netns', 'exec', `marsad-${space}`, ...command]);

/** To its end. */
function run(space, ...command) {
  const [program, ...rest] = within(space, command);
  return execFileSync(program, rest, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}

/** Runs in one of the networks until it is stopped; what it prints is in a file of its name. */
function start(name, space, ...command) {
  const to = createWriteStream(join(FOLDER, `${name}.log`), { flags: 'a' });
  const [program, ...rest] = within(space, command);
  const child = spawn(program, rest, { stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  child.stdout.pipe(to);
  child.stderr.pipe(to);
  child.on('exit', () => { child.gone = true; children.delete(child); });
  children.add(child);
  return child;
}

/** As kill -9 does, to all of what it has started. */
async function kill(child) {
  try { process.kill(-child.pid, 'SIGKILL'); } catch { /* it has ended by itself */ }
  await until('its end', () => child.gone);
}

/** Asks again until it is so; what was asked last is told when it never is. */
async function until(what, ask, seconds = 60, every = 50) {
  const end = Date.now() + seconds * 1000;
  let last;
  while (Date.now() < end) {
    try {
      last = await ask();
      if (last) return last;
    } catch (e) {
      last = e;
    }
    await rest(every);
  }
  throw new Error(`${what}: not within ${seconds} s; last: ${last instanceof Error ? last.message : JSON.stringify(last)}`);
}

/** Somebody at the console. */
class Person {
  static async signedIn(username, password) {
    const person = new Person();
    const answer = await person.send('POST', '/v1/auth/login', { username, password });
    person.cookie = answer.headers.getSetCookie().map((one) => one.split(';')[0]).join('; ');
    const session = await answer.json();
    person.csrf = session.csrf_token ?? session.csrf;
    return person;
  }

  send(method, path, body) {
    return fetch(`http://${CORE}:8080${path}`, {
      method,
      headers: { ...(body && { 'Content-Type': 'application/json' }), ...(this.cookie && { Cookie: this.cookie, 'X-Marsad-Csrf': this.csrf }) },
      body: body && JSON.stringify(body),
    });
  }

  async call(method, path, body) {
    const answer = await this.send(method, path, body);
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : null;
  }

  find = async (query, limit = 10) => (await this.call('POST', '/v1/events/search', { query, limit })).events;
}

/** Whether a connection comes about, from one network to an address. */
function reaches(space, address, port) {
  try {
    run(space, 'timeout', '2', 'bash', '-c', `exec 3<>/dev/tcp/${address}/${port}`);
    return true;
  } catch {
    return false;
  }
}

async function machine(name) {
  const init = start('machines', name, 'unshare', '--uts', '--pid', '--fork', '--mount-proc', 'sh', '-c', `hostname ${name}; exec sleep 100000`);
  machines[name] = await until(`${name} is there`, () => readFileSync(`/proc/${init.pid}/task/${init.pid}/children`, 'utf8').trim().split(' ')[0]);
  await until(`${name} has its name`, () => run(name, 'hostname').trim() === name);
}

async function platform() {
  const up = start('platform', 'core', MARSAD, 'up', '--data', join(FOLDER, 'platform'), '--port', '8080',
    '--set', `http.address=${CORE}`, '--set', 'http.plain=true', '--set', `agents.address=${CORE}`);
  const login = await until('the platform is ready', () => {
    assert.ok(!up.gone, `the platform ended: ${logOf('platform').slice(-2000)}`);
    return logOf('platform').includes('Ready.') && /Login +(\S+) \/ (\S+)/.exec(logOf('platform'));
  }, 180);
  say('control plane: ready');
  const admin = await Person.signedIn(login[1], login[2]);
  const other = await admin.call('POST', '/v1/users', { username: 'second-pair-of-eyes', role: 'tenant_admin' });
  return [admin, await Person.signedIn('second-pair-of-eyes', other.password)];
}

const relayRun = () => start('relay', 'relay', MARSAD, 'relay', 'run', '--data', join(FOLDER, 'relay'), '--listen', `${RELAY}:8481`,
  '--enroll-listen', `${RELAY}:8482`, '--format', 'json');
const home = (name) => join(FOLDER, `${name}-home`);
const agentRun = (name) => start(name, name, 'env', '-u', 'INVOCATION_ID', join(home(name), 'bin/marsad-agent'), 'run', '--data', join(FOLDER, name));

async function relay(admin) {
  const secret = await admin.call('POST', '/v1/enroll-secrets', { name: 'relays', purpose: 'relay', one_time: true });
  run('relay', MARSAD, 'relay', 'enroll', '--server', `${CORE}:8482`, '--secret', secret.secret,
    '--authority', secret.authority_sha256, '--data', join(FOLDER, 'relay'), '--hardware-id', 'relay-of-the-lab');
  const running = relayRun();
  await until('the relay is ready', () => logOf('relay').includes('"state":"ready"'));
  say('relay: let in, and ready');
  return running;
}

async function agents(admin) {
  const running = {};
  for (const name of Object.keys(HOSTS)) {
    await machine(name);
    const secret = await admin.call('POST', '/v1/enroll-secrets', { name, group: name, purpose: 'agent' });
    const since = Date.now();
    run(name, 'env', `MARSAD_AGENT_HOME=${home(name)}`, `MARSAD_AGENT_DATA=${join(FOLDER, name)}`, join(AGENT, 'install.sh'),
      '--server', `${RELAY}:8482`, '--secret', secret.secret, '--authority', secret.authority_sha256);
    say(`${name}: let in through the relay in ${Date.now() - since} ms`);
    running[name] = agentRun(name);
  }
  for (const name of Object.keys(HOSTS)) {
    await until(`${name} has a policy`, () => logOf(name).includes('policy 1:'));
    const log = join(FOLDER, `${name}-app.txt`);
    writeFileSync(log, '');
    const collectors = { processes: { on: true, every_ms: 500 }, sockets: { on: true, every_ms: 2000 }, files: { on: true, every_ms: 300, paths: [log] } };
    await admin.call('POST', '/v1/agent-policies', { group: name, base: 1, collectors, note: 'for the lab' });
    await until(`${name} obeys the next policy`, () => logOf(name).includes('policy 2:'));
  }
  const known = (await admin.call('GET', '/v1/endpoints')).endpoints;
  assert.deepEqual(known.map((one) => one.hostname).sort(), Object.keys(HOSTS).sort());
  say('both hosts obey the policy of their group, which came through the relay');
  return running;
}

async function telemetry(admin) {
  const took = [];
  for (let i = 0; i < 10; i++) {
    const mark = `mark-${i}-${Date.now()}`;
    const since = Date.now();
    start('marks', 'web1', 'sh', '-c', `sleep 3; true ${mark}`);
    await until('what a host does is found', async () => (await admin.find(mark)).length > 0, 10, 20); // twice, when it is seen while it becomes what it is
    took.push(Date.now() - since);
  }
  took.sort((a, b) => a - b);
  say(`telemetry: a process that was started on web1 is found by search after ${took[5]} ms (middle), ${took.at(-1)} ms (longest of 10)`);
  assert.ok(took.at(-1) <= 2000, 'visible in search within 2 s');
}

const PLAYBOOK = `type: playbook
spec_version: cacao-2.0
id: playbook--0f7d4d9c-0d5c-4be6-9a0e-6d8bb3b0c001
name: Isolate a host that mines
playbook_types: [mitigation]
playbook_activities: [disconnect-system]
created_by: identity--6f4ef798-ed9b-452a-a88b-b52ac1a66f3d
created: '2026-11-23T09:00:00.000Z'
modified: '2026-11-23T09:00:00.000Z'
playbook_variables:
  __title__: {type: string, external: true}
  __host__: {type: string, external: true}
  __isolation__: {type: string, value: none}
workflow_start: start--95a4eab4-2d3a-4df0-8b04-37aab9df2001
workflow:
  start--95a4eab4-2d3a-4df0-8b04-37aab9df2001: {type: start, on_completion: action--224ec45d-7779-4abc-86a1-6defc1be2001}
  action--224ec45d-7779-4abc-86a1-6defc1be2001:
    type: action
    name: Isolate the host
    on_completion: end--6a57afd5-ca44-410d-963e-0e6e94062001
    commands: [{type: manual, command: 'Isolate a host. host: __host__:value; reason: __title__:value.'}]
    agent: group--55e913ba-acfe-4a93-8a1b-ac8d15022001
    in_args: [__host__, __title__]
    out_args: [__isolation__]
    step_extensions:
      extension-definition--3e6f2b14-9c57-4d7a-8b0e-52c1a4d7f960:
        action: isolate_host
        with: {host: '__host__:value', reason: '__title__:value'}
        outputs: {isolation: __isolation__}
        approval: one
  end--6a57afd5-ca44-410d-963e-0e6e94062001: {type: end}
playbook_extensions:
  extension-definition--3e6f2b14-9c57-4d7a-8b0e-52c1a4d7f960: {triggers: [{'on': alert, when: 'attack = T1496.001'}]}
agent_definitions:
  group--55e913ba-acfe-4a93-8a1b-ac8d15022001: {type: group, name: Security operations}
extension_definitions:
  extension-definition--3e6f2b14-9c57-4d7a-8b0e-52c1a4d7f960: {type: extension-definition, name: 'Marsad: actions and triggers', created_by: identity--6f4ef798-ed9b-452a-a88b-b52ac1a66f3d, schema: 'urn:marsad:playbook-extension:1', version: 1.0.0}
`;

const done = (admin, id, status) => until(`${id} is ${status}`, async () => {
  const one = await admin.call('GET', `/v1/actions/${id}`);
  assert.ok(!['failed', 'refused', 'unknown'].includes(one.status), one.reason);
  return one.status === status && one;
}, 30);

async function agree(other, action) {
  await other.call('POST', `/v1/actions/${action.id}/approve`, { parameters_hash: action.parameters_hash, comment: 'it mines' });
}

async function containment(admin, other) {
  for (const [name, port] of [['site', 9000], ['web1', 9001], ['web2', 9001]]) start('listeners', name, 'node', '-e',
    `require('node:net').createServer().listen(${port})`);
  await until('who listens', () => reaches('web1', NEIGHBOUR, 9000) && reaches('site', HOSTS.web1, 9001) && reaches('web1', HOSTS.web2, 9001));
  const made = await admin.call('POST', '/v1/playbooks', { source: PLAYBOOK });
  await admin.call('PUT', `/v1/playbooks/${made.id}/enabled`, { enabled: true });
  const miner = join(FOLDER, 'xmrig');
  copyFileSync('/bin/sleep', miner);
  const since = Date.now();
  start('miner', 'web1', 'sh', '-c', `chmod 755 ${miner}; ${miner} 300`);
  const alert = await until('an alert', async () => (await admin.call('GET', '/v1/alerts?limit=50')).alerts.find((one) => one.title === 'Crypto miner is started'), 20);
  say(`alert: "${alert.title}" ${Date.now() - since} ms after the program was started on web1`);
  const waits = await until('the playbook asks', async () => (await admin.call('GET', '/v1/actions?limit=20')).actions
    .find((one) => one.action === 'isolate_host' && one.status === 'awaiting_approval'), 20);
  assert.equal(waits.parameters.host, 'web1');
  say(`playbook: asks to isolate ${waits.parameters.host}, ${waits.radius}, ${waits.consent}`);
  const agreed = Date.now();
  await agree(other, waits);
  const isolated = await done(admin, waits.id, 'completed');
  say(`isolated ${Date.now() - agreed} ms after somebody agreed; ${isolated.reason}`);
  for (const [from, to, port, yes] of [
    ['web1', NEIGHBOUR, 9000, false], ['site', HOSTS.web1, 9001, false], ['web1', HOSTS.web2, 9001, false], ['web2', HOSTS.web1, 9001, false],
    ['relay', HOSTS.web1, 9001, false], ['web1', RELAY, 8481, true], ['web2', NEIGHBOUR, 9000, true]]) {
    assert.equal(reaches(from, to, port), yes, `${from} ${yes ? 'reaches' : 'does not reach'} ${to}:${port}`);
    say(`  from ${from.padEnd(5)} to ${to}:${port} ${yes ? 'reached' : 'not reached'}`);
  }
  const mark = `isolated-${Date.now()}`;
  start('marks', 'web1', 'sh', '-c', `sleep 3; true ${mark}`);
  await until('an isolated host goes on reporting', async () => (await admin.find(mark)).length > 0, 10);
  say('  and it goes on reporting');
  const back = await admin.call('POST', `/v1/actions/${waits.id}/roll-back`, { comment: 'the miner is gone' });
  if (back.status === 'awaiting_approval') await agree(other, back);
  await done(admin, back.id, 'completed');
  await done(admin, waits.id, 'rolled_back');
  assert.ok(reaches('web1', NEIGHBOUR, 9000) && reaches('site', HOSTS.web1, 9001));
  say('released: reached again, from both sides, and the isolation is rolled back');
}

/** Lines that web2 writes to a file which its agent reads, each with a number. */
class Writing {
  word = `run${Date.now()}`;
  lines = 0;

  begin() {
    const log = join(FOLDER, 'web2-app.txt');
    this.timer = setInterval(() => {
      for (let i = 0; i < 20; i++) appendFileSync(log, `${this.word} line ${String(this.lines++).padStart(7, '0')}\n`);
    }, 50);
  }

  end = () => clearInterval(this.timer);

  /** How many events there are, and of how many different lines: asked by parts, as different values are counted exactly up to 10,000. */
  async found(admin) {
    const sum = { events: 0, lines: 0 };
    for (let part = 0; part * 10_000 < this.lines; part++) {
      const query = `"${this.word} line ${String(part).padStart(3, '0')}" | stats count as events, dc(message) as lines`;
      const answer = await (await admin.send('POST', '/v1/events/query', { query })).text();
      const table = answer.trim().split('\n').map((line) => JSON.parse(line)).find((one) => one.type === 'rows');
      const row = table?.rows?.[0] ?? [];
      const [events, lines] = (Array.isArray(row) ? row : [row.events, row.lines]).map(Number);
      sum.events += events || 0;
      sum.lines += lines || 0;
    }
    return sum;
  }

  /** @param least so many of them have to be there */
  arrived = (admin, least = () => this.lines) => until('all of them are there', async () => {
    const now = await this.found(admin);
    if (now.lines >= await least()) return now;
    throw new Error(JSON.stringify(now));
  }, 120, 500);
}

const link = (way) => run('relay', 'ip', 'link', 'set', 'up0', way);

/** All lines that a host wrote while things were killed and cut off are there. */
async function outage(admin, running) {
  const writing = new Writing();
  writing.begin();
  await rest(1000);
  link('down');
  say(`the relay is cut off from the control plane for ${OUTAGE} s`);
  const back = Date.now() + OUTAGE * 1000;
  let kills = 0;
  while (Date.now() < back) {
    await rest(Math.min(4000, Math.max(0, back - Date.now())));
    await kill(running.relay);
    running.relay = relayRun();
    await rest(2000);
    await kill(running.web2);
    running.web2 = agentRun('web2');
    kills += 2;
  }
  link('up');
  await rest(1000);
  writing.end();
  say(`it is back; ${kills} times relay or agent were killed meanwhile; ${writing.lines} lines were written`);
  const found = await writing.arrived(admin);
  say(`all ${found.lines} lines are found, none is lost; ${found.events - found.lines} were read again by an agent that was killed before it had noted how far it was`);
}

/** The package of before under another version, and with another launcher if wanted. */
function repack(version, launcher) {
  const name = `marsad-agent-${version}-linux-${execFileSync('uname', ['-m'], { encoding: 'utf8' }).trim()}`;
  const tree = join(FOLDER, 'packing', name);
  mkdirSync(join(FOLDER, 'packing'), { recursive: true });
  execFileSync('cp', ['-R', AGENT, tree]);
  writeFileSync(join(tree, 'version'), `${version}\n`);
  if (launcher) writeFileSync(join(tree, 'bin/marsad-agent'), launcher);
  execFileSync('tar', ['-C', join(FOLDER, 'packing'), '-czf', `${tree}.tar.gz`, name]);
  return `${tree}.tar.gz`;
}

/** A host takes another version of the agent, and gives one up that never reports; its log is read without a gap. */
async function update(admin) {
  const of = async () => (await admin.call('GET', '/v1/endpoints')).endpoints.find((one) => one.hostname === 'web2');
  const newest = async () => (await admin.call('GET', '/v1/agent-policies?group=web2')).policies[0];
  const give = async (file) => {
    const made = JSON.parse(run('core', MARSAD, 'agent', 'publish', file, '--data', join(FOLDER, 'platform'), '--json').trim().split('\n').at(-1));
    const { version, collectors } = await newest();
    await admin.call('POST', '/v1/agent-policies', { group: 'web2', base: version, collectors, agent: [made.sha256], note: made.version });
  };
  const writing = new Writing();
  writing.begin();
  const before = (await of()).software_version;
  await give(repack('0.1.1'));
  let since = Date.now();
  const now = await until('web2 runs the next version', async () => { const one = await of(); return one.software_version === '0.1.1' && one; }, 120);
  assert.equal(now.update_refused, '');
  await until('it is not on trial any more', () => !existsSync(join(home('web2'), 'trial')));
  say(`update: web2 ran ${before}, and says that it runs 0.1.1 ${Date.now() - since} ms after its policy named it`);
  await give(repack('0.1.2', '#!/bin/sh\n[ "$1" != --version ] || { echo "marsad agent 0.1.2"; exit 0; }\nexit 1\n'));
  since = Date.now();
  const back = await until('web2 says why not', async () => { const one = await of(); return one.update_refused && one; }, 180);
  assert.equal(back.software_version, '0.1.1');
  assert.match(back.update_refused, /never reported/);
  say(`update: 0.1.2 ends as soon as it is begun; ${Date.now() - since} ms after it was named 0.1.1 is back and says: ${back.update_refused}`);
  writing.end();
  const found = await writing.arrived(admin);
  say(`all ${found.lines} lines that were written meanwhile are found, none is lost; ${found.events - found.lines} were read again`);
}

/** Leaves no room in a folder that is a file system of its own. */
function fill(folder) {
  const to = openSync(join(folder, 'filler'), 'w');
  for (const size of [1 << 20, 4096, 1]) {
    const block = Buffer.alloc(size);
    try { for (;;) if (writeSync(to, block) < size) break; } catch (e) { assert.equal(e.code, 'ENOSPC'); }
  }
  closeSync(to);
}

const empty = (folder) => unlinkSync(join(folder, 'filler'));

/** First the relay's disk is full, then the agent's as well. What the agent could not keep it has counted. */
async function fullDisks(admin, running) {
  const lost = async () => (await admin.call('GET', '/v1/endpoints')).endpoints.find((one) => one.hostname === 'web2').lost_records;
  const writing = new Writing();
  writing.begin();
  link('down');
  fill(join(FOLDER, 'relay'));
  say('the relay is cut off and its disk is full');
  await rest(6000);
  await kill(running.relay);
  running.relay = relayRun();
  await rest(6000);
  writing.end();
  assert.ok(!running.relay.gone, 'the relay runs with a full disk');
  empty(join(FOLDER, 'relay'));
  link('up');
  const first = await writing.arrived(admin);
  say(`there is room again: all ${first.lines} lines of that time are found, none is lost, ${first.events - first.lines} were read again`);
  const before = await lost();
  const more = new Writing();
  more.begin();
  link('down');
  fill(join(FOLDER, 'relay'));
  fill(join(FOLDER, 'web2'));
  say('now the disk of the agent is full as well');
  await rest(6000);
  await kill(running.web2);
  running.web2 = agentRun('web2');
  await rest(6000);
  assert.ok(!running.web2.gone, 'the agent runs with a full disk');
  more.end();
  empty(join(FOLDER, 'web2'));
  empty(join(FOLDER, 'relay'));
  link('up');
  const found = await more.arrived(admin, async () => more.lines - (await lost() - before));
  say(`there is room again: of ${more.lines} lines ${found.lines} are found, ${more.lines - found.lines} are not; the agent has counted ${await lost() - before} records that it could not keep, and the platform shows it`);
}

// File systems of their own, so that they can be full; before anything is started, which sees what is mounted then.
for (const name of ['relay', 'web2']) {
  mkdirSync(join(FOLDER, name), { recursive: true, mode: 0o700 });
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1g,mode=0700', 'tmpfs', join(FOLDER, name)]);
}
let failed = false;
try {
  const [admin, other] = await platform();
  const running = { relay: await relay(admin) };
  Object.assign(running, await agents(admin));
  await telemetry(admin);
  await containment(admin, other);
  await update(admin);
  await outage(admin, running);
  await fullDisks(admin, running);
  say('All of it was seen.');
} catch (e) {
  failed = true;
  console.error(e);
  for (const name of ['relay', 'web1', 'web2']) try { console.error(`--- ${name}\n${logOf(name).slice(-1500)}`); } catch { /* it did not begin */ }
} finally {
  for (const child of children) try { process.kill(-child.pid, 'SIGKILL'); } catch { /* it has ended */ }
  for (const name of ['relay', 'web2']) try { execFileSync('umount', ['-l', join(FOLDER, name)]); } catch { /* its network takes it along */ }
}
process.exit(failed ? 1 : 0);
