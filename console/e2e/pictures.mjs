// The pictures of the documentation; only where they are asked for.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { IMAGES, SHOTS, arrived, base, keys, open, password, rows, signIn, stub, user } from './rig.mjs';
import { tellTheMonthBefore } from './story.mjs';

/** Both schemes, one after the other; `take` goes to the places and takes their pictures. */
async function both(take) {
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
}

test('the pictures of an installation with several tenants', { timeout: 200_000, skip: !SHOTS }, async (t) => {
  if (!stub) return t.skip('they show made-up tenants, people and providers');
  await both(async (page, shot) => {
    await page.goto(`${base}/tenants`);
    await page.locator('.tbl tbody tr').first().waitFor();
    await keys(page, 'j', 'j');
    await shot('tenants');
    await page.goto(`${base}/users?tab=roles`);
    await page.locator('.matrix tbody').waitFor();
    await shot('roles');
    await page.goto(`${base}/users?tab=providers`);
    await page.getByRole('button', { name: /^Test / }).click();
    await page.locator('.tried').waitFor();
    await shot('provider-test');
    await page.goto(`${base}/audit`);
    await page.getByText('chain whole').waitFor();
    await page.getByText('receiver has all').waitFor();
    await keys(page, 'j', 'j', 'j', 'o');
    await shot('audit');
    await page.goto(`${base}/account`);
    await page.locator('tr[data-session]').first().waitFor();
    await shot('account');
  });
});

test('the pictures of the documentation', { timeout: 500_000, skip: !SHOTS }, async (t) => {
  if (stub) return t.skip('they are of the demo: build/browser-test.sh');
  await both(async (page, shot) => {
    await rows(page).first().waitFor();
    await arrived(page, 'Program that was not in the image is run', 120_000); // the story's last step
    await shot('alerts');
    await page.locator('.grow[id]', { hasText: 'PowerShell runs an encoded command' }).click();
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
  });
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
