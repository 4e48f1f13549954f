// Playbooks: found, built by keyboard only, tried, saved as they are.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { base, clean, keys, open, signIn, stub } from './rig.mjs';

const named = (page, name) => page.waitForFunction((n) => document.querySelector('.pb-node[aria-pressed=true] .pb-name')?.textContent === n && document.activeElement?.classList.contains('pb-node'), name);
/** Puts a step behind the one that is chosen: opens the palette, types, Enter; the new step is chosen then. `where` begins the name of another place. */
async function add(page, words, where) {
  const at = () => page.locator('.pb-node[aria-pressed=true]').getAttribute('data-step');
  const before = await at();
  await page.keyboard.press('a');
  // The palette of the step before may still be on its way out: what is typed goes into the one that has the focus.
  await page.waitForFunction(() => { const e = document.activeElement; return e?.getAttribute('role') === 'combobox' && e.value === ''; });
  await page.keyboard.type(words);
  if (where) {
    await keys(page, 'Tab');
    await page.keyboard.type(where);
    await keys(page, 'Shift+Tab');
  }
  await page.keyboard.press('Enter');
  await page.waitForFunction((b) => { const e = document.querySelector('.pb-node[aria-pressed=true]'); return e && e.dataset.step !== b && document.activeElement === e; }, before);
  await page.locator('.dialog').waitFor({ state: 'detached' });
}
/** From the chosen step into its form, to the field with this name, by Tab only. */
async function tabTo(page, label) {
  for (let i = 0; i < 40; i++) {
    const at = await page.evaluate(() => { const e = document.activeElement; return e?.getAttribute('aria-label') ?? e?.closest('label')?.textContent ?? ''; });
    if (at.startsWith(label)) return;
    await page.keyboard.press('Tab');
  }
  assert.fail(`no field ${label} is reached with Tab`);
}

/** The form of the chosen step, at its name. */
async function form(page) {
  await keys(page, 'Enter');
  await page.waitForFunction(() => document.activeElement?.getAttribute('name') === 'name');
}
/** What a person who is signed in asks of the API beside the screen. */
async function call(page, method, path, data) {
  const { csrf } = await (await page.request.get(`${base}/v1/auth/session`)).json();
  return page.request.fetch(base + path, { method, data, headers: { 'x-marsad-csrf': csrf } });
}
/** Tries the playbook of the address on the newest alert, if the platform has the route; says whether it has. */
async function tried(page, t) {
  const id = new URL(page.url()).pathname.split('/').at(-1);
  if ((await call(page, 'POST', `/v1/playbooks/${id}/dry-run`, { about: null, given: {}, source: null, assume: {} })).status() === 404) {
    t.diagnostic('not tried: the platform has no dry run over HTTP yet');
    return false;
  }
  await keys(page, 'r');
  const panel = page.locator('#pb-panel');
  await panel.locator('.pb-steps li').first().waitFor();
  await panel.locator('.pb-alert input').nth(1).focus();
  await keys(page, 'Space');
  const [sent] = await Promise.all([page.waitForRequest((r) => r.url().endsWith('/dry-run')), panel.getByRole('button', { name: /^Dry run/ }).press('Enter')]);
  assert.match(sent.postDataJSON().about, /^alert:/);
  await panel.locator('.pb-steps li').first().waitFor();
  return true;
}
const savedNow = (page) => page.waitForFunction(() => document.querySelector('.pb-head')?.textContent.includes('saved') && !document.querySelector('.pb-head')?.textContent.includes('not saved'));

