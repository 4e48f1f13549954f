import type { Schemas } from '../api/client';

type Creation = Schemas['PasskeyCreation'];
type Credential = Schemas['PasskeyCredential'];

export const fromBase64 = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (c) => c.charCodeAt(0));

export const toBase64 = (bytes: ArrayBuffer): string => btoa(String.fromCharCode(...new Uint8Array(bytes))).replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');

/** Why this page cannot use passkeys, and the address at which it could where there is one; undefined where it can. */
export function obstacle(at: { protocol: string; hostname: string; port: string } = window.location): { why: string; go?: string } | undefined {
  const local = /^127\.|^\[?::1\]?$/.test(at.hostname);
  if (local) return { why: 'Passkeys are bound to a name, not to an address.', go: `${at.protocol}//localhost${at.port ? `:${at.port}` : ''}` };
  if (/^[\d.]+$|^\[/.test(at.hostname)) return { why: 'Passkeys are bound to a name: open this console by one, over https.' };
  if (typeof window.PublicKeyCredential === 'undefined') return { why: at.protocol === 'https:' ? 'This browser has no passkeys.' : 'Passkeys need https.' };
  return undefined;
}

/** Somebody closed the browser's window, or it was not the right one to ask. */
export class NoPasskey extends Error {}

/** The browser's own words are for programmers. */
export function said(e: unknown): NoPasskey {
  const name = e instanceof DOMException ? e.name : '';
  if (name === 'InvalidStateError') return new NoPasskey('This device has a passkey for your account already.');
  if (name === 'NotAllowedError' || name === 'AbortError') return new NoPasskey('No passkey was used: the window was closed, or nothing was chosen in time.');
  if (name === 'SecurityError') return new NoPasskey('This address cannot use passkeys: the console has to be opened at the address that is configured.');
  return new NoPasskey(e instanceof Error ? e.message : String(e));
}

/** Has a device make a passkey. */
export async function make(options: Creation): Promise<Credential> {
  const made = await asked(() => navigator.credentials.create({
    publicKey: {
      ...options,
      challenge: fromBase64(options.challenge),
      user: { ...options.user, id: fromBase64(options.user.id) },
      excludeCredentials: options.excludeCredentials.map((c) => ({ type: c.type, id: fromBase64(c.id), transports: c.transports as AuthenticatorTransport[] })),
    },
  }));
  const response = made.response as AuthenticatorAttestationResponse;
  return envelope(made, { clientDataJSON: toBase64(response.clientDataJSON), attestationObject: toBase64(response.attestationObject), transports: response.getTransports?.() ?? [] });
}

/** Has a device sign with a passkey of its holder's choice. */
export async function use(options: Schemas['PasskeyRequest']): Promise<Credential> {
  const got = await asked(() => navigator.credentials.get({ publicKey: { ...options, challenge: fromBase64(options.challenge), allowCredentials: [] } }));
  const response = got.response as AuthenticatorAssertionResponse;
  return envelope(got, { clientDataJSON: toBase64(response.clientDataJSON), authenticatorData: toBase64(response.authenticatorData), signature: toBase64(response.signature), userHandle: response.userHandle ? toBase64(response.userHandle) : null });
}

async function asked(ask: () => Promise<unknown>): Promise<PublicKeyCredential> {
  try {
    const got = await ask();
    if (got) return got as PublicKeyCredential;
  } catch (e) {
    throw said(e);
  }
  throw new NoPasskey('No passkey was used.');
}

const envelope = (c: PublicKeyCredential, response: Record<string, unknown>): Credential => ({ id: c.id, rawId: toBase64(c.rawId), type: 'public-key', response, authenticatorAttachment: c.authenticatorAttachment, clientExtensionResults: {} });
