import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { clean, open, press, refuse } from '../test/open';
import { EVENT, SESSION } from '../test/server';
import { device, suggestion } from './account';
import { fromBase64, obstacle, toBase64 } from './webauthn';

const CHROME = 'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36';
const SESSIONS = [
  { id: 's1', current: true, method: 'passkey', address: '10.1.1.1', agent: CHROME, created_at: EVENT.time, last_seen_at: EVENT.time, expires_at: EVENT.time },
  { id: 's2', current: false, method: 'password', address: '10.9.9.9', agent: 'curl/8.5', created_at: EVENT.time, last_seen_at: EVENT.time, expires_at: EVENT.time },
];
const KEY = { id: 'k1', name: 'The blue one', aaguid: '00000000-0000-0000-0000-000000000000', transports: ['internal'], synced: false, created_at: EVENT.time, last_used_at: null };
const bytes = (...b: number[]) => new Uint8Array(b).buffer;
const credentials = { create: vi.fn(), get: vi.fn() };

beforeEach(() => {
  vi.stubGlobal('PublicKeyCredential', class {});
  Object.defineProperty(navigator, 'credentials', { configurable: true, value: credentials });
});
afterEach(() => void vi.clearAllMocks());

const ROUTES = { 'GET /v1/auth/sessions': () => ({ body: { sessions: SESSIONS } }), 'GET /v1/auth/passkeys': () => ({ body: { passkeys: [KEY] } }) };

it('says which device a session is on', () => {
  expect(device(CHROME)).toBe('Chrome 142 on Linux');
  expect(device('Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1')).toBe('Safari 18 on iOS');
  expect(device('curl/8.5')).toBe('curl');
  expect(device('')).toBe('Unknown');
  expect(suggestion(CHROME, 1)).toBe('Chrome on Linux 2');
});

it('knows where passkeys work', () => {
  const at = (protocol: string, hostname: string, port = '') => obstacle({ protocol, hostname, port });
  expect(at('http:', '127.0.0.1', '8480')?.go).toBe('http://localhost:8480');
  expect(at('http:', '10.1.2.3')?.why).toMatch(/name/);
  expect(at('https:', 'soc.example.org')).toBeUndefined();
});

it('writes bytes as the contract has them', () => {
  expect(toBase64(bytes(251, 255, 1))).toBe('-_8B');
  expect([...fromBase64('-_8B')]).toEqual([251, 255, 1]);
});

it('shows passkeys and sessions, and ends one', async () => {
  const { asked } = await open('/account', { ...ROUTES, 'DELETE /v1/auth/sessions/s2': () => ({ status: 204 }) });
  const table = await screen.findByRole('region', { name: 'Table of sessions' });
  expect(within(table).getByText('this one').closest('tr')).toHaveTextContent('Chrome 142 on Linux');
  expect(screen.getByRole('region', { name: 'Table of passkeys' })).toHaveTextContent('The blue one');
  await clean();
  await userEvent.click(within(table).getByRole('button', { name: 'End the session on curl' }));
  await waitFor(() => expect(asked.some((a) => a.route === 'DELETE /v1/auth/sessions/s2')).toBe(true));
});

