import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../api/client';

export type Provider = Schemas['Provider'];
export type NewProvider = Schemas['NewProvider'];
export type Step = Schemas['ProviderTest']['steps'][number];
export type Kind = 'keycloak' | 'entra' | 'google' | 'other';

export const PROVIDERS = queryOptions({ queryKey: ['providers'], queryFn: ({ signal }: { signal: AbortSignal }) => answer(api.GET('/v1/identity-providers', { signal })) });

export const again = (client: QueryClient) => client.invalidateQueries({ queryKey: ['providers'] });

const path = (id: string) => ({ params: { path: { id } } });
export const createProvider = (body: NewProvider) => answer(api.POST('/v1/identity-providers', { body }));
export const updateProvider = (id: string, body: NewProvider) => answer(api.PUT('/v1/identity-providers/{id}', { ...path(id), body }));
export const deleteProvider = (id: string) => answer(api.DELETE('/v1/identity-providers/{id}', path(id)));
export const testProvider = (id: string) => answer(api.POST('/v1/identity-providers/{id}/test', path(id)));

/** What providers in wide use call their things. */
export const KINDS: Readonly<Record<Kind, { name: string; issuer: string; claim: string; scopes: string[]; hint: string }>> = {
  keycloak: { name: 'Keycloak', issuer: 'https://login.example.org/realms/soc', claim: 'groups', scopes: ['profile', 'email'], hint: 'Add a mapper “Group Membership” to the client with the claim groups, without the full path. Realm roles stand in realm_access.roles.' },
  entra: { name: 'Microsoft Entra ID', issuer: 'https://login.microsoftonline.com/TENANT-ID/v2.0', claim: 'groups', scopes: ['profile', 'email'], hint: 'Under “Token configuration” add the groups claim. Groups are named by their object id.' },
  google: { name: 'Google', issuer: 'https://accounts.google.com', claim: 'groups', scopes: ['profile', 'email'], hint: 'Google names no groups: choose a role for everybody, and let the client be “internal” so that only your organisation signs in.' },
  other: { name: 'Another one', issuer: 'https://login.example.org', claim: 'groups', scopes: ['profile', 'email', 'groups'], hint: 'Its discovery document is at ISSUER/.well-known/openid-configuration.' },
};

export type GroupRow = { group: string; role: string };
export type Draft = { name: string; issuer: string; clientId: string; secret: string; scopes: string; claim: string; fallback: string; groups: GroupRow[]; enabled: boolean };

export const draftOf = (p: Provider): Draft => ({ name: p.name, issuer: p.issuer, clientId: p.client_id, secret: '', scopes: p.scopes.join(' '), claim: p.groups_claim, fallback: p.default_role ?? '', groups: p.groups.map((g) => ({ ...g })), enabled: p.enabled });

export const draftFor = (kind: Kind): Draft => ({ name: kind === 'other' ? '' : KINDS[kind].name, issuer: kind === 'google' ? KINDS.google.issuer : '', clientId: '', secret: '', scopes: KINDS[kind].scopes.join(' '), claim: KINDS[kind].claim, fallback: '', groups: [{ group: '', role: 'soc_analyst' }], enabled: true });

/** What is sent: rows without a group are none, a secret that was not typed stays as it is. */
export const bodyOf = (d: Draft): NewProvider => ({
  name: d.name.trim(),
  issuer: d.issuer.trim(),
  client_id: d.clientId.trim(),
  ...(d.secret ? { client_secret: d.secret } : {}),
  scopes: d.scopes.split(/\s+/).filter((s) => s !== '' && s !== 'openid'),
  groups_claim: d.claim.trim() || 'groups',
  default_role: d.fallback || null,
  groups: d.groups.filter((g) => g.group.trim() !== '').map((g) => ({ group: g.group.trim(), role: g.role })),
  enabled: d.enabled,
});

/** Permissions about the installation itself: no provider gives a role that has one. */
const OF_INSTALLATION = /^(metrics|rules|tenants|vault|keys):/;
export const fromOutside = <R extends { permissions: readonly string[] }>(roles: readonly R[]) => roles.filter((r) => !r.permissions.some((p) => OF_INSTALLATION.test(p)));

export const STEPS: Readonly<Record<Step['what'], string>> = { discovery: 'Discovery document', keys: 'Signing keys', algorithms: 'Algorithms', pkce: 'Proof of the code', redirect_uri: 'Redirect URI', client: 'Client id and secret' };

/** Who gets in, in a line. */
export function whoGetsIn(p: Pick<Provider, 'groups' | 'default_role'>): string {
  const groups = p.groups.length === 0 ? '' : p.groups.length === 1 ? 'one group' : `${p.groups.length} groups`;
  if (p.default_role) return groups ? `${groups}; everybody else as ${p.default_role}` : `everybody as ${p.default_role}`;
  return groups || 'nobody yet';
}
