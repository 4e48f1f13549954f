// How an analyst gets through a long queue by keys alone: what two keys take until the act is seen, and until the next
// alert's story is there. Not part of the tests:
//   MARSAD_URL=… MARSAD_USER=admin MARSAD_PASSWORD=… node e2e/triage-speed.mjs [--load ALERTS] [--alerts 20] [--format json]
// --load first has that many alerts raised by shipped rules, each about a host of its own, and waits until all of them are
// in the queue and nothing that follows them is left to do. The clock runs in the page, from the key to the frame.
import { parseArgs } from 'node:util';
import { openAt, pause, say, send, signIn } from './measuring.mjs';

const { values: options } = parseArgs({ options: { load: { type: 'string', default: '0' }, alerts: { type: 'string', default: '20' }, format: { type: 'string', default: 'text' } } });
const BATCH = 500;

/** Three in four medium, one in four low, by rules that fire on one event. */
const WHAT = [
  ['C:\\Windows\\System32\\netsh.exe', 'netsh advfirewall set allprofiles state off'],
  ['C:\\Windows\\System32\\netsh.exe', 'netsh advfirewall firewall add rule name=x dir=in program=C:\\Users\\Public\\x.exe'],
  ['C:\\Windows\\System32\\attrib.exe', 'attrib +h C:\\ProgramData\\update.exe'],
  ['C:\\Windows\\System32\\netsh.exe', 'netsh firewall set opmode disable'],
];
function record(i, time) {
  const [image, line] = WHAT[i % WHAT.length];
  const data = { RuleName: '-', UtcTime: time.replace('T', ' ').replace('Z', ''), ProcessId: String(500 + (i % 29_000)), Image: image, CommandLine: line, User: `CORP\\user${i % 997}`, ParentImage: 'C:\\Windows\\System32\\services.exe' };
  return JSON.stringify({ '@timestamp': time, winlog: { channel: 'Microsoft-Windows-Sysmon/Operational', event_id: '1', computer_name: `wks-${String(i).padStart(6, '0')}.corp.example`, provider_name: 'Microsoft-Windows-Sysmon', record_id: i, event_data: data } });
}

async function load(ask, count) {
  const token = await ask('POST', '/v1/tokens', { name: `triage-speed-${Date.now()}`, permissions: ['ingest:write'] });
  const started = performance.now();
  const begin = Date.now() - count;
  for (let first = 0; first < count; first += BATCH) {
    await send(token.secret, Array.from({ length: Math.min(BATCH, count - first) }, (_, i) => record(first + i, new Date(begin + first + i).toISOString())));
  }
  const seconds = () => (performance.now() - started) / 1000;
  let raised;
  for (let total = 0; total < count; await pause(2000)) {
    total = (await ask('GET', '/v1/alerts?limit=1')).total;
    raised = seconds();
    say(`${total} alerts after ${Math.round(raised)} s`);
  }
  for (let decided = 0; decided < count; await pause(2000)) {
    const { counts } = await ask('GET', '/v1/decisions');
    decided = Object.values(counts).reduce((a, b) => a + b, 0);
    say(`${decided} decided after ${Math.round(seconds())} s`);
  }
  return { raised_per_s: Math.round(count / raised), decided_per_s: Math.round(count / seconds()) };
}

/** From the second key to the frame in which the row is closed, and to the one in which the rail tells the next alert. */
async function close(page, keys) {
  await page.evaluate(() => {
    const rail = () => document.querySelector('aside.rail');
    const row = document.querySelector('.grow[aria-selected=true]');
    const was = rail().dataset.alert;
    globalThis.round = new Promise((done) => {
      let began = 0, seen = 0, count = 0;
      const key = (e) => { if (++count === 2) { began = e.timeStamp; removeEventListener('keydown', key, { capture: true }); } };
      addEventListener('keydown', key, { capture: true });
      const closed = () => { const now = document.getElementById(row.id); return !now || now.dataset.status === 'resolved'; };
      const told = () => rail().dataset.alert !== was && [...rail().querySelectorAll('h3')].some((h) => h.textContent === 'Why it fired') && rail().querySelector('.why');
      const look = (t) => {
        if (began && !seen && closed()) seen = t - began;
        if (seen && told()) done({ act: seen, rail: t - began });
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });
  });
  for (const key of keys) await page.keyboard.press(key);
  return page.evaluate(() => globalThis.round);
}

const ask = await signIn();
const loaded = Number(options.load) > 0 ? await load(ask, Number(options.load)) : {};
const { browser, page } = await openAt('/alerts');
await page.locator('.grow[id]').first().waitFor();
await page.keyboard.press('j');
await page.keyboard.press('o');
await page.locator('aside.rail .why').waitFor();
const took = [];
for (let i = 0; i < Number(options.alerts) + 2; i++) {
  took.push(await close(page, ['e', 'fbt'[i % 3]]));
  await page.waitForTimeout(300); // somebody reads
}
const { total } = await ask('GET', '/v1/alerts?limit=1');
await browser.close();
const at = (name, share) => {
  const sorted = took.slice(2).map((t) => t[name]).sort((a, b) => a - b); // the first two warm the browser up
  return Math.round(sorted[Math.ceil(sorted.length * share) - 1]);
};
const result = { alerts: total, closed: took.length, keys_each: 2, act_p50_ms: at('act', 0.5), act_p95_ms: at('act', 0.95), rail_p50_ms: at('rail', 0.5), rail_p95_ms: at('rail', 0.95), ...loaded };
console.log(options.format === 'json' ? JSON.stringify(result) : Object.entries(result).map(([k, v]) => `${k} ${v}`).join(', '));
