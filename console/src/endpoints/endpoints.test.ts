import { expect, it } from 'vitest';
import { agentLine, line, relayLine, standing } from './endpoints';
import { readSearch } from './search';

it('says whether a host reports', () => {
  const now = Date.parse('2026-11-23T10:00:00Z');
  expect(standing({ state: 'active', last_seen_at: '2026-11-23T09:50:00Z' }, now)).toBe('reports');
  expect(standing({ state: 'active', last_seen_at: '2026-11-23T09:40:00Z' }, now)).toBe('quiet');
  expect(standing({ state: 'revoked', last_seen_at: '2026-11-23T09:59:59Z' }, now)).toBe('revoked');
});

it('keeps of the address what it knows', () => expect(readSearch({ q: 'web', host: '', enroll: 'true' })).toEqual({ q: 'web', host: undefined, enroll: true }));

it('is one line for each platform, with the secret once and nothing that a shell would read', () => {
  for (const p of ['linux', 'macos', 'windows'] as const) {
    const l = line(p, 'marsad.example', 'mse_t.id.secret');
    expect(l).not.toContain('\n');
    expect(l.split('mse_t.id.secret')).toHaveLength(2);
    expect(l).toContain('--tls_hostname=marsad.example');
    expect(l).toContain('--distributed_tls_read_endpoint=/v1/osquery/distributed/read');
  }
  expect(line('windows', 'h', 's')).toContain("osquery.flags' @('--tls_hostname=h','--enroll_secret_path=C:\\Program Files\\osquery\\marsad.secret','");
});

it('lets our agent and a relay in by the authority that they are told', () => {
  expect(agentLine('marsad.example', 'mse_t.id.s', 'ab')).toBe('sudo marsad-agent-*/install.sh --server marsad.example:8482 --secret mse_t.id.s --authority ab');
  expect(relayLine('h', 's', 'ab')).toContain('relay enroll --server h:8482 --secret s --authority ab --data /var/lib/marsad-relay && ./marsad relay run');
});