test('a playbook of four steps is built with the keyboard only, tried, and saved', { timeout: 200_000 }, async (t) => {
  const { page, errors, close } = await open('dark');
  await signIn(page, '/playbooks');
  await page.getByRole('heading', { name: 'Playbooks' }).waitFor();
  await page.locator('.pb-list, .empty').first().waitFor();
  await clean(page, 'the list of playbooks');
  await page.keyboard.press('n');
  await page.locator('.pb-node').first().waitFor();
  await keys(page, 'ArrowDown', 'ArrowUp');
  await named(page, 'Start');
  await add(page, 'look_up');
  await form(page);
  await page.keyboard.press('Control+a');
  await page.keyboard.type('Ask what is known');
  await tabTo(page, 'type');
  await page.keyboard.type('ipv4-addr');
  await tabTo(page, 'value');
  await page.keyboard.type('__source_ip__:value');
  await keys(page, 'Escape');
  await named(page, 'Ask what is known');
  await add(page, 'task for');
  await add(page, 'if');
  await form(page);
  await tabTo(page, 'Condition');
  await page.keyboard.type("__source_ip__:value != '10.0.0.1'");
  await keys(page, 'Escape');
  await keys(page, 'ArrowDown'); // the end of its branch: a step goes before it
  await page.waitForFunction(() => document.querySelector('.pb-node[aria-pressed=true]')?.dataset.kind === 'end');
  await add(page, 'tag_alert');
  await form(page);
  await tabTo(page, 'alert');
  await page.keyboard.type('__alert_id__:value');
  await tabTo(page, 'tag');
  await page.keyboard.type('seen');
  await keys(page, 'Escape');
  await page.getByText('can be run').waitFor();
  await clean(page, 'the editor');
  const text = () => page.locator('.pb-text .cm-content').innerText();
  for (const said of ['name: Ask what is known', 'action: look_up', 'action: tag_alert']) {
    for (let i = 0; i < 30 && !(await text()).includes(said); i++) await page.locator('.pb-text .cm-scroller').evaluate((e, n) => { e.scrollTop = n * 300; }, i);
    assert.ok((await text()).includes(said), said);
  }
  // Undo goes back as far as it began, redo comes again.
  const steps = await page.locator('.pb-node').count();
  assert.equal(steps, 7);
  for (let i = 0; i < 30; i++) await page.keyboard.press('Control+z');
  await page.waitForFunction(() => document.querySelectorAll('.pb-node').length === 2);
  for (let i = 0; i < 30; i++) await page.keyboard.press('Control+Shift+z');
  await page.waitForFunction((n) => document.querySelectorAll('.pb-node').length === n, steps);
  if (await tried(page, t)) {
    await page.locator('.pb-node[data-mark=waits], .pb-node[data-mark=done]').first().waitFor();
    await clean(page, 'the dry run');
  }
  await page.keyboard.press('Control+s');
  await savedNow(page);
  await page.reload();
  await page.waitForFunction((n) => document.querySelectorAll('.pb-node').length === n, steps);
  assert.deepEqual(errors, []);
  await close();
});

