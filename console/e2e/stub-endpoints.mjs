// Made-up hosts, and what they answer.
const iso = (ms) => new Date(Date.now() + ms).toISOString();
const HOSTS = [['web-1', 'debian', 'Debian 12', 'servers', -8_000], ['web-2', 'debian', 'Debian 12', 'servers', -21_000], ['db-1', 'rhel', 'Red Hat 9.4', 'databases', -4_000], ['ws-ada', 'windows', 'Windows 11 24H2', 'workstations', -3_600_000], ['mac-17', 'darwin', 'macOS 15.1', 'workstations', -12_000], ['kiosk-3', 'windows', 'Windows 10 22H2', 'kiosks', -86_400_000]];
const SAID = [['fim_file_events', { 'file.path': '/etc/shadow' }], ['listening_ports', { 'unmapped.columns.port': '8443', 'unmapped.columns.name': 'nginx' }], ['persistence_crontab', { 'unmapped.columns.command': '/usr/local/bin/backup.sh', 'unmapped.columns.path': '/etc/cron.d/backup' }], ['evasion_deleted_binaries', { 'process.cmd_line': '/tmp/.x/kworker-x --quiet' }]];

export function endpointStub(problem) {
  const hosts = HOSTS.map(([hostname, platform, os_version, group, seen], i) => ({ id: crypto.randomUUID(), kind: 'osquery', host_identifier: crypto.randomUUID(), hardware_uuid: crypto.randomUUID(), hostname, platform, os_version, software_version: '5.23.0', group, state: i === 5 ? 'revoked' : 'active', enrolled_at: iso(-30 * 86_400_000), last_seen_at: iso(seen), last_address: `10.4.0.${10 + i}` }));
  const answers = hosts.slice(0, 4).map((h, i) => ({ seq: i + 1, endpoint_id: h.id, hostname: h.hostname, state: i === 3 ? 'failed' : 'answered', status: i === 3 ? 1 : 0, message: i === 3 ? 'no such table: deb_packages' : '', row_count: i === 3 ? 0 : 2, truncated: false, rows: i === 3 ? [] : [{ pid: String(4100 + i), name: 'kworker-x', path: '/tmp/.x/kworker-x (deleted)' }, { pid: String(977 + i), name: 'nginx', path: '/usr/sbin/nginx (deleted)' }], wall_ms: 12 + 7 * i, answered_at: iso(-1000 * i) }));
  const queries = [{ id: crypto.randomUUID(), sql: 'SELECT pid, name, path FROM processes WHERE on_disk = 0', discovery: '', state: 'running', created_by: 'user:x', created_at: iso(-40_000), expires_at: iso(860_000), cancelled_at: null, hosts: 5, answered: 4, failed: 1, rows: 6 }];
  return (method, path, body, u) => {
    if (path === '/v1/endpoints') return { status: 200, body: { endpoints: hosts.filter((h) => h.hostname.includes(u.get('q') ?? '')), next: null } };
    if (path === '/v1/events/search') return { status: 200, body: { events: SAID.map(([log, fields], i) => ({ id: crypto.randomUUID(), time: iso(-60_000 * i), received_at: iso(-60_000 * i), origin: 'osquery', log_source: 'osquery', synthetic: true, fields: { 'metadata.log_name': log, ...fields } })), next: null } };
    const h = /^\/v1\/endpoints\/([^/]+)/.exec(path);
    if (h) { const one = hosts.find((x) => x.id === h[1]); if (!one) return problem(404, 'Not found', 'There is no endpoint with this id.'); if (method === 'POST') one.state = 'revoked'; return { status: 200, body: one }; }
    if (path === '/v1/enroll-secrets' && method === 'POST') return { status: 201, body: { id: crypto.randomUUID(), ...body, state: 'active', uses: 0, created_at: iso(0), secret: `mse_main.${crypto.randomUUID()}.Zm9yIHBpY3R1cmVzIG9ubHksIGdvb2QgZm9yIG5vYm9keQA` } };
    if (path === '/v1/live-queries') { if (method === 'POST') queries.unshift({ ...queries[0], id: crypto.randomUUID(), sql: body.sql }); return method === 'POST' ? { status: 201, body: queries[0] } : { status: 200, body: { live_queries: queries } }; }
    const q = /^\/v1\/live-queries\/([^/]+)(\/[a-z]+)?$/.exec(path);
    const one = q && queries.find((x) => x.id === q[1]);
    if (!one) return q ? problem(404, 'Not found', 'There is no live query with this id.') : undefined;
    if (q[2] === '/cancel') one.state = 'cancelled';
    if (q[2] === '/silent') return { status: 200, body: { hosts: [{ ...answers[0], seq: 0, endpoint_id: hosts[4].id, hostname: 'mac-17', state: 'waiting', rows: [] }] } };
    if (q[2] === '/stream') return { status: 200, events: [...answers.map((a) => ['answer', a, a.seq]), [one.state === 'running' ? 'progress' : 'end', one]] };
    return { status: 200, body: one };
  };
}