it('adds a passkey from the empty state', async () => {
  credentials.create.mockResolvedValue({ id: 'AQ', rawId: bytes(1), authenticatorAttachment: 'platform', response: { clientDataJSON: bytes(2), attestationObject: bytes(3), getTransports: () => ['internal'] } });
  const options = { rp: { id: 'localhost', name: 'Marsad' }, user: { id: 'AQ', name: 'a', displayName: 'a' }, challenge: '_w', timeout: 1, pubKeyCredParams: [], excludeCredentials: [], authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' }, attestation: 'none' };
  const { asked } = await open('/account', { ...ROUTES, 'GET /v1/auth/passkeys': () => ({ body: { passkeys: [] } }), 'POST /v1/auth/passkeys/begin': () => ({ body: options }), 'POST /v1/auth/passkeys': () => ({ status: 201, body: KEY }) });
  await screen.findByRole('heading', { name: 'No passkey yet' });
  await clean();
  press('n');
  const name = await screen.findByLabelText('Name');
  await userEvent.clear(name);
  await userEvent.type(name, 'The blue one{Enter}');
  await waitFor(() => expect(asked.find((a) => a.route === 'POST /v1/auth/passkeys')?.body).toMatchObject({ name: 'The blue one', credential: { id: 'AQ', rawId: 'AQ', type: 'public-key', response: { clientDataJSON: 'Ag', attestationObject: 'Aw', transports: ['internal'] } } }));
  expect([...(credentials.create.mock.calls[0]![0] as { publicKey: { challenge: Uint8Array } }).publicKey.challenge]).toEqual([255]);
});

it('signs in with a passkey, and says what went wrong before', async () => {
  credentials.get.mockRejectedValueOnce(new DOMException('no', 'NotAllowedError')).mockResolvedValue({ id: 'AQ', rawId: bytes(1), authenticatorAttachment: null, response: { clientDataJSON: bytes(2), authenticatorData: bytes(3), signature: bytes(4), userHandle: bytes(5) } });
  const granted = { user: { id: 'u', username: 'analyst' }, tenant: { id: 'main', name: 'Halden' }, permissions: [], csrf: 'c', expires_at: '2027-01-01T00:00:00Z' };
  const { asked } = await open('/account', { ...ROUTES, 'GET /v1/auth/session': refuse(401, 'Sign in first.'), 'POST /v1/auth/passkey-sign-in/begin': () => ({ body: { challenge: '_w', rpId: 'localhost', timeout: 1, userVerification: 'required' } }), 'POST /v1/auth/passkey-sign-in': () => ({ body: granted }) });
  await userEvent.click(await screen.findByRole('button', { name: 'Sign in with a passkey' }));
  expect(await screen.findByRole('alert')).toHaveTextContent('No passkey was used');
  await clean();
  await userEvent.click(screen.getByRole('button', { name: 'Sign in with a passkey' }));
  expect(await screen.findByRole('heading', { name: 'Account' })).toBeInTheDocument();
  expect(asked.find((a) => a.route === 'POST /v1/auth/passkey-sign-in')?.body).toMatchObject({ response: { userHandle: 'BQ', signature: 'BA' } });
});

it('changes the password and says why not', async () => {
  let right = false;
  const { asked } = await open('/account', { ...ROUTES, 'POST /v1/auth/password': () => (right ? { body: { ended: 1 } } : refuse(403, 'The old password is not right.')()) });
  await userEvent.type(await screen.findByLabelText('Old password'), 'old words here');
  await userEvent.type(screen.getByLabelText('New password'), 'new words here{Enter}');
  expect(await screen.findByRole('alert')).toHaveTextContent('The old password is not right.');
  right = true;
  await userEvent.click(screen.getByRole('button', { name: 'Change the password' }));
  expect(await screen.findByText(/one other session is over/)).toBeInTheDocument();
  expect(asked.find((a) => a.route === 'POST /v1/auth/password')?.body).toEqual({ old: 'old words here', new: 'new words here' });
});

it('adds an authenticator app and shows recovery codes once', async () => {
  const { asked } = await open('/account', { ...ROUTES, 'POST /v1/auth/authenticator/begin': () => ({ body: { secret: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', uri: 'otpauth://totp/Marsad:analyst?secret=ABC' } }), 'POST /v1/auth/authenticator': (r) => ((r.body as { code: string }).code === '123456' ? { status: 201, body: { recovery_codes: ['ABCDEFGHIJKLMNOP'] } } : { status: 400, body: { type: 'urn:marsad:problem:wrong-code', title: 'Bad request', status: 400, detail: 'Not this one.' } }) });
  await screen.findByRole('heading', { name: 'Password alone' });
  press('a');
  expect(await screen.findByRole('img', { name: 'The key as a QR code' })).toBeInTheDocument();
  expect(screen.getByLabelText('Key for the app', { selector: 'pre' })).toHaveTextContent('ABCD EFGH');
  await clean();
  await userEvent.type(screen.getByLabelText('Code of the app'), '000000{Enter}');
  expect(await screen.findByRole('alert')).toHaveTextContent('Not this one.');
  await userEvent.clear(screen.getByLabelText('Code of the app'));
  await userEvent.type(screen.getByLabelText('Code of the app'), '123456{Enter}');
  expect(await screen.findByRole('list', { name: 'Recovery codes' })).toHaveTextContent('ABCD-EFGH-IJKL-MNOP');
  expect(asked.filter((a) => a.route === 'POST /v1/auth/authenticator')).toHaveLength(2);
});

it('asks for a code where the account has an app', async () => {
  const granted = { user: { id: 'u', username: 'analyst' }, tenant: { id: 'main', name: 'Halden' }, permissions: [], second_factor_due: false, csrf: 'c', expires_at: '2027-01-01T00:00:00Z' };
  const login = (r: { body: unknown }) => ((r.body as { code?: string }).code ? { body: granted } : { status: 401, body: { type: 'urn:marsad:problem:code-required', title: 'Unauthorized', status: 401, detail: 'Send the code.' } });
  await open('/account', { ...ROUTES, 'GET /v1/auth/session': refuse(401, 'Sign in first.'), 'POST /v1/auth/login': login });
  await userEvent.type(await screen.findByLabelText('Username'), 'analyst');
  await userEvent.type(screen.getByLabelText('Password', { selector: 'input' }), 'secret words{Enter}');
  const code = await screen.findByLabelText(/Code of your authenticator app/);
  expect(screen.queryByRole('alert')).toBeNull();
  await clean();
  await userEvent.type(code, '123456{Enter}');
  expect(await screen.findByRole('heading', { name: 'Account' })).toBeInTheDocument();
});

it('shows only the account while a second factor is due', async () => {
  const due = { user: { id: 'u', username: 'analyst' }, tenant: { id: 'main', name: 'Halden' }, permissions: [], second_factor_due: true, csrf: 'c', expires_at: '2027-01-01T00:00:00Z' };
  await open('/alerts', { ...ROUTES, 'GET /v1/auth/session': () => ({ body: due }) });
  expect(await screen.findByText('Your role needs a second factor', { selector: 'strong' })).toBeInTheDocument();
  expect(screen.queryByRole('link', { name: /Alerts/ })).not.toBeInTheDocument();
});

it('makes a code for a chat, and forgets a chat', async () => {
  const forget = vi.fn();
  await open('/account', {
    ...ROUTES,
    'GET /v1/auth/session': () => ({ body: { ...SESSION, permissions: [...SESSION.permissions, 'actions:read'] } }),
    'GET /v1/me/chat-links': () => ({ body: { links: [{ id: 'c1', chat: 'our-slack', chat_user: 'T1/U1', linked_at: EVENT.time }] } }),
    'POST /v1/me/chat-links': () => ({ status: 201, body: { code: 'ABCD23456789', expires_at: EVENT.time } }),
    'DELETE /v1/me/chat-links/c1': () => { forget(); return { status: 204 }; },
  });
  await userEvent.click(await screen.findByRole('button', { name: 'Make a code' }));
  expect(await screen.findByText('/marsad link ABCD23456789')).toBeVisible();
  await userEvent.click(screen.getByRole('button', { name: 'Forget our-slack T1/U1' }));
  await waitFor(() => expect(forget).toHaveBeenCalled());
  await clean();
});
