import { queryOptions } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../api/client';

export type AuditEntry = Schemas['AuditEntry'];

/** What the address of the audit log holds: what is shown of it. */
export type AuditSearch = {
  /** The beginning of actions, with its dot: `alert.` */
  action?: string;
  /** Who, whole. */
  actor?: string;
  /** On what: whole, or with a colon at its end all that begin so. */
  object?: string;
};

/** Kinds of things that acts are on, as the actions begin. */
export const KINDS = ['session', 'passkey', 'user', 'role', 'token', 'alert', 'view', 'schedule', 'hunt', 'rules', 'events', 'tenant', 'audit'] as const;

const text = (x: unknown) => (typeof x === 'string' && x !== '' ? x.slice(0, 200) : undefined);

export const readSearch = (s: Record<string, unknown>): AuditSearch => ({ action: text(s.action), actor: text(s.actor), object: text(s.object) });

/** Checking computes the whole chain again: once in a while is enough. */
export const VERIFICATION = queryOptions({
  queryKey: ['audit-verification'],
  queryFn: ({ signal }: { signal: AbortSignal }) => answer(api.GET('/v1/audit/verification', { signal })),
  staleTime: 60_000,
});

/** Where the browser gets the export from. */
export function exportAddress(s: AuditSearch): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(s)) if (value) query.set(name, value);
  const said = query.toString();
  return `/v1/audit/export${said ? `?${said}` : ''}`;
}
