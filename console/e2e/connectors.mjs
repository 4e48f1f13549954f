// What carries actions out is connected: chosen, tried, kept, broken, mended, switched off, deleted; by keyboard.
import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { test } from 'node:test';
import { base, clean, keys, open, signIn, stub } from './rig.mjs';

const RIGHT = 'token-that-it-knows';

/** A product of this machine that knows one token; the platform was started with leave to ask it. */
async function product() {
  const place = new URL(process.env.MARSAD_PRODUCT);
  const server = createServer((req, res) => {
    res.writeHead(req.headers.authorization === `SSWS ${RIGHT}` ? 200 : 401, { 'content-type': 'application/json' });
    res.end(JSON.stringify({ id: '00u1', status: 'ACTIVE' }));
  });
  await new Promise((up) => server.listen(Number(place.port), place.hostname, up));
  return { url: place.origin, close: () => { server.closeAllConnections(); server.close(); } };
}

test('a product is connected by keyboard: tried before it is kept, mended when it fails, deleted', { timeout: 120_000 }, async (t) => {
  if (!stub && !process.env.MARSAD_PRODUCT) return t.skip('the platform may ask nothing of this machine: MARSAD_PRODUCT names what it may');
  const at = stub ? { url: 'https://example.okta.com', close: () => {} } : await product();
  const { page, errors, close } = await open('dark');
  try {
    await signIn(page, '/settings?section=connectors');
    await page.getByRole('heading', { level: 2, name: 'Connectors' }).waitFor();
    await page.locator('.conkinds li').first().waitFor();
    await clean(page, 'the connectors');
    await keys(page, 'n');
    const dialog = page.getByRole('dialog');
    await dialog.locator('input[type=search]').and(page.locator(':focus')).waitFor();
    await clean(page, 'choosing a connector');
    await page.keyboard.type('okta');
    await keys(page, 'Enter');
    await dialog.getByLabel('URL').and(page.locator(':focus')).waitFor();
    await page.keyboard.type('nothing');
    await keys(page, 'Enter'); // it is said what is wrong, and nothing is asked
    await dialog.getByText('It is an address such as').waitFor();
    await dialog.getByLabel('URL').and(page.locator(':focus')).waitFor();
    await clean(page, 'a form with faults');
    await keys(page, 'Control+a');
    await page.keyboard.type(at.url);
    await dialog.getByLabel('Name').fill('okta-e2e');
    await dialog.getByLabel('API token').fill('wrong');
    await keys(page, 'Enter');
    await dialog.getByText('It does not work').waitFor();
    await clean(page, 'a trial that failed');
    await keys(page, 'Control+a');
    await page.keyboard.type(RIGHT);
    await keys(page, 'Enter');
    await dialog.getByText('It works: Okta answered in').waitFor();
    await keys(page, 'Enter');
    await dialog.waitFor({ state: 'detached' });
    const row = page.locator('.tbl tr', { hasText: 'okta-e2e' });
    await row.locator('.pill', { hasText: 'ok' }).waitFor();
    assert.ok(!(await page.content()).includes(RIGHT), 'no secret is in the page');
    await clean(page, 'what is connected');
    await row.getByRole('button', { name: 'Switch off' }).press('Enter');
    await row.locator('.pill', { hasText: 'off' }).waitFor();
    if (!stub) { // who carries what out is asked of the platform
      const { actions } = await (await page.request.get(`${base}/v1/actions/catalogue`)).json();
      const carried = () => actions.find((a) => a.action === 'disable_user').carried_by;
      assert.deepEqual(carried(), [], 'what is off carries nothing out');
    }
    await row.getByRole('button', { name: 'Switch on' }).press('Enter');
    await row.locator('.pill', { hasText: 'off' }).waitFor({ state: 'detached' });
    await row.getByRole('button', { name: 'Change' }).press('Enter');
    await dialog.getByLabel('API token').fill('wrong');
    await dialog.getByRole('button', { name: 'Save' }).press('Enter');
    await dialog.waitFor({ state: 'detached' });
    await row.getByRole('button', { name: 'Test' }).press('Enter');
    if (!stub) {
      await row.locator('.pill', { hasText: 'failing' }).waitFor();
      await row.getByText('does not accept').waitFor();
    }
    await clean(page, 'a connection that fails');
    await row.getByRole('button', { name: 'Delete' }).press('Enter');
    await dialog.getByRole('button', { name: 'Delete okta-e2e' }).press('Enter');
    await row.waitFor({ state: 'detached' });
    assert.deepEqual(errors, []);
  } finally {
    await close();
    at.close();
  }
});
