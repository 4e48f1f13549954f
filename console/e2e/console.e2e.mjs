// The console in a real browser, against a running platform:
//   MARSAD_URL=http://127.0.0.1:8080 MARSAD_USER=admin MARSAD_PASSWORD=… node --test e2e/console.e2e.mjs
// CHROMIUM names the browser. MARSAD_SHOTS=1 writes docs/images. Without MARSAD_URL the development stub is started.
// MARSAD_RAISE=URL, where given, is asked (GET) to raise an alert; otherwise the test waits for the demo to raise one.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { authenticator } from './authenticator.mjs';
import { passkeys } from './passkeys.mjs';
import { tellTheMonthBefore } from './story.mjs';

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
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme: scheme });
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
const rows = (page) => page.locator('.grow[id]');
const status = (page, id, want) => page.waitForFunction(([i, w]) => w.includes(document.getElementById(i)?.dataset.status), [id, want]);
const current = (page) => page.locator('.grow[aria-selected=true]').getAttribute('id');
/** Presses keys one after the other, as somebody does who knows them. */
async function keys(page, ...all) {
  for (const key of all) await page.keyboard.press(key);
}
/** Asks again until there are rows: the story is still being told. */
async function rowsComeBy(page, key) {
  for (let i = 0; i < 60; i++) {
    await page.waitForTimeout(700);
    if ((await page.locator('.ritem').count()) > 0) return;
    await page.keyboard.press(key);
  }
  assert.fail('no row came');
}
/** The demo's story is told while the tests run; what a test needs of it, it waits for. */
async function arrived(page, title, timeout = ARRIVAL_MS) {
  await page.waitForFunction((t) => [...document.querySelectorAll('.grow[id] .title')].some((x) => x.textContent === t), title, { timeout });
}

test('a passkey is made, signs in, and its copy is refused', { timeout: 120_000 }, async (t) => {
  if (stub) return t.skip('the stub checks no signatures');
  await passkeys({ browser, base, user, password, clean });
});

test('an authenticator app is added, asked for and removed', { timeout: 120_000 }, async (t) => {
  if (stub) return t.skip('the stub checks no codes');
  await authenticator({ browser, base, user, password, clean });
});

