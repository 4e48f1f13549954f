// The console in a real browser, against a running platform:
//   MARSAD_URL=http://127.0.0.1:8080 MARSAD_USER=admin MARSAD_PASSWORD=… node --test e2e/console.e2e.mjs
// CHROMIUM names the browser. MARSAD_SHOTS=1 writes docs/images. Without MARSAD_URL the development stub is started.
// MARSAD_RAISE=URL, where given, is asked (GET) to raise an alert; otherwise the test waits for the demo to raise one.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import './alerts.mjs';
import { authenticator } from './authenticator.mjs';
import './cases.mjs';
import './connectors.mjs';
import './endpoints.mjs';
import './hunting.mjs';
import './people.mjs';
import './respond.mjs';
import { passkeys } from './passkeys.mjs';
import './pictures.mjs';
import './playbooks.mjs';
import './risk.mjs';
import { base, browser, clean, keys, open, password, signIn, stub, user } from './rig.mjs';

test('a passkey is made, signs in, and its copy is refused', { timeout: 120_000 }, async (t) => {
  if (stub) return t.skip('the stub checks no signatures');
  await passkeys({ browser, base, user, password, clean });
});

test('an authenticator app is added, asked for and removed', { timeout: 120_000 }, async (t) => {
  if (stub) return t.skip('the stub checks no codes');
  await authenticator({ browser, base, user, password, clean });
});

test('the audit log by keyboard: what was done, by whom, and whether the record is whole', { timeout: 120_000 }, async () => {
  const { page, errors, close } = await open('dark');
  await signIn(page, '/alerts');
  await page.locator('.topbar').waitFor();
  await keys(page, 'g', 'u');
  await page.locator('[id^="audit-"]').first().waitFor();
  await page.getByText('chain whole').waitFor();
  await clean(page, 'the audit log');
  await keys(page, 'j', 'o');
  await page.getByText(/^Request$/).waitFor();
  await page.keyboard.press('a');
  await page.waitForURL((u) => u.searchParams.has('actor'));
  await page.getByRole('button', { name: 'session', exact: true }).click();
  await page.waitForURL((u) => u.searchParams.get('action') === 'session.');
  await page.locator('[id^="audit-"]').first().waitFor();
  await clean(page, 'the audit log, narrowed');
  await page.keyboard.press('0');
  await page.waitForURL((u) => !u.searchParams.has('actor') && !u.searchParams.has('action'));
  const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: 'Export NDJSON' }).click()]);
  assert.equal(file.suggestedFilename(), 'audit.ndjson');
  assert.deepEqual(errors, []);
  await close();
});
