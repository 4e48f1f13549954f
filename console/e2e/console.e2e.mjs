// The console in a real browser, against a running platform:
//   MARSAD_URL=http://127.0.0.1:8080 MARSAD_USER=admin MARSAD_PASSWORD=… node --test e2e/console.e2e.mjs
// CHROMIUM names the browser. MARSAD_SHOTS=1 writes docs/images. Without MARSAD_URL the development stub is started.
// MARSAD_RAISE=URL, where given, is asked (GET) to raise an alert; otherwise the test waits for the demo to raise one.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const IMAGES = fileURLToPath(new URL('../../docs/images/', import.meta.url));
const AXE = readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
const SHOTS = process.env.MARSAD_SHOTS === '1';
const ARRIVAL_MS = Number(process.env.MARSAD_ARRIVAL_MS ?? 60_000);
const WAIT_MS = 20_000;

let base = process.env.MARSAD_URL;
let user = process.env.MARSAD_USER ?? 'admin';
let password = process.env.MARSAD_PASSWORD ?? '';
let raise = process.env.MARSAD_RAISE;
let stub;
let browser;

before(async () => {
  if (!base) {
    process.env.PORT = '0';
    ({ server: stub } = await import('./stub-server.mjs'));
    if (!stub.listening) await new Promise((up) => stub.once('listening', up));
    base = `http://127.0.0.1:${stub.address().port}`;
    [user, password, raise] = ['analyst', 'stub-password', `${base}/stub/raise`];
  }
  if (SHOTS) mkdirSync(IMAGES, { recursive: true });
  browser = await chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: FLAGS });
});
after(async () => {
  await browser?.close();
  stub?.closeAllConnections();
  stub?.close();
});

