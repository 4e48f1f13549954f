// Two people at one case: they see each other come, write and go; and what one is given is in one's inbox.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { base, clean, keys, open, signIn, stub } from './rig.mjs';

const OTHER = 'dana';
const present = (page) => page.getByTestId('present');

/** Somebody beside the one who tests: on the platform an account is made, the stub has only one. */
async function second(page) {
  if (stub) return undefined;
  return page.evaluate(async (username) => {
    const { csrf } = await (await fetch('/v1/auth/session')).json();
    const r = await fetch('/v1/users', { method: 'POST', headers: { 'content-type': 'application/json', 'x-marsad-csrf': csrf }, body: JSON.stringify({ username, role: 'soc_analyst' }) });
    if (r.status !== 201) throw new Error(`${r.status} ${await r.text()}`);
    return { username, password: (await r.json()).password };
  }, OTHER);
}

test('two people at one case see each other, and what one is given is told', { timeout: 120_000 }, async () => {
  const one = await open('dark');
  const two = await open('light');
  await signIn(one.page, '/cases');
  await one.page.locator('.casetbl tbody tr').first().waitFor();
  const other = await second(one.page);
  await one.page.keyboard.press('o');
  await one.page.locator('[data-story] svg').waitFor();
  const path = new URL(one.page.url()).pathname;
  if (other) {
    await two.page.goto(base + path);
    await two.page.getByLabel('Username').fill(other.username);
    await two.page.getByLabel('Password', { exact: true }).fill(other.password);
    await two.page.keyboard.press('Enter');
  } else await signIn(two.page, path);
  const me = other ? 'dana' : 'analyst';
  await present(one.page).filter({ hasText: me }).waitFor();
  await present(two.page).filter({ hasText: 'here' }).waitFor();
  await clean(one.page, 'a case with somebody else');

  await two.page.getByRole('tab', { name: 'Tasks and notes' }).click();
  await two.page.getByRole('textbox', { name: /^Note/ }).fill('I look at the');
  await present(one.page).filter({ hasText: `${me} is writing` }).waitFor();
  await one.page.getByRole('tab', { name: 'Tasks and notes' }).click();
  await one.page.getByText(/is writing a note, too/).waitFor();
  await clean(one.page, 'notes while somebody writes');
  await two.close();
  await one.page.waitForFunction((name) => !document.querySelector('[data-testid=present]').textContent.includes(name), me, { timeout: 30_000 });

  if (other) {
    const again = await open('dark');
    await one.page.getByRole('button', { name: 'Assign…' }).click();
    await one.page.getByRole('menuitem', { name: 'dana' }).click();
    await one.page.locator('.casehead', { hasText: 'dana' }).waitFor();
    await again.page.goto(base + '/alerts');
    await again.page.getByLabel('Username').fill(other.username);
    await again.page.getByLabel('Password', { exact: true }).fill(other.password);
    await again.page.keyboard.press('Enter');
    await again.page.getByRole('button', { name: 'Inbox, 1 unread' }).waitFor();
    await keys(again.page, 'g', 'x');
    await again.page.getByRole('dialog').getByText(/gave you case #\d+/).waitFor();
    await again.page.locator('.inboxlist button:focus').waitFor(); // by keys alone
    await again.page.keyboard.press('Enter');
    await again.page.waitForURL((u) => u.pathname === path);
    await again.page.getByRole('button', { name: 'Inbox', exact: true }).waitFor();
    assert.deepEqual(again.errors, []);
    await again.close();
  } else {
    await one.page.getByRole('button', { name: 'Inbox, 2 unread' }).waitFor();
    await one.page.locator('.casehead h1').click(); // out of the field
    await keys(one.page, 'g', 'x');
    await one.page.getByRole('dialog').getByText('m.silva names you in case #1').waitFor();
    await one.page.locator('.inboxlist button:focus').waitFor();
    await clean(one.page, 'the inbox');
    await one.page.getByRole('button', { name: 'Mark all as read' }).click();
    await one.page.getByRole('dialog').getByText('All read').waitFor();
    await one.page.keyboard.press('Escape');
  }
  assert.deepEqual(one.errors, []);
  await one.close();
});

test('how long cases take, and the report on paper', { timeout: 120_000 }, async () => {
  const { page, errors, close } = await open('dark');
  await signIn(page, '/cases');
  await page.locator('.casetbl tbody tr').first().waitFor();
  await page.keyboard.press('m');
  await page.getByRole('heading', { name: 'How long cases take' }).waitFor();
  await page.getByRole('columnheader', { name: 'Detect (MTTD)' }).waitFor();
  await clean(page, 'measures of cases');
  await page.keyboard.press('Escape');
  await page.locator('.casetbl tbody tr').first().waitFor();
  await page.keyboard.press('o');
  await page.locator('[data-story] svg').waitFor();
  await page.evaluate(() => { globalThis.printed = 0; globalThis.print = () => { globalThis.printed++; }; });
  await page.keyboard.press('P');
  await page.waitForFunction(() => globalThis.printed === 1);
  const [file] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('M')]);
  assert.match(file.suggestedFilename(), /^case-\d+\.md$/);
  const pdf = (await page.pdf({ preferCSSPageSize: true })).toString('latin1');
  const [, width, height] = /\/MediaBox ?\[0 0 ([\d.]+) ([\d.]+)\]/.exec(pdf);
  assert.deepEqual([Math.round(Number(width)), Math.round(Number(height))], [595, 842]); // A4, in points
  assert.ok((pdf.match(/\/Type ?\/Page\b/g) ?? []).length >= 2, 'a title page and the story');
  assert.ok(pdf.includes('/ToUnicode'), 'the text can be selected');
  assert.deepEqual(errors, []);
  await close();
});
