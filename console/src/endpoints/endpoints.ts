import { answer, api, type Schemas } from '../api/client';

export type Endpoint = Schemas['Endpoint'];
export type Enrolled = Schemas['CreatedEnrollSecret'];

export const page = (q: string, cursor: string | undefined, signal: AbortSignal) => answer(api.GET('/v1/endpoints', { params: { query: { limit: 200, ...(q ? { q } : {}), ...(cursor ? { cursor } : {}) } }, signal }));
export const find = (id: string, signal: AbortSignal) => answer(api.GET('/v1/endpoints/{id}', { params: { path: { id } }, signal }));
/** The newest of the last day; kept out of the history of searches. */
export const latestOf = (query: string, signal: AbortSignal) => {
  const to = new Date();
  return answer(api.POST('/v1/events/search', { body: { query, from: new Date(to.getTime() - 86_400_000).toISOString(), to: to.toISOString(), limit: 20 }, signal }));
};
export const revoke = (id: string) => answer(api.POST('/v1/endpoints/{id}/revoke', { params: { path: { id } } }));
export const letIn = (body: Schemas['NewEnrollSecret']) => answer(api.POST('/v1/enroll-secrets', { body }));

/** A host asks at least every few minutes; one that does not has gone quiet. */
export const QUIET_MS = 15 * 60_000;
export type Standing = 'reports' | 'quiet' | 'revoked';
export const standing = (e: Pick<Endpoint, 'state' | 'last_seen_at'>, now: number): Standing => (e.state === 'revoked' ? 'revoked' : now - Date.parse(e.last_seen_at) > QUIET_MS ? 'quiet' : 'reports');
export const TONE: Record<Standing, string> = { reports: 'c-ok', quiet: 'c-quiet', revoked: 'c-failing' };

const FLAGS = [
  'enroll_tls_endpoint=/v1/osquery/enroll', 'config_plugin=tls', 'config_tls_endpoint=/v1/osquery/config', 'config_refresh=300',
  'logger_plugin=tls', 'logger_tls_endpoint=/v1/osquery/log', 'logger_tls_compress=true', 'host_identifier=uuid', 'disable_events=false', 'enable_file_events=true',
  'disable_distributed=false', 'distributed_plugin=tls', 'distributed_interval=10', 'distributed_tls_read_endpoint=/v1/osquery/distributed/read', 'distributed_tls_write_endpoint=/v1/osquery/distributed/write',
];

export type Platform = 'linux' | 'macos' | 'windows';
export const PLATFORMS = [{ value: 'linux', label: 'Linux' }, { value: 'macos', label: 'macOS' }, { value: 'windows', label: 'Windows' }] as const;

/** Where agents and relays ask to be let in, unless it was changed (`agents.enroll_port`). */
const DOOR = 8482;

/** What is run once on a host where our agent's package was unpacked. A secret has no character that a shell reads. */
export const agentLine = (host: string, secret: string, authority: string) =>
  `sudo marsad-agent-*/install.sh --server ${host}:${DOOR} --secret ${secret} --authority ${authority}`;

/** What is run on the machine of a relay, where the platform's distribution is. */
export const relayLine = (host: string, secret: string, authority: string) =>
  `./marsad relay enroll --server ${host}:${DOOR} --secret ${secret} --authority ${authority} --data /var/lib/marsad-relay && ./marsad relay run --data /var/lib/marsad-relay`;

export type Purpose = 'osquery' | 'agent' | 'relay';
export const PURPOSES = [{ value: 'osquery', label: 'osquery' }, { value: 'agent', label: 'Our agent' }, { value: 'relay', label: 'A relay' }] as const;

/** One line that makes an installed osqueryd report here. A secret has no character that a shell reads. */
export function line(platform: Platform, host: string, secret: string): string {
  const flags = (at: string) => [`tls_hostname=${host}`, `enroll_secret_path=${at}`, ...FLAGS].map((f) => `--${f}`);
  if (platform === 'windows') {
    const at = 'C:\\Program Files\\osquery';
    return `Set-Content -NoNewline '${at}\\marsad.secret' '${secret}'; icacls '${at}\\marsad.secret' /inheritance:r /grant 'SYSTEM:R' 'Administrators:F' | Out-Null; Set-Content '${at}\\osquery.flags' '${flags(`${at}\\marsad.secret`).join("','")}'; Restart-Service osqueryd`.replace(/Set-Content ('[^']*osquery\.flags') ('.*'); Restart/, 'Set-Content $1 @($2); Restart');
  }
  const at = platform === 'linux' ? '/etc/osquery' : '/var/osquery';
  const restart = platform === 'linux' ? 'systemctl restart osqueryd' : 'osqueryctl restart';
  return `sudo sh -c 'umask 077; mkdir -p ${at}; printf %s ${secret} > ${at}/marsad.secret; printf "%s\\n" ${flags(`${at}/marsad.secret`).join(' ')} > ${at}/osquery.flags; ${restart}'`;
}
