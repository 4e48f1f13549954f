// Single sign-on with a real Keycloak, in a real browser: build/keycloak-test.sh starts both and calls this.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { base, browser, clean, open, password, signIn, user } from './rig.mjs';

const KEYCLOAK = process.env.KEYCLOAK_URL;
const REALM = `${KEYCLOAK}/realms/soc`;
const PERSON_PASSWORD = process.env.KEYCLOAK_PERSON_PASSWORD;

/** What Keycloak's administrator does, over its own interface. */
async function keycloak(method, path, body) {
  const login = await fetch(`${KEYCLOAK}/realms/master/protocol/openid-connect/token`, { method: 'POST', body: new URLSearchParams({ grant_type: 'password', client_id: 'admin-cli', username: 'admin', password: process.env.KEYCLOAK_ADMIN_PASSWORD }) });
  const { access_token: token } = await login.json();
  const answer = await fetch(`${KEYCLOAK}/admin/realms/${path}`, { method, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: body && JSON.stringify(body) });
  assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${answer.ok ? '' : await answer.text()}`);
  return answer.headers.get('content-type')?.includes('json') ? answer.json() : undefined;
}

/** A browser that knows nobody goes to Keycloak and says who it is. */
async function arrive(person) {
  const context = await browser.newContext();
  const page = await context.newPage();
  page.setDefaultTimeout(30_000);
  await page.goto(`${base}/account`);
  await page.getByRole('button', { name: 'Sign in with Keycloak' }).click();
  await page.waitForURL((u) => u.href.startsWith(REALM));
  await page.locator('#username').fill(person);
  await page.locator('#password').fill(PERSON_PASSWORD);
  await page.locator('#kc-login').click();
  await page.waitForURL((u) => u.href.startsWith(base));
  return { context, page };
}
const account = (page) => page.locator('.pagehead').getByText(/lovelace/);
const refused = async (person, why) => {
  const { context, page } = await arrive(person);
  await page.getByRole('alert').getByText(why).waitFor();
  assert.equal((await context.request.get(`${base}/v1/auth/session`)).status(), 401, 'nobody is signed in');
  await context.close();
};

test('an administrator sets Keycloak up and tests it', { timeout: 120_000 }, async () => {
  const { page, errors, close } = await open('dark');
  await signIn(page, '/users?tab=providers');
  await page.getByRole('button', { name: 'New sign-in provider' }).first().click();
  await page.getByText(`${base}/v1/auth/callback`).first().waitFor();
  await page.getByLabel('Issuer').fill(REALM);
  await page.getByLabel('Client id').fill('marsad');
  await page.getByLabel('Client secret').fill(process.env.KEYCLOAK_CLIENT_SECRET);
  await page.getByLabel('Group 1', { exact: true }).fill('soc-analysts');
  await clean(page, 'the form of a provider');
  await page.getByRole('button', { name: 'Keep and test' }).click();
  await page.getByText('Nothing stands in the way.').waitFor();
  await clean(page, 'the test of a provider');
  assert.equal(await page.getByText('does not work').count(), 0);
  assert.deepEqual(errors, []);
  await close();
});

test('somebody of a group signs in, gets an account and its role, and signs out', { timeout: 120_000 }, async () => {
  const { context, page } = await arrive('lovelace');
  await account(page).waitFor();
  const session = await (await context.request.get(`${base}/v1/auth/session`)).json();
  assert.equal(session.user.role, 'soc_analyst');
  assert.ok(session.permissions.includes('alerts:write'));
  assert.ok(!session.permissions.includes('users:read'));
  await page.getByRole('button', { name: /^Signed in as/ }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByText('You are signed out.').waitFor();
  assert.equal((await context.request.get(`${base}/v1/auth/session`)).status(), 401);
  await context.close();
});

test('who is in no group does not get in', { timeout: 120_000 }, () => refused('babbage', 'nothing gives you access here'));

test('keys are rotated: new ones are taken within half a minute', { timeout: 120_000 }, async () => {
  const realm = await keycloak('GET', 'soc');
  const { active } = await keycloak('GET', 'soc/keys');
  const before = active.RS256;
  await keycloak('POST', 'soc/components', { name: 'rsa-new', providerId: 'rsa-generated', providerType: 'org.keycloak.keys.KeyProvider', parentId: realm.id, config: { priority: ['1000'], enabled: ['true'], active: ['true'], algorithm: ['RS256'] } });
  const rotated = (await keycloak('GET', 'soc/keys')).active.RS256;
  assert.notEqual(rotated, before, 'Keycloak signs with another key');
  // An unknown key has the keys fetched again, at most every 30 s.
  await new Promise((later) => setTimeout(later, 31_000));
  const { context, page } = await arrive('lovelace');
  await account(page).waitFor();
  await context.close();
});

test('tokens that are signed with a shared secret are refused, also by their own provider', { timeout: 120_000 }, async () => {
  const [client] = await keycloak('GET', 'soc/clients?clientId=marsad');
  const sign = (by) => keycloak('PUT', `soc/clients/${client.id}`, { ...client, attributes: { ...client.attributes, 'id.token.signed.response.alg': by } });
  await sign('HS256');
  await refused('lovelace', 'is not to be believed');
  await sign('RS256');
  const { context, page } = await arrive('lovelace');
  await account(page).waitFor();
  await context.close();
});

test('what was refused is in the audit log, with the reason', { timeout: 120_000 }, async () => {
  const context = await browser.newContext();
  const login = await context.request.post(`${base}/v1/auth/login`, { data: { username: user, password } });
  assert.equal(login.status(), 200);
  const { entries } = await (await context.request.get(`${base}/v1/audit?action=session.refuse`)).json();
  const reasons = JSON.stringify(entries.map((e) => e.detail));
  assert.ok(/algorithm/.test(reasons), reasons);
  assert.ok(/group/.test(reasons), reasons);
  await context.close();
});
