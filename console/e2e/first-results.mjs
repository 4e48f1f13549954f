// How long an analyst waits, in the browser, from Enter to the first rows of a selective query. Not part of the tests:
//   MARSAD_URL=… MARSAD_USER=admin MARSAD_PASSWORD=… node e2e/first-results.mjs [--load EVENTS] [--rounds 15] [--format json]
// --load first sends that many process starts and connections of 2,000 hosts, spread over the last 20 hours, and waits until
// they are searchable. Each round asks about a host that was not asked about before; the clock runs in the page, from the key
// to the frame that has the rows. CHROMIUM names the browser.
import { randomBytes } from 'node:crypto';
import { parseArgs } from 'node:util';
import { chromium } from 'playwright-core';

const { values: options } = parseArgs({ options: { load: { type: 'string', default: '0' }, rounds: { type: 'string', default: '15' }, format: { type: 'string', default: 'text' } } });
const base = process.env.MARSAD_URL ?? 'http://127.0.0.1:8080';
const login = { username: process.env.MARSAD_USER ?? 'admin', password: process.env.MARSAD_PASSWORD ?? '' };
const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const HOSTS = 2000;
const BATCH = 2000;
const CONNECTIONS = 6;
const SPREAD_MS = 20 * 3_600_000;
const host = (n) => `wks-${String(n).padStart(4, '0')}.corp.example.com`;
const say = (text) => process.stderr.write(`${text}\n`);