for (const scheme of ['dark', 'light']) {
  test(`the way of an alert, ${scheme}`, { timeout: 240_000 }, async () => {
    const { page, errors, close } = await open(scheme);
    await page.goto(`${base}/alerts`);
    await page.getByLabel('Username').waitFor();
    await clean(page, 'sign-in');
    await signIn(page, '/alerts');

    // An alert comes by itself: the page is not loaded again.
    await page.locator('[data-testid=live][data-state=live]').waitFor();
    await page.evaluate(() => (globalThis.stillHere = true));
    if (scheme === 'dark' || raise) {
      const seen = new Set(await rows(page).evaluateAll((all) => all.map((r) => r.id)));
      if (raise) await fetch(raise);
      await page.waitForFunction((before) => [...document.querySelectorAll('.grow[id]')].some((r) => !before.includes(r.id)), [...seen], { timeout: ARRIVAL_MS });
    }
    await page.waitForFunction(() => document.querySelectorAll('.grow[id]').length >= 3, undefined, { timeout: ARRIVAL_MS });
    assert.equal(await page.evaluate(() => globalThis.stillHere), true, 'the page was not loaded again');
    assert.equal(await page.locator('.seg button[aria-pressed=true]').first().innerText().then((t) => t.split(/\s/)[0]), 'Open', 'the queue shows open alerts');
    const who = await page.locator('.grow[id] .c-host, .grow[id] .c-user').evaluateAll((all) => all.map((c) => c.textContent));
    assert.ok(who.some((w) => w.length > 0), 'rows say who and where');
    await clean(page, 'the queue');

    // Why it fired.
    await keys(page, 'j', 'o');
    const rail = page.getByRole('complementary', { name: 'Alert' });
    await rail.getByRole('heading', { name: 'Why it fired' }).waitFor();
    assert.ok((await rail.locator('.why').innerText()).length > 40, 'a reason in words');
    await rail.locator('.match mark').first().waitFor();
    await rail.locator('.fields tr[data-hit] mark').first().waitFor();
    assert.ok((await rail.locator('.ent').count()) > 0, 'the alert names somebody');
    const id = await rail.getAttribute('data-alert');
    assert.ok(page.url().includes(`alert=${id}`), 'the address names the alert');
    await clean(page, 'the rail');
    await rail.getByRole('tab', { name: 'OCSF' }).click();
    await rail.locator('pre.code .j-k').first().waitFor();
    await rail.getByRole('tab', { name: 'Raw' }).click();
    await rail.getByRole('button', { name: 'Copy record' }).waitFor();
    await clean(page, 'the record as it came');

    // Two keys close it, one brings it back.
    await keys(page, 'e', 'b');
    await status(page, `row-${id}`, ['resolved']);
    await clean(page, 'the queue after closing');
    await page.keyboard.press('u');
    await status(page, `row-${id}`, ['new', 'in_progress']);

    // Down and up again, another verdict, and it is undone too.
    await page.keyboard.press('Escape');
    await rail.waitFor({ state: 'detached' });
    await page.keyboard.press('.');
    await keys(page, 'g', 'g');
    const first = await current(page);
    await page.keyboard.press('j');
    await page.waitForFunction((was) => document.querySelector('.grow[aria-selected=true]')?.id !== was, first);
    await page.keyboard.press('k');
    await page.waitForFunction((was) => document.querySelector('.grow[aria-selected=true]')?.id === was, first);
    await keys(page, 'e', 'f');
    await status(page, first, ['resolved']);
    await page.keyboard.press('u');
    await status(page, first, ['new', 'in_progress']);

    // Two at once.
    await keys(page, 'g', 'g', 'x', 'x');
    const bulk = page.getByRole('toolbar', { name: 'Act on the marked alerts' });
    await bulk.getByText('2 marked').waitFor();
    const marked = await page.locator('.grow[data-marked]').evaluateAll((all) => all.map((r) => r.id));
    assert.equal(marked.length, 2);
    await clean(page, 'marked alerts');
    await keys(page, 'e', 't');
    for (const row of marked) await status(page, row, ['resolved']);
    await page.keyboard.press('u');
    for (const row of marked) await status(page, row, ['new', 'in_progress']);

    // Words narrow the queue; a queue without alerts says so.
    await page.keyboard.press('/');
    await page.keyboard.type('nothing is called like this');
    await page.getByRole('heading', { name: /^No / }).waitFor();
    await clean(page, 'an empty queue');
    await keys(page, 'Escape', '0');
    await rows(page).first().waitFor();

    // A link to it opens it again.
    await page.goto(`${base}/alerts?alert=${id}`);
    await rail.getByRole('heading', { name: 'Why it fired' }).waitFor();
    assert.ok((await rail.locator('.hist li').count()) >= 3, 'its history tells what was done');

    assert.deepEqual(errors, []);
    await close();
  });

  test(`sources and search, ${scheme}`, { timeout: 240_000 }, async () => {
    const { page, errors, close } = await open(scheme);
    await signIn(page, '/alerts');
    await page.getByRole('heading', { name: 'Alerts' }).waitFor();
    await keys(page, 'g', 'o');
    await page.getByRole('heading', { name: 'Where every record went' }).waitFor();
    await page.locator('.tbl tbody tr').first().waitFor();
    const ledger = (await page.locator('.ledger b').allInnerTexts()).map((t) => Number(t.replaceAll(',', '')));
    assert.equal(ledger[0], ledger[1] + ledger[2] + ledger[3] + ledger[4], `the ledger adds up: ${ledger}`);
    await page.getByText('adds up').waitFor();
    await clean(page, 'sources');

    // A source of one's own: a token, a first event, and it is there; without the token it is refused.
    const name = scheme === 'dark' ? 'web-servers' : 'mail-gateway';
    if (!stub) {
      await page.keyboard.press('n');
      await page.getByLabel('Name of the source').fill(name);
      await page.keyboard.press('Enter');
      const secret = await page.locator('.copyline pre').first().innerText();
      await clean(page, 'a new token');
      const send = () => fetch(`${base}/v1/ingest/events`, { method: 'POST', headers: { authorization: `Bearer ${secret.trim()}`, 'content-type': 'application/json' }, body: JSON.stringify({ category: 'auth', action: 'login', outcome: 'failure', source: { host: 'web-1' }, actor: { type: 'user', name: `guest-${scheme}` } }) });
      assert.equal((await send()).status, 202);
      await page.getByRole('button', { name: 'I have it' }).click();
      await page.locator(`tr[data-origin="${name}"]`).waitFor();
      await page.getByRole('button', { name: `Revoke ${name}` }).click();
      await clean(page, 'revoking a token');
      await page.getByRole('button', { name: 'Revoke it' }).click();
      await page.locator(`tr[data-token="${name}"]`).waitFor({ state: 'detached' });
      assert.equal((await send()).status, 401);
    }

    await keys(page, 'g', 's');
    await page.locator('.ritem').first().waitFor();
    await page.locator('.histo canvas').waitFor();
    const said = await page.locator('.ritem .rrow > span:last-child').allInnerTexts();
    assert.ok(said.every((t) => t.length > 3), `every row says what happened: ${said}`);
    if (!stub) {
      await page.keyboard.press('/');
      await page.keyboard.type(`user = guest-${scheme}`);
      await page.keyboard.press('Enter');
      await page.waitForURL((u) => u.searchParams.get('q') === `user = guest-${scheme}`);
      await page.waitForFunction((w) => document.querySelector('.ritem .rrow')?.textContent.includes(w), `guest-${scheme}`);
      await page.goto(`${base}/search`);
      await page.locator('.ritem').first().waitFor();
    }
    await keys(page, 'j', 'o');
    await page.locator('.rmore .fields tr').first().waitFor();
    await clean(page, 'search');

    // A field of the event narrows the search.
    const before = page.url();
    await page.locator('.rmore .fields tr').first().hover();
    await page.getByRole('button', { name: /^Only events where/ }).first().click();
    await page.waitForURL((u) => u.href !== before && u.searchParams.has('q'));
    await page.locator('.ritem').first().waitFor();

    if (!stub) {
      // Hunting by keyboard: a completion is taken with Tab, an answer of stages is a table and a chart.
      await page.keyboard.press('/');
      await page.keyboard.press('Control+a');
      await page.keyboard.type('* | stat');
      await page.locator('.cm-tooltip-autocomplete li', { hasText: 'stats' }).first().waitFor();
      await page.keyboard.press('Tab');
      await page.keyboard.type(' count by activity_name');
      await page.keyboard.press('Enter');
      await page.waitForURL((u) => /stats\s+count by activity_name/.test(u.searchParams.get('q') ?? ''));
      await page.locator('.stat tbody td.num').first().waitFor();
      await clean(page, 'a table');
      await keys(page, 'Escape', 'v');
      await page.getByTestId('chart').waitFor();
      await clean(page, 'a chart');
      await page.goto(`${base}/search?q=${encodeURIComponent('* | timechart span=1h count by activity_name')}`);
      await page.locator('.lines canvas').waitFor();
      await clean(page, 'a chart over time');
      await page.goto(`${base}/search`);
      await page.locator('.ritem').first().waitFor();
      await page.locator('.fpane .fname').first().click();
      await page.locator('.fval').first().waitFor();
      await clean(page, 'values of a field');
      await keys(page, 'j', 'w');
      await page.waitForURL((u) => u.searchParams.has('from') && u.searchParams.has('event'));
      await page.locator('.rmore .fields tr').first().waitFor();
    }

    // A stretch of the histogram becomes the time range.
    await page.locator('.histo canvas').waitFor();
    const plot = await page.locator('.histo .u-over').boundingBox();
    await page.mouse.move(plot.x + plot.width * 0.2, plot.y + 20);
    await page.mouse.down();
    await page.mouse.move(plot.x + plot.width * 0.9, plot.y + 30, { steps: 6 });
    await page.mouse.up();
    await page.waitForURL((u) => u.searchParams.has('from') && u.searchParams.has('to'));

    // A query that cannot be read is explained; it is the one refusal that the browser may log.
    await page.goto(`${base}/search?q=user+%3D`);
    await page.getByRole('heading', { name: 'The query cannot be read' }).waitFor();
    await clean(page, 'a wrong query');
    const refusals = errors.splice(0);
    assert.ok(refusals.every((e) => e.includes('400') && e.includes('/v1/events/')), `${refusals}`);

    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys of this screen' }).waitFor();
    await clean(page, 'the keys');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Go to or do' }).fill('sign out');
    await clean(page, 'the palette');
    await page.keyboard.press('Enter');
    await page.getByText('You are signed out.').waitFor();

    assert.deepEqual(errors, []);
    await close();
  });
}

