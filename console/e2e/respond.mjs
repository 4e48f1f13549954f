// What playbooks did, what waits for people, what was done; and responding from an alert.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { base, clean, keys, open, rows, signIn, stub } from './rig.mjs';

test('runs, approvals and actions open by keyboard, in both schemes', { timeout: 120_000 }, async () => {
  for (const scheme of ['dark', 'light']) {
    const { page, errors, close } = await open(scheme);
    await signIn(page, '/alerts');
    await page.locator('.topbar').waitFor();
    for (const [key, name] of [['l', 'Runs'], ['q', 'Actions log'], ['z', 'Approvals']]) {
      await keys(page, 'g', key);
      await page.getByRole('heading', { level: 1, name }).waitFor();
      await page.locator('.caselist table, .hlist li, .empty').first().waitFor();
      await clean(page, name);
    }
    await page.goto(`${base}/settings?section=response`);
    await page.getByRole('radio', { name: /^L4/ }).waitFor();
    await clean(page, 'what is done without asking');
    assert.deepEqual(errors, []);
    await close();
  }
});

test('a run waits, is approved where it waits, and goes on before the eyes of another', { timeout: 120_000 }, async (t) => {
  if (!stub) return t.skip('it takes a run that waits');
  const one = await open('dark');
  const two = await open('light');
  for (const { page } of [one, two]) {
    await signIn(page, '/runs?status=waiting');
    await page.locator('.casetbl tbody tr').first().waitFor();
    await keys(page, 'j');
    await page.locator('tr[aria-current]').waitFor();
    await keys(page, 'Enter');
    await page.locator('.runsteps [aria-current=step]', { hasText: 'Isolate the host' }).waitFor();
  }
  await clean(one.page, 'a run that waits');
  await keys(one.page, 'y');
  const dialog = one.page.getByRole('dialog');
  await dialog.getByText('A person or a machine cannot work.').waitFor();
  await clean(one.page, 'approving');
  await keys(one.page, 'Enter');
  await dialog.waitFor({ state: 'detached' });
  await two.page.locator('.casehead .pill', { hasText: 'succeeded' }).waitFor();
  await two.page.locator('.runsteps', { hasText: 'Done' }).waitFor();
  assert.deepEqual([...one.errors, ...two.errors], []);
  await one.close();
  await two.close();
});

test('an action is asked for from an alert, and says before who has to agree', { timeout: 120_000 }, async (t) => {
  if (!stub) return t.skip('the demo is not to be acted on');
  const { page, errors, close } = await open('dark');
  await signIn(page, '/alerts');
  await rows(page).first().waitFor();
  await keys(page, 'j', 'o');
  await page.getByRole('button', { name: /^Respond/ }).waitFor();
  await keys(page, 'R');
  await page.getByRole('tab', { name: 'Run a playbook' }).focus();
  await keys(page, 'ArrowRight');
  await page.getByText('Who has to agree').waitFor();
  await clean(page, 'asking for an action');
  await page.getByRole('button', { name: /^(Ask for it|Do it)$/ }).press('Enter');
  await page.waitForURL((u) => u.pathname === '/actions' && u.searchParams.has('at'));
  await page.locator('.rail', { hasText: 'You asked for it.' }).waitFor();
  assert.deepEqual(errors, []);
  await close();
});
