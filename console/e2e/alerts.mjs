// Alerts from the first look to the verdict; sources and search.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ARRIVAL_MS, base, browser, clean, current, keys, open, raise, rows, signIn, status, stub, user } from './rig.mjs';

for (const scheme of ['dark', 'light']) {
  test(`the way of an alert, ${scheme}`, { timeout: 240_000 }, async () => {
    const { page, errors, close } = await open(scheme);
    await page.goto(`${base}/alerts`);
    await page.getByLabel('Username').waitFor();
    await clean(page, 'sign-in');
    await signIn(page, '/alerts');

    // An alert comes by itself: the page is not loaded again.
    await page.locator('[data-testid=live][data-state=live]').waitFor();
    await page.evaluate(() => (globalThis.stillHere = true));
    if (scheme === 'dark' || raise) {
      const seen = new Set(await rows(page).evaluateAll((all) => all.map((r) => r.id)));
      if (raise) await fetch(raise);
      await page.waitForFunction((before) => [...document.querySelectorAll('.grow[id]')].some((r) => !before.includes(r.id)), [...seen], { timeout: ARRIVAL_MS });
    }
    await page.waitForFunction(() => document.querySelectorAll('.grow[id]').length >= 3, undefined, { timeout: ARRIVAL_MS });
    assert.equal(await page.evaluate(() => globalThis.stillHere), true, 'the page was not loaded again');
    assert.equal(await page.locator('.seg button[aria-pressed=true]').first().innerText().then((t) => t.split(/\s/)[0]), 'Open', 'the queue shows open alerts');
    const who = await page.locator('.grow[id] .c-host, .grow[id] .c-user').evaluateAll((all) => all.map((c) => c.textContent));
    assert.ok(who.some((w) => w.length > 0), 'rows say who and where');
    await clean(page, 'the queue');

    // Why it fired.
    await keys(page, 'j', 'o');
    const rail = page.getByRole('complementary', { name: 'Alert' });
    await rail.getByRole('heading', { name: 'Why it fired' }).waitFor();
    assert.ok((await rail.locator('.why').innerText()).length > 40, 'a reason in words');
    await rail.locator('.match mark').first().waitFor();
    await rail.locator('.fields tr[data-hit] mark').first().waitFor();
    assert.ok((await rail.locator('.ent').count()) > 0, 'the alert names somebody');
    const id = await rail.getAttribute('data-alert');
    assert.ok(page.url().includes(`alert=${id}`), 'the address names the alert');
    await clean(page, 'the rail');
    await rail.getByRole('tab', { name: 'OCSF' }).click();
    await rail.locator('pre.code .j-k').first().waitFor();
    await rail.getByRole('tab', { name: 'Raw' }).click();
    await rail.getByRole('button', { name: 'Copy record' }).waitFor();
    await clean(page, 'the record as it came');

    // Two keys close it, one brings it back.
    await keys(page, 'e', 'b');
    await status(page, `row-${id}`, ['resolved']);
    await clean(page, 'the queue after closing');
    await page.keyboard.press('u');
    await status(page, `row-${id}`, ['new', 'in_progress']);

    // Down and up again, another verdict, and it is undone too.
    await page.keyboard.press('Escape');
    await rail.waitFor({ state: 'detached' });
    await page.keyboard.press('.');
    await keys(page, 'g', 'g');
    const first = await current(page);
    await page.keyboard.press('j');
    await page.waitForFunction((was) => document.querySelector('.grow[aria-selected=true]')?.id !== was, first);
    await page.keyboard.press('k');
    await page.waitForFunction((was) => document.querySelector('.grow[aria-selected=true]')?.id === was, first);
    await keys(page, 'e', 'f');
    await status(page, first, ['resolved']);
    await page.keyboard.press('u');
    await status(page, first, ['new', 'in_progress']);

    // Two at once.
    await keys(page, 'g', 'g', 'x', 'x');
    const bulk = page.getByRole('toolbar', { name: 'Act on the marked alerts' });
    await bulk.getByText('2 marked').waitFor();
    const marked = await page.locator('.grow[data-marked]').evaluateAll((all) => all.map((r) => r.id));
    assert.equal(marked.length, 2);
    await clean(page, 'marked alerts');
    await keys(page, 'e', 't');
    for (const row of marked) await status(page, row, ['resolved']);
    await page.keyboard.press('u');
    for (const row of marked) await status(page, row, ['new', 'in_progress']);

    // Words narrow the queue; a queue without alerts says so.
    await page.keyboard.press('/');
    await page.keyboard.type('nothing is called like this');
    await page.getByRole('heading', { name: /^No / }).waitFor();
    await clean(page, 'an empty queue');
    await keys(page, 'Escape', '0');
    await rows(page).first().waitFor();

    // A link to it opens it again.
    await page.goto(`${base}/alerts?alert=${id}`);
    await rail.getByRole('heading', { name: 'Why it fired' }).waitFor();
    assert.ok((await rail.locator('.hist li').count()) >= 3, 'its history tells what was done');

    assert.deepEqual(errors, []);
    await close();
  });

  test(`sources and search, ${scheme}`, { timeout: 240_000 }, async () => {
    const { page, errors, close } = await open(scheme);
    await signIn(page, '/alerts');
    await page.getByRole('heading', { name: 'Alerts' }).waitFor();
    await keys(page, 'g', 'o');
    await page.getByRole('heading', { name: 'Where every record went' }).waitFor();
    await page.locator('.tbl tbody tr').first().waitFor();
    await page.locator('.ledger b').nth(4).waitFor();
    const ledger = (await page.locator('.ledger b').allInnerTexts()).map((t) => Number(t.replaceAll(',', '')));
    assert.equal(ledger[0], ledger[1] + ledger[2] + ledger[3] + ledger[4], `the ledger adds up: ${ledger}`);
    await page.getByText('adds up').waitFor();
    await clean(page, 'sources');

    // A source of one's own: a token, a first event, and it is there; without the token it is refused.
    const name = scheme === 'dark' ? 'web-servers' : 'mail-gateway';
    if (!stub) {
      await page.keyboard.press('n');
      await page.getByLabel('Name of the source').fill(name);
      await page.keyboard.press('Enter');
      const secret = await page.locator('.copyline pre').first().innerText();
      await clean(page, 'a new token');
      const send = () => fetch(`${base}/v1/ingest/events`, { method: 'POST', headers: { authorization: `Bearer ${secret.trim()}`, 'content-type': 'application/json' }, body: JSON.stringify({ category: 'auth', action: 'login', outcome: 'failure', source: { host: 'web-1' }, actor: { type: 'user', name: `guest-${scheme}` } }) });
      assert.equal((await send()).status, 202);
      await page.getByRole('button', { name: 'I have it' }).click();
      await page.locator(`tr[data-origin="${name}"]`).waitFor();
      await page.getByRole('button', { name: `Revoke ${name}` }).click();
      await clean(page, 'revoking a token');
      await page.getByRole('button', { name: 'Revoke it' }).click();
      await page.locator(`tr[data-token="${name}"]`).waitFor({ state: 'detached' });
      assert.equal((await send()).status, 401);
    }

    await keys(page, 'g', 's');
    await page.locator('.ritem').first().waitFor();
    await page.locator('.histo canvas').waitFor();
    const said = await page.locator('.ritem .rrow > span:last-child').allInnerTexts();
    assert.ok(said.every((t) => t.length > 3), `every row says what happened: ${said}`);
    if (!stub) {
      await page.keyboard.press('/');
      await page.keyboard.type(`user = guest-${scheme}`);
      await page.keyboard.press('Enter');
      await page.waitForURL((u) => u.searchParams.get('q') === `user = guest-${scheme}`);
      await page.waitForFunction((w) => document.querySelector('.ritem .rrow')?.textContent.includes(w), `guest-${scheme}`);
      await page.goto(`${base}/search`);
      await page.locator('.ritem').first().waitFor();
    }
    await keys(page, 'j', 'o');
    await page.locator('.rmore .fields tr').first().waitFor();
    await clean(page, 'search');

    // A field of the event narrows the search.
    const before = page.url();
    await page.locator('.rmore .fields tr').first().hover();
    await page.getByRole('button', { name: /^Only events where/ }).first().click();
    await page.waitForURL((u) => u.href !== before && u.searchParams.has('q'));
    await page.locator('.ritem').first().waitFor();

    if (!stub) {
      // Hunting by keyboard: a completion is taken with Tab, an answer of stages is a table and a chart.
      await page.keyboard.press('/');
      await page.keyboard.press('Control+a');
      await page.keyboard.type('* | stat');
      await page.locator('.cm-tooltip-autocomplete li', { hasText: 'stats' }).first().waitFor();
      await page.keyboard.press('Tab');
      await page.keyboard.type(' count by activity_name');
      await page.keyboard.press('Enter');
      await page.waitForURL((u) => /stats\s+count by activity_name/.test(u.searchParams.get('q') ?? ''));
      await page.locator('.stat tbody td.num').first().waitFor();
      await clean(page, 'a table');
      await keys(page, 'Escape', 'v');
      await page.getByTestId('chart').waitFor();
      await clean(page, 'a chart');
      await page.goto(`${base}/search?q=${encodeURIComponent('* | timechart span=1h count by activity_name')}`);
      await page.locator('.lines canvas').waitFor();
      await clean(page, 'a chart over time');
      await page.goto(`${base}/search`);
      await page.locator('.ritem').first().waitFor();
      await page.locator('.fpane .fname').first().click();
      await page.locator('.fval').first().waitFor();
      await clean(page, 'values of a field');
      await keys(page, 'j', 'w');
      await page.waitForURL((u) => u.searchParams.has('from') && u.searchParams.has('event'));
      await page.locator('.rmore .fields tr').first().waitFor();
    }

    // A stretch of the histogram becomes the time range.
    await page.locator('.histo canvas').waitFor();
    const plot = await page.locator('.histo .u-over').boundingBox();
    await page.mouse.move(plot.x + plot.width * 0.2, plot.y + 20);
    await page.mouse.down();
    await page.mouse.move(plot.x + plot.width * 0.9, plot.y + 30, { steps: 6 });
    await page.mouse.up();
    await page.waitForURL((u) => u.searchParams.has('from') && u.searchParams.has('to'));

    // A query that cannot be read is explained; it is the one refusal that the browser may log.
    await page.goto(`${base}/search?q=user+%3D`);
    await page.getByRole('heading', { name: 'The query cannot be read' }).waitFor();
    await clean(page, 'a wrong query');
    const refusals = errors.splice(0);
    assert.ok(refusals.every((e) => e.includes('400') && e.includes('/v1/events/')), `${refusals}`);

    await page.keyboard.press('?');
    await page.getByRole('dialog', { name: 'Keys of this screen' }).waitFor();
    await clean(page, 'the keys');
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('Control+k');
    await page.getByRole('combobox', { name: 'Go to or do' }).fill('sign out');
    await clean(page, 'the palette');
    await page.keyboard.press('Enter');
    await page.getByText('You are signed out.').waitFor();

    assert.deepEqual(errors, []);
    await close();
  });
}