for (const scheme of ['dark', 'light']) {
  test(`rules and hunts, ${scheme}`, { timeout: 240_000 }, async () => {
    const { page, errors, close } = await open(scheme);
    await signIn(page, '/alerts');
    await page.getByRole('heading', { name: 'Alerts' }).waitFor();

    // From a rule to its events, by keyboard.
    await keys(page, 'g', 'r');
    const grid = page.getByRole('grid', { name: 'Rules' });
    await grid.locator('.grow[data-rule]').first().waitFor();
    assert.ok(Number((await page.getByTestId('rule-total').innerText()).replaceAll(',', '')) > 100, 'the shipped rules are there');
    await clean(page, 'the rules');
    await page.keyboard.press('/');
    await page.keyboard.type('powershell encoded');
    await page.keyboard.press('Enter');
    await page.waitForURL((u) => u.searchParams.get('q') === 'powershell encoded');
    await grid.locator('.grow', { hasText: 'PowerShell runs an encoded command' }).waitFor();
    await page.waitForFunction(() => !/^\d{3}/.test(document.querySelector('[data-testid=rule-total]').textContent));
    await keys(page, 'g', 'g');
    while (!(await grid.locator('.grow[aria-selected=true]').innerText()).includes('PowerShell runs an encoded command')) await page.keyboard.press('j');
    await page.keyboard.press('o');
    const rail = page.getByRole('complementary', { name: 'Rule' });
    await rail.getByRole('heading', { name: 'PowerShell runs an encoded command' }).waitFor();
    await rail.locator('pre.code .j-k').first().waitFor();
    const rule = new URL(page.url()).searchParams.get('rule');
    await clean(page, 'a rule');
    await page.keyboard.press('s');
    await page.waitForURL((u) => u.pathname === '/search' && u.searchParams.get('of') === rule);
    await page.getByTestId('rule-note').waitFor();
    await clean(page, "a rule's text as a search");
    await page.keyboard.press('e');
    await page.waitForURL((u) => u.searchParams.get('rule') === rule && !u.searchParams.has('q'));
    await page.getByText('Only events on which this rule fires').waitFor();
    if (!stub) await rowsComeBy(page, 'r');
    await clean(page, 'a rule run exactly');
    await page.reload();
    await page.getByText('Only events on which this rule fires').waitFor();

    // The same rule over the past: a preview by day, its hits, and what raising would do.
    await page.goto(`${base}/rules?rule=${rule}`);
    await rail.getByRole('heading').first().waitFor();
    await page.keyboard.press('h');
    await page.waitForURL((u) => u.pathname === '/hunts' && u.searchParams.get('rules') === rule);
    await page.getByRole('button', { name: 'Start the hunt' }).waitFor();
    await clean(page, 'a new hunt');
    await page.keyboard.press('s');
    await page.waitForURL((u) => u.searchParams.has('hunt'));
    await page.getByTestId('days').waitFor();
    await page.locator('.samples a').first().waitFor();
    await page.waitForFunction(() => !document.querySelector('.samples .sk'));
    await clean(page, 'a hunt');
    await page.reload();
    await page.getByTestId('days').waitFor();
    await page.keyboard.press('a');
    const dialog = page.getByRole('dialog', { name: /^Raise / });
    await dialog.getByText('has the same id').waitFor();
    await clean(page, 'raising alerts');
    if (scheme === 'dark' || stub) await page.keyboard.press('Escape');
    else {
      await keys(page, 'Shift+Tab', 'Enter');
      await page.getByText('raises alerts').waitFor();
      await page.getByText('hits, raised').waitFor();
    }
    await dialog.waitFor({ state: 'detached' });

    // All rules at once, and a rule of one's own that is wrong.
    await keys(page, 'n', 's');
    await page.getByRole('heading', { name: 'By rule' }).waitFor();
    await page.locator('.hrules button').first().focus();
    await page.keyboard.press('Enter');
    await page.waitForURL((u) => u.searchParams.has('rule'));
    await page.locator('.samples a').first().waitFor();
    await clean(page, 'a hunt of all rules');
    await page.goto(`${base}/hunts?new=yes`);
    await page.getByRole('button', { name: 'A rule that I write or paste' }).click();
    await page.getByRole('textbox', { name: 'Sigma rule' }).waitFor();
    await page.keyboard.insertText('title: mine\nlogsource:\n    product: windows\n');
    await page.keyboard.press('Control+Enter');
    await page.locator('.cm-badline').waitFor();
    await clean(page, 'a rule that is wrong');
    assert.ok(errors.splice(0).every((e) => e.includes('400') && e.includes('/v1/hunts')), 'nothing but the refusal');
    await close();
  });
}

