// A case from the queue to its end, by keyboard; merge, split and undo.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { base, clean, keys, open, signIn, stub } from './rig.mjs';

const title = (page) => page.locator('.casehead h1').innerText();
const count = async (page) => Number(/^(\d+) alert/.exec(await page.locator('.casehead', { hasText: /alerts?/ }).locator('span', { hasText: /^\d+ alerts?$/ }).innerText())[1]);
const has = (page, n) => page.waitForFunction((want) => [...document.querySelectorAll('.casehead span')].some((s) => s.textContent === (want === 1 ? '1 alert' : `${want} alerts`)), n);

for (const scheme of ['dark', 'light']) {
  test(`the way of a case, ${scheme}`, { timeout: 240_000 }, async (t) => {
    if (!stub && scheme === 'light') return t.skip('on the platform once is enough');
    const { page, errors, close } = await open(scheme);
    await signIn(page, '/cases');
    await page.locator('.casetbl tbody tr').first().waitFor();
    await clean(page, 'the queue of cases');
    await page.keyboard.press('j');
    await page.locator('tr[data-case][aria-current]').waitFor();
    await page.keyboard.press('o');
    await page.locator('[data-story] svg').waitFor();
    assert.ok((await title(page)).length > 5);

    // What is chosen in the list is chosen in the picture, and the other way round.
    await page.keyboard.press('j');
    await page.locator('.storylist button[aria-pressed=true]').waitFor();
    await page.locator('[data-story] .node[aria-pressed=true]').waitFor();
    await page.locator('[data-story] .node').last().focus();
    const last = await page.locator('[data-story] .node').last().getAttribute('data-alert');
    await page.locator(`#in-story-${last}[aria-pressed=true]`).waitFor();
    await clean(page, 'the story');

    if (stub && scheme === 'dark') {
      const before = await count(page);
      await page.keyboard.press('x');
      await page.getByRole('status').filter({ hasText: '1 marked' }).waitFor();
      await page.keyboard.press('p');
      await has(page, before - 1);
      await page.keyboard.press('u');
      await has(page, before);
      await page.keyboard.press('m');
      await page.locator('.mergelist button').first().click();
      await page.waitForFunction((n) => [...document.querySelectorAll('.casehead span')].some((s) => Number(/^(\d+) alerts$/.exec(s.textContent)?.[1]) > n), before);
      await page.keyboard.press('u');
      await has(page, before);
      await page.keyboard.press('a');
      await page.locator('.casehead', { hasText: 'analyst' }).waitFor();
      await page.getByRole('button', { name: 'Status…' }).click();
      await page.getByRole('menuitem', { name: 'contained' }).click();
      await page.locator('.casehead .pill', { hasText: 'contained' }).waitFor();
    }
    for (const tab of ['Timeline', 'Alerts', 'Evidence', 'Entities', 'Tasks and notes', 'Report']) {
      await page.getByRole('tab', { name: tab }).click();
      await page.locator(`#case-panel[aria-labelledby]`).waitFor();
      await page.waitForFunction(() => !document.querySelector('.sk'));
      await clean(page, tab);
    }
    await page.locator('.casereport h2', { hasText: /^Case/ }).waitFor();
    await keys(page, 'Escape');
    await page.locator('tr[data-case][aria-current]').waitFor();
    assert.ok(page.url().startsWith(`${base}/cases?`));
    assert.deepEqual(errors, []);
    await close();
  });
}