async function signIn() {
  const r = await fetch(`${base}/v1/auth/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(login) });
  if (!r.ok) throw new Error(`sign-in: ${r.status} ${await r.text()}`);
  const cookie = r.headers.getSetCookie().map((c) => c.split(';')[0]).join('; ');
  const { csrf } = await r.json();
  return async (path, body) => {
    const a = await fetch(base + path, { method: 'POST', headers: { cookie, 'content-type': 'application/json', 'x-marsad-csrf': csrf }, body: JSON.stringify(body) });
    if (!a.ok) throw new Error(`${path}: ${a.status} ${await a.text()}`);
    return a.json();
  };
}

const IMAGES = ['C:\\Windows\\System32\\svchost.exe', 'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe', 'C:\\Windows\\System32\\taskhostw.exe', 'C:\\Program Files\\Git\\cmd\\git.exe', 'C:\\Program Files\\Java\\jdk-21\\bin\\java.exe', 'C:\\Windows\\explorer.exe'];
let seed = 20261121;
const rnd = (n) => (seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff) % n;
function record(i, time) {
  const image = IMAGES[rnd(IMAGES.length)];
  const h = host(rnd(HOSTS));
  const user = `CORP\\user${rnd(900)}`;
  const common = { RuleName: '-', UtcTime: time.replace('T', ' ').replace('Z', ''), ProcessId: String(500 + rnd(29_000)), Image: image, User: user };
  const data = i % 3 === 0
    ? { ...common, Protocol: 'tcp', Initiated: 'true', SourceIp: `10.${rnd(40)}.${rnd(256)}.${1 + rnd(254)}`, SourceHostname: h, SourcePort: String(49_152 + rnd(16_000)), DestinationIp: `198.51.100.${rnd(256)}`, DestinationPort: '443' }
    : { ...common, CommandLine: `"${image}" --task ${rnd(5000)} --token ${randomBytes(6).toString('hex')}`, CurrentDirectory: 'C:\\Windows\\', IntegrityLevel: 'Medium', Hashes: `SHA256=${randomBytes(32).toString('hex')}`, ParentImage: 'C:\\Windows\\System32\\services.exe', ParentCommandLine: 'C:\\Windows\\system32\\services.exe' };
  return JSON.stringify({ '@timestamp': time, winlog: { channel: 'Microsoft-Windows-Sysmon/Operational', event_id: i % 3 === 0 ? '3' : '1', computer_name: h, provider_name: 'Microsoft-Windows-Sysmon', record_id: i, event_data: data } });
}

async function load(post, count) {
  const token = await post('/v1/tokens', { name: `first-results-${Date.now()}`, permissions: ['ingest:write'] });
  const begin = Date.now() - SPREAD_MS;
  const started = performance.now();
  let next = 0;
  const send = async () => {
    while (next < count) {
      const first = next;
      const size = Math.min(BATCH, count - first);
      next += size;
      const body = Array.from({ length: size }, (_, i) => record(first + i, new Date(begin + ((first + i) / count) * SPREAD_MS).toISOString())).join('\n');
      for (;;) {
        const r = await fetch(`${base}/v1/ingest/batch?source_format=windows`, { method: 'POST', headers: { authorization: `Bearer ${token.secret}`, 'content-type': 'application/x-ndjson' }, body });
        const said = await r.text();
        if (r.status === 202) { if (JSON.parse(said).rejected > 0) throw new Error(said); break; }
        if (r.status !== 429 && r.status !== 503) throw new Error(`${r.status} ${said}`);
        await new Promise((later) => setTimeout(later, 1000 * Number(r.headers.get('retry-after') ?? 1)));
      }
      if (first % (BATCH * 100) === 0) say(`${first + size} sent, ${Math.round((first + size) / ((performance.now() - started) / 1000))}/s`);
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, send));
  say(`${count} sent in ${Math.round((performance.now() - started) / 1000)} s`);
  for (;;) {
    const { total } = await post('/v1/events/histogram', { query: '', from: new Date(begin).toISOString(), to: new Date().toISOString(), buckets: 1 });
    if (total >= count) return;
    say(`${total} searchable`);
    await new Promise((later) => setTimeout(later, 3000));
  }
}

/** From the key to the frame that shows rows of this host: in the page, so that no messages to it are counted. */
async function round(page, h) {
  await page.keyboard.press('Escape');
  await page.keyboard.press('/');
  await page.keyboard.press('Control+a');
  await page.keyboard.type(`host = ${h}`);
  await page.waitForTimeout(250); // what is offered while typing is not part of the question
  await page.evaluate((want) => {
    globalThis.first = new Promise((done) => {
      let began = 0;
      addEventListener('keydown', (e) => { if (e.key === 'Enter') began = e.timeStamp; }, { capture: true, once: true });
      const shown = () => [...document.querySelectorAll('.ritem .rrow')].some((r) => r.textContent.toLowerCase().includes(want));
      const look = () => (began > 0 && shown() ? requestAnimationFrame((t) => done(t - began)) : requestAnimationFrame(look));
      look();
    });
  }, h.split('.')[0]);
  await page.keyboard.press('Enter');
  return page.evaluate(() => globalThis.first);
}

const post = await signIn();
if (Number(options.load) > 0) await load(post, Number(options.load));
const { total } = await post('/v1/events/histogram', { query: '', from: new Date(Date.now() - 2 * SPREAD_MS).toISOString(), to: new Date().toISOString(), buckets: 1 });
const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
page.setDefaultTimeout(60_000);
await page.goto(`${base}/search?last=7d`);
await page.getByLabel('Username').fill(login.username);
await page.getByLabel('Password', { exact: true }).fill(login.password);
await page.keyboard.press('Enter');
await page.locator('.ritem').first().waitFor();
const took = [];
for (let i = 0; i < Number(options.rounds) + 2; i++) took.push(await round(page, host((i * 7919) % HOSTS)));
await browser.close();
const sorted = took.slice(2).sort((a, b) => a - b); // the first two warm the browser up
const at = (share) => Math.round(sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]);
const result = { events: total, rounds: sorted.length, first_results_median_ms: at(0.5), first_results_p90_ms: at(0.9), first_results_max_ms: at(1) };
console.log(options.format === 'json' ? JSON.stringify(result) : `${total} events, ${sorted.length} rounds: first rows after ${result.first_results_median_ms} ms (median), ${result.first_results_p90_ms} ms (p90), ${result.first_results_max_ms} ms (longest)`);
