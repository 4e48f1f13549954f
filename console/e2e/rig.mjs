// The browser that all tests share, and what they do in it over and over.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import { after, before } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';

const FLAGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
export const IMAGES = fileURLToPath(new URL('../../docs/images/', import.meta.url));
const AXE = readFileSync(new URL('../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
export const SHOTS = process.env.MARSAD_SHOTS === '1';
export const ARRIVAL_MS = Number(process.env.MARSAD_ARRIVAL_MS ?? 60_000);
export const WAIT_MS = 20_000;

export let base = process.env.MARSAD_URL;
export let user = process.env.MARSAD_USER ?? 'admin';
export let password = process.env.MARSAD_PASSWORD ?? '';
export let raise = process.env.MARSAD_RAISE;
export let stub;
export let browser;

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
export async function open(scheme) {
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
export async function signIn(page, path) {
  await page.goto(base + path);
  await page.getByLabel('Username').fill(user);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.keyboard.press('Enter');
}
/** What is fading in has no contrast yet: it is looked at when it stands. */
const stands = () =>
  [...document.querySelectorAll('.mantine-Notification-root')].every((one) => getComputedStyle(one).opacity === '1') &&
  document.getAnimations().every((one) => one.playState !== 'running' || one.effect.getComputedTiming().endTime === Infinity);
export async function clean(page, what) {
  await page.waitForFunction(stands);
  await page.evaluate(AXE);
  const violations = await page.evaluate(async () => (await globalThis.axe.run(document)).violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160)).join(' | ')}`));
  assert.deepEqual(violations, [], `axe on ${what}`);
}
export const rows = (page) => page.locator('.grow[id]');
export const status = (page, id, want) => page.waitForFunction(([i, w]) => w.includes(document.getElementById(i)?.dataset.status), [id, want]);
export const current = (page) => page.locator('.grow[aria-selected=true]').getAttribute('id');
/** Presses keys one after the other, as somebody does who knows them. */
export async function keys(page, ...all) {
  for (const key of all) await page.keyboard.press(key);
}
/** Asks again until there are rows: the story is still being told. */
export async function rowsComeBy(page, key) {
  for (let i = 0; i < 60; i++) {
    await page.waitForTimeout(700);
    if ((await page.locator('.ritem').count()) > 0) return;
    await page.keyboard.press(key);
  }
  assert.fail('no row came');
}
/** The demo's story is told while the tests run; what a test needs of it, it waits for. */
export async function arrived(page, title, timeout = ARRIVAL_MS) {
  await page.waitForFunction((t) => [...document.querySelectorAll('.grow[id] .title')].some((x) => x.textContent === t), title, { timeout });
}
