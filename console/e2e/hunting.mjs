// Rules, hunts, and searches that are kept.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { base, clean, keys, open, rowsComeBy, signIn, stub, user } from './rig.mjs';

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