for (const scheme of ['dark', 'light']) {
  test(`saved and scheduled searches, ${scheme}`, { timeout: 240_000, skip: !process.env.MARSAD_URL }, async () => {
    const { page, errors, close } = await open(scheme);
    await signIn(page, '/alerts');
    await page.getByRole('heading', { name: 'Alerts' }).waitFor();
    const mark = `${scheme} ${Date.now() % 1_000_000}`; // so that it can be run again on the same platform
    const name = `Sign-ins that failed, ${mark}`;
    const query = `activity_name = Logon and status_id = 2 or user = nobody-${scheme}`;

    // Written, run, saved; the address names it and a reload shows it again.
    await keys(page, 'g', 's');
    await page.locator('.ritem').first().waitFor();
    await page.keyboard.press('/');
    await page.keyboard.type(query);
    await page.keyboard.press('Enter');
    await page.waitForURL((u) => u.searchParams.get('q') === query);
    await keys(page, 'Escape', 'Escape', 'S');
    await page.getByLabel('Name', { exact: true }).fill(name);
    await clean(page, 'saving a search');
    await page.keyboard.press('Enter');
    await page.waitForURL((u) => u.searchParams.has('saved'));
    const saved = new URL(page.url()).searchParams.get('saved');
    await page.goto(`${base}/search?saved=${saved}`);
    await page.waitForURL((u) => u.searchParams.get('q') === query);
    await page.getByRole('button', { name: `Saved searches; this is ${name}` }).waitFor();
    await page.keyboard.press('m');
    await page.getByRole('menuitem', { name: new RegExp(name) }).waitFor();
    await clean(page, 'the menu of saved searches');
    await page.keyboard.press('Escape');

    // What was asked comes back with the arrow up.
    await page.goto(`${base}/search`);
    await page.locator('.ritem').first().waitFor();
    await keys(page, '/', 'ArrowUp');
    await page.waitForFunction((q) => document.querySelector('.cm-content').textContent === q, query);
    await keys(page, 'Enter');
    await page.waitForURL((u) => u.searchParams.get('q') === query);

    // It runs by itself.
    await keys(page, 'Escape', 'Escape', 'c');
    await page.getByLabel('Name', { exact: true }).fill(name);
    const cron = page.getByLabel(/^Cron expression/);
    await cron.fill('*/5 8-17 * * 1-5');
    await page.getByText('Every 5 minutes from 08:00 to 17:59, Monday to Friday').waitFor();
    await cron.fill('99 * * * *');
    await page.getByText('The minute “99” cannot be read').waitFor();
    await clean(page, 'a schedule that is wrong');
    await cron.fill('*/15 * * * *');
    await page.keyboard.press('Enter');
    await page.waitForURL((u) => u.pathname === '/schedules' && u.searchParams.has('schedule'));
    await page.getByRole('heading', { name }).waitFor();
    await page.keyboard.press('r');
    await page.locator('.runs .pill', { hasText: 'done' }).first().waitFor();
    await clean(page, 'a schedule with a run');
    await page.keyboard.press('x');
    await page.getByRole('button', { name: /^Turn on/ }).waitFor();
    await page.keyboard.press('d');
    await page.getByRole('heading', { name }).waitFor({ state: 'detached' });
    await page.keyboard.press('u');
    await page.getByRole('heading', { name }).waitFor();
    await page.keyboard.press('d');
    await page.getByRole('heading', { name }).waitFor({ state: 'detached' });
    await clean(page, 'no schedules');

    // Renamed, shared, deleted and brought back.
    await keys(page, 'g', 'v');
    await page.locator('.vtable tbody tr').first().waitFor();
    while ((await page.locator('.vtable tr[data-at]').getAttribute('data-view', { timeout: 1000 }).catch(() => '')) !== name) await page.keyboard.press('j');
    await page.keyboard.press('r');
    await page.keyboard.insertText(`Failed sign-ins, ${mark}`);
    await page.keyboard.press('Enter');
    const row = page.locator(`.vtable tr[data-view="Failed sign-ins, ${mark}"]`);
    await row.waitFor();
    await page.keyboard.press('s');
    await row.getByText('everybody').waitFor();
    await clean(page, 'saved searches');
    await page.keyboard.press('d');
    await row.waitFor({ state: 'detached' });
    await page.keyboard.press('u');
    await row.waitFor();
    assert.deepEqual(errors, []);
    await close();
  });
}

