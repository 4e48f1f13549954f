/** What an OCSF class and activity are in words, for the rows of the search; the full names are in the event's OCSF form. */
const CLASS: Record<string, [what: string, acts: readonly string[]]> = {
  1001: ['File', ['', 'created', 'read', 'changed', 'deleted', 'renamed', 'attributes set', 'rights set', 'attributes read', 'rights read', 'encrypted', 'decrypted', 'mounted', 'unmounted', 'opened']],
  1004: ['Memory', ['', 'page allocated', 'page changed', 'page deleted', 'overflow', 'DEP off', 'DEP on', 'read', 'written', 'mapped']],
  1005: ['Module', ['', 'loaded', 'unloaded', 'called']],
  1006: ['Scheduled job', ['', 'created', 'changed', 'deleted', 'enabled', 'disabled', 'started']],
  1007: ['Process', ['', 'launched', 'ended', 'opened', 'injected into', 'user set']],
  1008: ['Event log', ['', 'cleared', 'deleted', 'exported', 'archived', 'rotated', 'started', 'stopped', 'restarted', 'enabled', 'disabled']],
  1009: ['Script', ['', 'run']],
  2004: ['Finding', ['', 'raised', 'changed', 'closed']],
  3001: ['Account', ['', 'created', 'enabled', 'password changed', 'password reset', 'disabled', 'deleted', 'policy attached', 'policy detached', 'locked', 'MFA on', 'MFA off', 'unlocked']],
  3002: ['', ['Sign-in', 'Sign-in', 'Sign-out', 'Ticket', 'Service ticket', 'Service ticket renewed', 'Pre-authentication', 'Account switched']],
  3003: ['Session', ['', 'given privileges', 'given groups']],
  3005: ['User access', ['', 'given', 'taken']],
  3006: ['Group', ['', 'given privileges', 'privileges taken', 'user added', 'user removed', 'deleted', 'created']],
  4001: ['Connection', ['', 'opened', 'closed', 'reset', 'failed', 'refused', 'traffic', 'listening']],
  4002: ['', ['HTTP', 'CONNECT', 'DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'TRACE', 'PATCH']],
  4003: ['', ['DNS', 'DNS query', 'DNS answer']],
  4007: ['SSH', ['', 'opened', 'closed', 'reset', 'failed', 'refused']],
  6003: ['API call', ['']],
  201001: ['Registry key', ['', 'created', 'read', 'changed', 'deleted', 'renamed']],
  201002: ['Registry value', ['', 'read', 'set', 'changed', 'deleted']],
  201004: ['Service', ['', 'created', 'changed', 'started', 'stopped', 'paused', 'continued', 'deleted']],
};

export function what(classUid: string, activity: string): string {
  const c = CLASS[classUid];
  return c ? [c[0], c[1][Number(activity)] ?? ''].filter(Boolean).join(' ') : '';
}
