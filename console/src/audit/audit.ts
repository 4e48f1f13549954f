import { queryOptions } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../api/client';
import { number } from '../ui/format';
import type { AuditFilters } from './search';

export type AuditEntry = Schemas['AuditEntry'];

export type Receiver = NonNullable<Schemas['AuditStream']['receiver']>;

/** Kinds of things that acts are on, as the actions begin. */
export const KINDS = ['session', 'passkey', 'authenticator', 'user', 'role', 'token', 'provider', 'alert', 'case', 'decision', 'suppression', 'context', 'indicator', 'tuning', 'notification', 'model', 'view', 'schedule', 'hunt', 'rules', 'events', 'tenant', 'delegation', 'vault', 'audit'] as const;

/** Checking computes the whole chain again: once in a while is enough. */
export const VERIFICATION = queryOptions({
  queryKey: ['audit-verification'],
  queryFn: ({ signal }: { signal: AbortSignal }) => answer(api.GET('/v1/audit/verification', { signal })),
  staleTime: 60_000,
});

/** Where the log goes besides; how far the receiver is changes by itself. */
export const STREAM = queryOptions({
  queryKey: ['audit-stream'],
  queryFn: ({ signal }: { signal: AbortSignal }) => answer(api.GET('/v1/audit/stream', { signal })),
  refetchInterval: 5_000,
});

export const setStream = (body: Schemas['NewAuditStream']) => answer(api.POST('/v1/audit/stream', { body }));
export const endStream = () => answer(api.DELETE('/v1/audit/stream'));

/** How a receiver does: `newest` is the number of the log's last entry, as far as it is known. */
export function standing(r: Receiver, newest: number): { tone: string; word: string; text: string } {
  const behind = Math.max(0, newest - r.sent);
  if (r.failed_at) return { tone: 'c-failing', word: 'receiver does not take it', text: `${behind === 1 ? 'One entry waits' : `${number(behind)} entries wait`} and nothing is lost; it is tried again, at most five minutes later.` };
  if (r.sent_at === null) return { tone: 'c-quiet', word: 'first entries on their way', text: 'It is sent from the first entry on.' };
  return behind === 0 ? { tone: 'c-ok', word: 'receiver has all', text: `It has every entry up to ${number(r.sent)}.` } : { tone: 'c-quiet', word: 'on the way', text: `It has every entry up to ${number(r.sent)}; ${number(behind)} more follow.` };
}

/** Where the browser gets the export from. */
export function exportAddress(s: AuditFilters): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(s)) if (value) query.set(name, value);
  const said = query.toString();
  return `/v1/audit/export${said ? `?${said}` : ''}`;
}
