import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';

/** The code that an app shows for a key (RFC 6238), `off` steps of 30 s from now. */
function code(key, off) {
  const bits = [...key.replaceAll(' ', '')].map((c) => DIGITS.indexOf(c).toString(2).padStart(5, '0')).join('');
  const secret = Buffer.from(bits.match(/.{8}/g).map((b) => Number.parseInt(b, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + off));
  const hash = createHmac('sha1', secret).update(step).digest();
  const number = hash.readUInt32BE(hash[19] & 15) & 0x7fffffff;
  return String(number % 1_000_000).padStart(6, '0');
}

/** An authenticator app is added, asked for at sign-in, replaced by a recovery code, and removed: by keyboard. */
export async function authenticator({ browser, base, user, password, clean }) {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  await page.goto(`${base}/account`);
  const type = async () => {
    await page.getByLabel('Username').fill(user);
    await page.getByLabel('Password', { exact: true }).fill(password);
    await page.keyboard.press('Enter');
  };
  await type();
  await page.getByRole('heading', { name: 'Password alone' }).waitFor();
  await page.keyboard.press('a');
  await page.getByRole('img', { name: 'The key as a QR code' }).waitFor();
  await clean(page, 'adding an authenticator app');
  const key = await page.locator('pre[aria-label="Key for the app"]').innerText();
  await page.getByLabel('Code of the app').fill(code(key, -1));
  await page.keyboard.press('Enter');
  const listed = page.getByRole('list', { name: 'Recovery codes' }).locator('li');
  await listed.nth(9).waitFor();
  const codes = await listed.allInnerTexts();
  assert.equal(codes.length, 10);
  await page.getByRole('button', { name: 'I have them' }).click();

  await page.getByRole('button', { name: `Signed in as ${user}` }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByText('You are signed out.').waitFor();
  await type();
  const asked = page.getByLabel('Code of your authenticator app');
  await asked.waitFor();
  await clean(page, 'the code at sign-in');
  await asked.fill('000000');
  await page.keyboard.press('Enter');
  await page.getByRole('alert').getByText('The code is wrong').waitFor();
  await asked.fill(codes[0]);
  await page.keyboard.press('Enter');
  await page.locator('tr[data-session=current]', { hasText: 'Password and code' }).waitFor();
  await page.getByText('9 recovery codes are left').waitFor();

  await page.getByRole('region', { name: 'Authenticator app' }).getByRole('button', { name: 'Remove' }).click();
  await page.getByLabel('Code of the app').fill(codes[1]);
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Password alone' }).waitFor();
  await context.close();
}