/** Somebody else, signed in at a place. */
async function second(page, path) {
  const made = await call(page, 'POST', '/v1/users', { username: OTHER, role: 'soc_analyst' });
  assert.equal(made.status(), 201, await made.text());
  const two = await open('light');
  await two.page.goto(base + path);
  await two.page.getByLabel('Username').fill(OTHER);
  await two.page.getByLabel('Password', { exact: true }).fill((await made.json()).password);
  await keys(two.page, 'Enter');
  return two;
}
const OTHER = 'erin';
/** Says that the task that waits was done. */
async function answer(page, comment) {
  await keys(page, 'a');
  await page.getByRole('dialog').getByLabel('Comment').fill(comment);
  await keys(page, 'Enter');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

test('a playbook is built, run, agreed to by somebody else, and both see it end', { timeout: 240_000 }, async (t) => {
  if (stub) return t.skip('the runs of the stub are made up');
  const { page, errors, close } = await open('dark');
  await signIn(page, '/playbooks');
  await page.locator('.pb-list tbody tr').first().waitFor();
  await keys(page, 'n');
  await page.locator('.pb-node').first().waitFor();
  await keys(page, 'ArrowDown', 'ArrowUp');
  await named(page, 'Start');
  await add(page, 'task for');
  await form(page);
  await page.keyboard.press('Control+a');
  await page.keyboard.type('Ask the owner');
  await keys(page, 'Escape');
  await named(page, 'Ask the owner');
  await add(page, 'if');
  await form(page);
  await tabTo(page, 'Condition');
  await page.keyboard.type("__host__:value != ''");
  await keys(page, 'Escape', 'ArrowDown');
  await page.waitForFunction(() => document.querySelector('.pb-node[aria-pressed=true]')?.dataset.kind === 'end');
  await add(page, 'isolate_host');
  await form(page);
  await tabTo(page, 'host');
  await page.keyboard.type('__host__:value');
  await keys(page, 'Escape');
  await named(page, 'Isolate a host');
  // Nobody may be there who does it: then a person does.
  await add(page, 'task for', 'when it fails');
  await form(page);
  await page.keyboard.press('Control+a');
  await page.keyboard.type('Isolate it by hand');
  await keys(page, 'Escape');
  await page.getByText('can be run').waitFor();
  await page.keyboard.press('Control+s');
  await savedNow(page);
  await tried(page, t);
  await page.getByRole('switch', { name: 'Enabled' }).press('Space');
  await page.getByRole('dialog').getByRole('button', { name: 'Enable it' }).press('Enter');
  await page.getByRole('switch', { name: 'Enabled', checked: true }).waitFor();
  await keys(page, 'Escape', 'R');
  const start = page.getByRole('dialog');
  await start.locator('.pb-alert').nth(1).locator('input').check();
  await start.getByText('Values by hand', { exact: false }).last().click();
  await start.getByLabel('__host__').fill('WKS-014');
  await clean(page, 'starting a playbook');
  await start.getByRole('button', { name: 'Run it' }).press('Enter');
  await page.waitForURL((u) => u.pathname.startsWith('/runs/'));
  const done = page.locator('.casehead .pill', { hasText: 'succeeded' });
  const step = (p, name) => p.locator('.runsteps [aria-current=step]', { hasText: name });
  await step(page, 'Ask the owner').waitFor();
  const two = await second(page, new URL(page.url()).pathname);
  await step(two.page, 'Ask the owner').waitFor();
  await answer(two.page, 'It may be cut off now');
  // Whoever began it sees it go on, and cannot agree to what they asked for.
  await step(page, 'Isolate a host').waitFor();
  await page.getByText('You cannot approve it.').first().waitFor();
  await clean(page, 'a run that waits for somebody else');
  await step(two.page, 'Isolate a host').waitFor();
  await keys(two.page, 'y');
  await two.page.getByRole('dialog').getByText('WKS-014').first().waitFor();
  await two.page.getByRole('dialog').getByRole('button', { name: 'Approve it' }).press('Enter');
  const byHand = step(two.page, 'Isolate it by hand');
  await byHand.or(two.page.locator('.casehead .pill', { hasText: 'succeeded' })).first().waitFor();
  if (await byHand.isVisible()) {
    t.diagnostic('nothing is connected that isolates: the playbook goes on with a person');
    await answer(two.page, 'The cable is out');
  }
  await done.waitFor();
  assert.deepEqual([...errors, ...two.errors], []);
  await two.close();
  await close();
});

test('a text that cannot be read is said, kept, and mended', { timeout: 120_000 }, async (t) => {
  if (!stub) return t.skip('it is written into a shipped playbook');
  const { page, errors, close } = await open('light');
  await signIn(page, '/playbooks');
  await page.locator('.pb-list tbody tr').first().waitFor();
  await keys(page, '/');
  await page.keyboard.type('secure an account');
  await keys(page, 'Enter', 'Enter');
  await page.locator('.pb-node').first().waitFor();
  const before = await page.locator('.pb-node').count();
  await page.locator('.pb-text .cm-content').focus();
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('x: [\n');
  await page.getByRole('alert').filter({ hasText: 'cannot be read' }).waitFor();
  assert.equal(await page.locator('.pb-node').count(), before);
  await clean(page, 'an invalid draft');
  await page.keyboard.press('Escape');
  await page.keyboard.press('Control+s');
  await page.getByText('Saved as a draft').waitFor();
  await page.keyboard.press('Control+z');
  await page.getByRole('alert').filter({ hasText: 'cannot be read' }).waitFor({ state: 'detached' });
  assert.deepEqual(errors, []);
  await close();
});
