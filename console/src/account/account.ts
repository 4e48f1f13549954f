import { queryOptions } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../api/client';

export type Passkey = Schemas['Passkey'];
export type OpenSession = Schemas['OpenSessions']['sessions'][number];

export type Chat = Schemas['ChatLinks']['links'][number];

export const CHATS = queryOptions({ queryKey: ['chats'], queryFn: ({ signal }: { signal: AbortSignal }) => answer(api.GET('/v1/me/chat-links', { signal })) });
export const PASSKEYS = queryOptions({ queryKey: ['passkeys'], queryFn: ({ signal }: { signal: AbortSignal }) => answer(api.GET('/v1/auth/passkeys', { signal })) });
export const SESSIONS = queryOptions({ queryKey: ['sessions'], queryFn: ({ signal }: { signal: AbortSignal }) => answer(api.GET('/v1/auth/sessions', { signal })) });

export const AUTHENTICATOR = queryOptions({ queryKey: ['authenticator'], queryFn: ({ signal }: { signal: AbortSignal }) => answer(api.GET('/v1/auth/authenticator', { signal })) });

const BROWSERS: [RegExp, string][] = [[/Edg\/(\d+)/, 'Edge'], [/OPR\/(\d+)/, 'Opera'], [/Firefox\/(\d+)/, 'Firefox'], [/Chrom(?:e|ium)\/(\d+)/, 'Chrome'], [/HeadlessChrome\/(\d+)/, 'Chrome'], [/Version\/(\d+).*Safari/, 'Safari']];
const SYSTEMS: [RegExp, string][] = [[/Android/, 'Android'], [/iPhone|iPad/, 'iOS'], [/Windows/, 'Windows'], [/Mac OS X/, 'macOS'], [/CrOS/, 'ChromeOS'], [/Linux|X11/, 'Linux']];

/** "Firefox 143 on Linux" of what a browser calls itself; its first word where that is none we know. */
export function device(agent: string): string {
  const system = SYSTEMS.find(([is]) => is.test(agent))?.[1];
  for (const [is, name] of BROWSERS) {
    const version = is.exec(agent)?.[1];
    if (version) return `${name} ${version}${system ? ` on ${system}` : ''}`;
  }
  return agent.split(/[\s/]/)[0] || 'Unknown';
}

export const METHODS: Record<OpenSession['method'], string> = { password: 'Password', passkey: 'Passkey', totp: 'Password and code', oidc: 'Sign-in provider' };

/** What a new passkey is called until its owner says otherwise. */
export const suggestion = (agent: string, have: number) => `${device(agent).replace(/ \d+/, '')}${have ? ` ${have + 1}` : ''}`;
