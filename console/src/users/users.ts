import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../api/client';

import type { UsersSearch } from './search';

export type { UsersSearch } from './search';

export type User = Schemas['User'];
export type Role = Schemas['Role'];
export type Tab = 'users' | 'roles' | 'providers';


export const USERS = queryOptions({ queryKey: ['users'], queryFn: ({ signal }: { signal: AbortSignal }) => answer(api.GET('/v1/users', { signal })), refetchInterval: 30_000 });
export const ROLES = queryOptions({ queryKey: ['roles'], queryFn: ({ signal }: { signal: AbortSignal }) => answer(api.GET('/v1/roles', { signal })) });

export const SECOND_FACTOR = queryOptions({ queryKey: ['second-factor'], queryFn: ({ signal }: { signal: AbortSignal }) => answer(api.GET('/v1/second-factor', { signal })) });
export const setSecondFactor = (roles: string[]) => answer(api.PUT('/v1/second-factor', { body: { roles } }));

/** Users and roles count each other: both are asked again. */
export const again = (client: QueryClient) => Promise.all([client.invalidateQueries({ queryKey: ['users'] }), client.invalidateQueries({ queryKey: ['roles'] })]);

const path = (id: string) => ({ params: { path: { id } } });
export const createUser = (body: Schemas['NewUser']) => answer(api.POST('/v1/users', { body }));
export const updateUser = (id: string, body: Schemas['UserChange']) => answer(api.PATCH('/v1/users/{id}', { ...path(id), body }));
export const resetPassword = (id: string) => answer(api.POST('/v1/users/{id}/password', path(id)));
export const endSessions = (id: string) => answer(api.DELETE('/v1/users/{id}/sessions', path(id)));
export const deleteUser = (id: string) => answer(api.DELETE('/v1/users/{id}', path(id)));
export const createRole = (body: Schemas['NewRole']) => answer(api.POST('/v1/roles', { body }));
export const updateRole = (id: string, body: Schemas['RoleChange']) => answer(api.PUT('/v1/roles/{id}', { ...path(id), body }));
export const deleteRole = (id: string) => answer(api.DELETE('/v1/roles/{id}', path(id)));

/** What is seen of the users, in the server's order. */
export function seen(users: readonly User[], s: UsersSearch): User[] {
  const q = s.q?.trim().toLowerCase();
  return users.filter((u) => (!q || u.username.toLowerCase().includes(q)) && (!s.role || u.role === s.role));
}

export type Group = { resource: string; permissions: string[] };

/** Permissions by what they are on: `alerts:read` and `alerts:write` stand together. */
export function grouped(permissions: readonly string[]): Group[] {
  const groups = new Map<string, string[]>();
  for (const p of permissions) {
    const resource = p.slice(0, p.indexOf(':'));
    groups.set(resource, [...(groups.get(resource) ?? []), p]);
  }
  return [...groups].map(([resource, all]) => ({ resource, permissions: all }));
}

/** The roles that one can give: all that one may do oneself. */
export const givable = (roles: readonly Role[], own: readonly string[]) => roles.filter((r) => r.permissions.every((p) => own.includes(p) || own.includes('*')));

/** How somebody signs in, in words. */
export function signsIn(u: User): string {
  const ways = [u.passkeys ? (u.passkeys === 1 ? 'passkey' : `${u.passkeys} passkeys`) : '', u.has_password ? (u.authenticator ? 'password and code' : 'password') : ''];
  return ways.filter(Boolean).join(', ') || 'by other means';
}

/** What a permission lets one do, in words. */
export const MEANING: Readonly<Record<string, string>> = {
  'alerts:read': 'See alerts and follow them live',
  'alerts:write': 'Take, close and comment alerts',
  'audit:read': 'Read, export and check the audit log',
  'audit:write': 'Say where the audit log goes besides',
  'decisions:override': 'Override decisions',
  'decisions:read': 'See decisions',
  'decisions:write': 'Change thresholds',
  'events:read': 'Search events, see rules and hunts',
  'hunts:write': 'Run rules over the past',
  'cases:read': 'Read cases and their evidence',
  'cases:configure': 'Say until when cases have to be worked on',
  'cases:write': 'Work on cases: their state, their alerts, their evidence',
  'risk:read': 'See whom most speaks against',
  'context:write': 'Say what is known of hosts and people',
  'endpoints:read': 'See hosts that report, and how they were let in',
  'endpoints:manage': 'Let hosts in and revoke them',
  'endpoints:query': 'Put queries to hosts and read what they answer',
  'suppressions:write': 'Say which alerts are hidden, and for how long',
  'intel:read': 'See which indicators are listed, and ask what is known of values',
  'notifications:read': 'See where people are told of escalated alerts',
  'notifications:write': 'Say where people are told of escalated alerts',
  'models:read': 'See which language model is asked, and what it was asked',
  'models:write': 'Say which language model is asked, and how much',
  'playbooks:read': 'See playbooks and what became of their runs',
  'playbooks:write': 'Make and change playbooks, and say which run by themselves',
  'playbooks:run': 'Begin, try and cancel runs of playbooks, and do their tasks',
  'actions:read': 'See which actions were asked for, who agreed, and what came of them',
  'actions:configure': 'Say how much is done without asking',
  'actions:contain': 'Ask for actions that contain, and agree to them',
  'actions:investigate': 'Ask for actions that look, and agree to them',
  'actions:intel': 'Ask for actions on indicators, and agree to them',
  'actions:cases': 'Ask for actions on cases and alerts, and agree to them',
  'actions:notify': 'Ask for actions that tell people something, and agree to them',
  'connectors:read': 'See which other products are connected',
  'connectors:write': 'Connect other products, and call them by hand',
  'intel:write': 'Say which indicators are looked for, and which services are asked',
  'ingest:write': 'Send events',
  'metrics:read': 'Read the installation’s metrics',
  'providers:read': 'See who is believed about people who sign in',
  'providers:write': 'Make and change sign-in providers',
  'rules:reload': 'Have the installation read its rules again',
  'searches:manage': 'Change what others share',
  'searches:write': 'Save searches and schedules',
  'sources:read': 'See sources and what could not be read',
  'sources:write': 'Read again what could not be read',
  'tenants:read': 'See who the installation’s tenants are',
  'tenants:write': 'Make, limit, suspend and delete tenants',
  'tokens:read': 'See tokens, without their secrets',
  'tokens:write': 'Make and revoke tokens',
  'users:read': 'See users and roles',
  'users:write': 'Make and change users and roles',
  'vault:read': 'See which keys secrets are encrypted by',
  'vault:write': 'Give secrets new keys',
};
