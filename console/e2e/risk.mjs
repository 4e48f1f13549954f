// Whom to look at, by keyboard: from the queue to an entity, whose parts add up, and on to a neighbour.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { clean, keys, open, signIn } from './rig.mjs';

test('risk by keyboard: the queue, an entity, what it adds up to and what is connected', { timeout: 120_000 }, async () => {
  const { page, errors, close } = await open('light');
  await signIn(page, '/alerts');
  await page.locator('.topbar').waitFor();
  await keys(page, 'g', 'w');
  await page.locator('.risktable tbody tr').first().waitFor();
  await clean(page, 'the risk queue');
  await page.keyboard.press('o');
  await page.locator('.adds tfoot').waitFor();
  await page.locator('.linkgraph a').first().waitFor();
  await page.keyboard.press('2');
  await page.getByText(/by at most two alerts/).waitFor();
  await clean(page, 'an entity');
  const counted = (await page.locator('.adds tbody tr td:last-child').allTextContents()).reduce((n, t) => n + Math.round(Number(t) * 100), 0);
  const told = Math.round(Number(await page.locator('.adds tfoot td').last().textContent()) * 100);
  assert.equal(counted, told, 'the contributors sum to the points');
  await page.keyboard.press('b');
  await page.locator('.risktable tbody tr').first().waitFor();
  assert.deepEqual(errors, []);
  await close();
});
