// Playbooks: found, built by keyboard only, tried, saved as they are.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clean, keys, open, signIn, stub } from './rig.mjs';

const named = (page, name) => page.waitForFunction((n) => document.querySelector('.pb-node[aria-pressed=true] .pb-name')?.textContent === n && document.activeElement?.classList.contains('pb-node'), name);
/** Puts a step behind the one that is chosen: opens the palette, types, Enter; the new step is chosen then. */
async function add(page, words) {
  const at = () => page.locator('.pb-node[aria-pressed=true]').getAttribute('data-step');
  const before = await at();
  await page.keyboard.press('a');
  await page.locator('.dialog input[role=combobox]').waitFor();
  await page.keyboard.type(words);
  await page.keyboard.press('Enter');
  await page.waitForFunction((b) => { const e = document.querySelector('.pb-node[aria-pressed=true]'); return e && e.dataset.step !== b && document.activeElement === e; }, before);
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

test('a playbook of four steps is built with the keyboard only, tried, and saved', { timeout: 200_000 }, async (t) => {
  if (!stub) return t.skip('the platform does not take playbooks over HTTP yet');
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
  await keys(page, 'Enter');
  await page.waitForFunction(() => document.activeElement?.getAttribute('name') === 'name');
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
  await keys(page, 'Enter');
  await page.waitForFunction(() => document.activeElement?.getAttribute('name') === 'name');
  await tabTo(page, 'Condition');
  await page.keyboard.type("__source_ip__:value != '10.0.0.1'");
  await keys(page, 'Escape');
  await keys(page, 'ArrowDown'); // the end of its branch: a step goes before it
  await page.waitForFunction(() => document.querySelector('.pb-node[aria-pressed=true]')?.dataset.kind === 'end');
  await add(page, 'tag_alert');
  await keys(page, 'Enter');
  await page.waitForFunction(() => document.activeElement?.getAttribute('name') === 'name');
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
  await keys(page, 'r');
  await page.locator('.pb-steps li').first().waitFor();
  await page.locator('.pb-node[data-mark=waits], .pb-node[data-mark=done]').first().waitFor();
  await clean(page, 'the dry run');
  await page.keyboard.press('Control+s');
  await page.waitForFunction(() => document.querySelector('.pb-head')?.textContent.includes('saved') && !document.querySelector('.pb-head')?.textContent.includes('not saved'));
  await page.reload();
  await page.waitForFunction((n) => document.querySelectorAll('.pb-node').length === n, steps);
  assert.deepEqual(errors, []);
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
