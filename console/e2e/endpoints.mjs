// Hosts that report, and what they are asked.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { base, clean, open, signIn, stub } from './rig.mjs';

test('hosts are let in by one line, looked at and asked', { timeout: 120_000 }, async (t) => {
  if (!stub) return t.skip('the hosts are made up');
  for (const scheme of ['dark', 'light']) {
    const { page, errors, close } = await open(scheme);
    const look = async (what) => {
      await page.waitForFunction(() => !document.querySelector('.sk'));
      await clean(page, `${what} in ${scheme}`);
      if (process.env.MARSAD_LOOK) await page.screenshot({ path: `${process.env.MARSAD_LOOK}/${what}-${scheme}.png` });
    };
    await signIn(page, '/endpoints');
    await page.getByRole('heading', { name: 'web-1' }).waitFor();
    await look('endpoints');
    await page.keyboard.press('n');
    await page.getByLabel('Name', { exact: true }).fill('web servers');
    await page.keyboard.press('Enter');
    await page.getByText('Copy it now.').waitFor();
    await look('enroll');
    await page.goto(`${base}/live-queries`);
    await page.getByLabel('Query', { exact: true }).waitFor();
    await look('ask');
    await page.locator('.hlist li button').first().click();
    await page.getByText('kworker-x', { exact: true }).first().waitFor();
    await look('rows');
    await page.getByRole('tab', { name: /Answered/ }).click();
    await page.getByText('no such table: deb_packages').waitFor();
    await look('hosts');
    assert.deepEqual(errors, []);
    await close();
  }
});