test('the audit log by keyboard: what was done, by whom, and whether the record is whole', { timeout: 120_000 }, async () => {
  const { page, errors, close } = await open('dark');
  await signIn(page, '/alerts');
  await page.locator('.topbar').waitFor();
  await keys(page, 'g', 'u');
  await page.locator('[id^="audit-"]').first().waitFor();
  await page.getByText('chain whole').waitFor();
  await clean(page, 'the audit log');
  await keys(page, 'j', 'o');
  await page.getByText(/^Request$/).waitFor();
  await page.keyboard.press('a');
  await page.waitForURL((u) => u.searchParams.has('actor'));
  await page.getByRole('button', { name: 'session', exact: true }).click();
  await page.waitForURL((u) => u.searchParams.get('action') === 'session.');
  await page.locator('[id^="audit-"]').first().waitFor();
  await clean(page, 'the audit log, narrowed');
  await page.keyboard.press('0');
  await page.waitForURL((u) => !u.searchParams.has('actor') && !u.searchParams.has('action'));
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Export NDJSON' }).click()]);
  assert.equal(file.suggestedFilename(), 'audit.ndjson');
  assert.deepEqual(errors, []);
  await close();
});

test('the pictures of the documentation', { timeout: 500_000, skip: !SHOTS }, async () => {
  /** Both schemes, one after the other; `take` goes to the places and takes their pictures. */
  const both = async (take) => {
    for (const scheme of ['dark', 'light']) {
      const { page, errors, close } = await open(scheme);
      const shot = async (name) => {
        await page.mouse.move(0, 0);
        await page.evaluate(() => document.fonts.ready);
        await page.waitForFunction(() => !document.querySelector('.mantine-Notification-root, .sk') && document.getAnimations().every((a) => a.playState !== 'running'));
        await page.screenshot({ path: `${IMAGES}${name}-${scheme}.png` });
      };
      await signIn(page, '/alerts');
      await page.locator('.topbar').waitFor();
      await take(page, shot);
      assert.deepEqual(errors, []);
      await close();
    }
  };
  await both(async (page, shot) => {
    await rows(page).first().waitFor();
    if (!stub) await arrived(page, 'Program that was not in the image is run', 120_000); // the story's last step
    await shot('alerts');
    if (!stub) await page.locator('.grow[id]', { hasText: 'PowerShell runs an encoded command' }).click();
    else await keys(page, 'j', 'o');
    await page.locator('.rail .fields tr[data-hit] mark').first().waitFor();
    await shot('rail');
    await page.goto(`${base}/search?last=15m&q=${encodeURIComponent('user in (l.berg, svc_backup, build-bot) or src = 203.0.113.50')}`);
    await page.locator('.ritem').first().waitFor();
    await page.locator('.histo canvas').waitFor();
    await page.locator('.fname').first().waitFor();
    await shot('search');
    await keys(page, 'g', 'o');
    await page.locator('.tbl tbody tr').first().waitFor();
    await shot('sources');
    await keys(page, 'g', 'u');
    await page.getByText('chain whole').waitFor();
    await shot('audit');
  });
  if (stub) return;
  await tellTheMonthBefore({ base, user, password });
  await both(async (page, shot) => {
    await page.goto(`${base}/rules?q=windows+process_creation`);
    await page.locator('.grow[data-rule]').nth(5).click();
    await page.locator('.rail pre.code').waitFor();
    await shot('rules');
    await page.goto(`${base}/rules?q=powershell+encoded`);
    await page.locator('.grow[data-rule]', { hasText: 'PowerShell runs an encoded command' }).click();
    await page.locator('.rail pre.code').waitFor();
    await page.keyboard.press('s');
    await page.getByTestId('rule-note').waitFor();
    await page.goto(`${page.url()}&last=30d`);
    await page.locator('.ritem').first().waitFor();
    await page.locator('.fname').first().waitFor();
    await shot('rule-search');
    await page.goto(`${base}/hunts?new=yes&rules=${new URL(page.url()).searchParams.get('of')}`);
    await page.locator('.picker .chip').waitFor();
    await shot('hunt-new');
    await page.goto(`${base}/hunts?new=yes`);
    await page.getByText(/runs all \d+ rules/).waitFor();
    await page.keyboard.press('s');
    await page.locator('.hrules button').first().click();
    await page.locator('.samples a').first().waitFor();
    await page.evaluate(() => { document.activeElement.blur(); document.querySelector('.hmain').scrollTop = 0; });
    await shot('hunt');
    await page.goto(`${base}/saved`);
    await page.locator('.vtable tbody tr').first().waitFor();
    await page.keyboard.press('j');
    await shot('saved');
    await page.goto(`${base}/schedules`);
    await page.locator('.hlist button', { hasText: 'shells' }).click();
    await page.keyboard.press('r');
    await page.locator('.runs .pill', { hasText: 'done' }).first().waitFor();
    await page.locator('.samples, .dsec p').first().waitFor();
    await page.locator('.mantine-Notification-root').waitFor({ state: 'detached' });
    await shot('schedules');
  });
});
