import assert from 'node:assert/strict';

/** A passkey is made, signs in by itself, and a copy of it, whose counter is behind, is refused. Passkeys need a name: localhost. */
export async function passkeys({ browser, base, user, password, clean }) {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const at = base.replace('127.0.0.1', 'localhost');
  const cdp = await context.newCDPSession(page);
  await cdp.send('WebAuthn.enable');
  const { authenticatorId } = await cdp.send('WebAuthn.addVirtualAuthenticator', { options: { protocol: 'ctap2', transport: 'internal', hasResidentKey: true, hasUserVerification: true, isUserVerified: true, automaticPresenceSimulation: true } });
  const byPasskey = () => page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  const leave = async () => {
    await page.getByRole('button', { name: `Signed in as ${user}` }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.getByText('You are signed out.').waitFor();
  };
  await page.goto(`${at}/account`);
  await page.getByRole('button', { name: 'Sign in with a passkey' }).waitFor();
  await clean(page, 'sign-in with passkeys');
  await page.getByLabel('Username').fill(user);
  await page.getByLabel('Password', { exact: true }).fill(password);
  await page.keyboard.press('Enter');

  await page.getByRole('heading', { name: 'Account', exact: true }).waitFor();
  await page.keyboard.press('n');
  await page.getByLabel('Name').fill('Virtual key');
  await page.keyboard.press('Enter');
  await page.locator('tr[data-passkey="Virtual key"]').waitFor();
  await clean(page, 'the account');
  await leave();

  await byPasskey();
  await page.locator('tr[data-session=current]', { hasText: 'Passkey' }).waitFor();
  await leave();

  const { credentials } = await cdp.send('WebAuthn.getCredentials', { authenticatorId });
  assert.equal(credentials.length, 1, 'one passkey on the device');
  const copy = { ...credentials[0], signCount: 0 };
  await cdp.send('WebAuthn.removeCredential', { authenticatorId, credentialId: copy.credentialId });
  await cdp.send('WebAuthn.addCredential', { authenticatorId, credential: copy });
  await byPasskey();
  await page.getByRole('alert').getByText('This passkey does not sign in here.').waitFor();
  assert.equal((await context.request.get(`${at}/v1/auth/session`)).status(), 401, 'nobody is signed in');
  await context.close();
}