/** A page that remembers every error; being asked who one is before signing in is none. */
async function open(scheme) {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: scheme, deviceScaleFactor: SHOTS ? 2 : 1 });
  const page = await context.newPage();
  page.setDefaultTimeout(WAIT_MS);
  const errors = [];
  page.on('pageerror', (e) => errors.push(String(e)));
  page.on('console', (m) => {
    if (!['error', 'warning'].includes(m.type())) return;
    if (m.location().url.endsWith('/v1/auth/session') && m.text().includes('401')) return;
    errors.push(`${m.type()}: ${m.text()} ${m.location().url}`);
  });
  return { page, errors, close: () => context.close() };
}
async function signIn(page, path) {
  await page.goto(base + path);
  await page.getByLabel('Username').fill(user);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.keyboard.press('Enter');
}
async function clean(page, what) {
  await page.evaluate(AXE);
  const violations = await page.evaluate(async () => (await globalThis.axe.run(document)).violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160)).join(' | ')}`));
  assert.deepEqual(violations, [], `axe on ${what}`);
}
async function shot(page, name) {
  if (!SHOTS) return;
  await page.mouse.move(0, 0);
  await page.evaluate(() => document.fonts.ready);
  await page.waitForTimeout(400); // let the last transition end: this is a picture and no check
  await page.screenshot({ path: `${IMAGES}${name}.png` });
}
const rows = (page) => page.locator('.grow[id]');

for (const scheme of ['dark', 'light']) {
  test(`the way of an alert, ${scheme}`, { timeout: 240_000 }, async () => {
    const { page, errors, close } = await open(scheme);
    await page.goto(`${base}/alerts`);
    await page.getByLabel('Username').waitFor();
    await clean(page, 'sign-in');
    await shot(page, `signin-${scheme}`);
    await signIn(page, '/alerts');

    // An alert comes by itself: the page is not loaded again.
    await page.locator('[data-testid=live][data-state=live]').waitFor();
    await page.evaluate(() => (globalThis.stillHere = true));
    if (scheme === 'dark' || raise) {
      const seen = new Set(await rows(page).evaluateAll((all) => all.map((r) => r.id)));
      if (raise) await fetch(raise);
      await page.waitForFunction((before) => [...document.querySelectorAll('.grow[id]')].some((r) => !before.includes(r.id)), [...seen], { timeout: ARRIVAL_MS });
    } else await rows(page).first().waitFor();
    assert.equal(await page.evaluate(() => globalThis.stillHere), true, 'the page was not loaded again');
    await clean(page, 'the queue');
    await shot(page, `alerts-${scheme}`);

    // Why it fired.
    await page.keyboard.press('j');
    await page.keyboard.press('o');
    const rail = page.getByRole('complementary', { name: 'Alert' });
    await rail.getByRole('heading', { name: 'Why it fired' }).waitFor();
    assert.ok((await rail.locator('.why').innerText()).length > 10, 'a reason in words');
    await rail.locator('.fields tr').first().waitFor();
    const id = await rail.getAttribute('data-alert');
    assert.ok(page.url().includes(`alert=${id}`), 'the address names the alert');
    await clean(page, 'the rail');
    await shot(page, `rail-${scheme}`);
    await rail.getByRole('tab', { name: 'OCSF' }).click();
    await rail.locator('pre.code').first().waitFor();
    await rail.getByRole('tab', { name: 'Raw' }).click();
    await rail.getByRole('button', { name: 'Copy record' }).waitFor();

    // Two keys close it, one brings it back.
    const row = page.locator(`[id="row-${id}"]`);
    await page.keyboard.press('e');
    await page.keyboard.press('b');
    await page.locator(`[id="row-${id}"][data-status=resolved]`).waitFor();
    await clean(page, 'the queue after closing');
    await page.keyboard.press('u');
    await page.waitForFunction((r) => document.getElementById(r)?.dataset.status !== 'resolved', `row-${id}`);
    assert.ok(await row.isVisible());

    // A link to it opens it again.
    await page.goto(`${base}/alerts?alert=${id}`);
    await rail.getByRole('heading', { name: 'Why it fired' }).waitFor();

    assert.deepEqual(errors, []);
    await close();
  });

  test(`search and sources, ${scheme}`, { timeout: 240_000 }, async () => {
    const { page, errors, close } = await open(scheme);
    await signIn(page, '/search');
    await page.locator('.ritem').first().waitFor();
    await page.locator('.histo canvas').waitFor();
    await page.keyboard.press('j');
    await page.keyboard.press('o');
    await page.locator('.rmore .fields tr').first().waitFor();
    await clean(page, 'search');
    await shot(page, `search-${scheme}`);

    // A field of the event narrows the search.
    const before = page.url();
    await page.locator('.rmore .fields tr').first().hover();
    await page.getByRole('button', { name: /^Only events where/ }).first().click();
    await page.waitForURL((u) => u.href !== before && u.searchParams.has('q'));
    await page.locator('.ritem').first().waitFor();

    // A stretch of the histogram becomes the time range.
    const plot = await page.locator('.histo .u-over').boundingBox();
    await page.mouse.move(plot.x + plot.width * 0.2, plot.y + 20);
    await page.mouse.down();
    await page.mouse.move(plot.x + plot.width * 0.9, plot.y + 30, { steps: 6 });
    await page.mouse.up();
    await page.waitForURL((u) => u.searchParams.has('from') && u.searchParams.has('to'));

    await page.keyboard.press('Escape');
    await page.keyboard.press('g');
    await page.keyboard.press('h');
    await page.getByRole('heading', { name: 'Where every record went' }).waitFor();
    await page.locator('.tbl tbody tr').first().waitFor();
    await clean(page, 'sources');
    await shot(page, `sources-${scheme}`);

    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys of this screen' }).waitFor();
    await clean(page, 'the keys');
    await page.keyboard.press('Escape');
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Go to or do' }).fill('sign out');
    await clean(page, 'the palette');
    await page.keyboard.press('Enter');
    await page.getByText('You are signed out.').waitFor();

    assert.deepEqual(errors, []);
    await close();
  });
}
