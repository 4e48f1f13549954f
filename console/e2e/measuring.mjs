// What the scripts that measure share: who they are, how they sign in and hand events in, and the browser's page.
import { chromium } from 'playwright-core';

const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
export const base = process.env.MARSAD_URL ?? 'http://127.0.0.1:8080';
const login = { username: process.env.MARSAD_USER ?? 'admin', password: process.env.MARSAD_PASSWORD ?? '' };
export const say = (text) => process.stderr.write(`${text}\n`);
export const pause = (ms) => new Promise((later) => setTimeout(later, ms));

/** Gives what asks the platform as this user: method, path, body. */
export async function signIn() {
  const r = await fetch(`${base}/v1/auth/login`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(login) });
  if (!r.ok) throw new Error(`sign-in: ${r.status} ${await r.text()}`);
  const cookie = r.headers.getSetCookie().map((c) => c.split(';')[0]).join('; ');
  const { csrf } = await r.json();
  return async (method, path, body) => {
    const a = await fetch(base + path, { method, headers: { cookie, 'content-type': 'application/json', 'x-marsad-csrf': csrf }, body: body && JSON.stringify(body) });
    if (!a.ok) throw new Error(`${path}: ${a.status} ${await a.text()}`);
    return a.json();
  };
}

/** Hands records of Windows in until they are taken; waits where it is told to. */
export async function send(secret, records) {
  for (;;) {
    const r = await fetch(`${base}/v1/ingest/batch?source_format=windows`, { method: 'POST', headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/x-ndjson' }, body: records.join('\n') });
    const said = await r.text();
    if (r.status === 202) {
      if (JSON.parse(said).rejected > 0) throw new Error(said);
      return;
    }
    if (r.status !== 429 && r.status !== 503) throw new Error(`${r.status} ${said}`);
    await pause(1000 * Number(r.headers.get('retry-after') ?? 1));
  }
}

/** A browser, and its page that is signed in at a path. */
export async function openAt(path) {
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
  const page = await (await browser.newContext({ viewport: { width: 1440, height: 900 } })).newPage();
  page.setDefaultTimeout(60_000);
  await page.goto(base + path);
  await page.getByLabel('Username').fill(login.username);
  await page.getByLabel('Password', { exact: true }).fill(login.password);
  await page.keyboard.press('Enter');
  return { browser, page };
}
