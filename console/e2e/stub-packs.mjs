// Made-up packs of osquery, the groups that are given them, and files that hosts have sent.
const iso = (ms) => new Date(Date.now() + ms).toISOString();
const TEXT = (title, queries) => `title: ${title}\nqueries:\n${queries.map((q) => `  ${q.name}:\n    query: ${q.query}\n    interval: ${q.interval}\n`).join('')}`;
const pack = (name, title, description, attack, platform, queries, own) => ({ name, title, description, usual: !own, attack, platform, watched_paths: name.startsWith('fim') ? 17 : 0, queries: queries.map(([n, interval, where, what, query]) => ({ name: n, query, interval, platform: where, description: what })), version: own ? 3 : 0, shipped: !own, note: own ? 'shares of guests, too' : '', made_by: own ? 'user:x' : null, made_at: own ? iso(-86_400_000) : null });

export function packStub(problem) {
  const packs = [
    pack('attack-persistence', 'Persistence', 'Places from which a program is started again (ATT&CK TA0003).', ['T1053', 'T1543', 'T1546'], '', [['crontab', 900, 'posix', 'T1053.003', 'SELECT event, minute, hour, command, path FROM crontab'], ['services', 1800, 'windows', 'T1543.003', 'SELECT name, path, start_type, user_account FROM services']]),
    pack('fim-credentials', 'File integrity, credentials', 'Changes of files in which credentials lie, as they happen.', ['T1552.004'], 'posix', [['file_events', 60, '', '', "SELECT target_path, action, sha256 FROM file_events WHERE category = 'credentials'"]]),
    pack('inventory', 'Inventory', 'What hosts are, what is installed on them, who uses them and what listens.', [], '', [['os', 86_400, '', '', 'SELECT name, version, platform FROM os_version'], ['packages_deb', 43_200, 'linux', '', 'SELECT name, version, arch FROM deb_packages']]),
    pack('shares', 'Shares of ours', 'Which shares a host has open.', ['T1135'], 'linux', [['open_shares', 1800, '', 'T1135', "SELECT path, device, type FROM mounts WHERE type IN ('nfs', 'cifs')"]], true),
  ];
  const groups = [{ group: 'databases', version: 0, packs: ['attack-persistence', 'fim-credentials', 'inventory'], hosts: 1, note: '', made_by: null, made_at: null }, { group: 'servers', version: 2, packs: ['attack-persistence', 'fim-credentials', 'inventory', 'shares'], hosts: 214, note: 'shares are looked at', made_by: 'user:x', made_at: iso(-3_600_000) }];
  const carves = [[2_400_000, 'receiving', 3], [18_600_000, 'complete', 9]].map(([size, state, received], i) => ({ id: crypto.randomUUID(), endpoint_id: crypto.randomUUID(), hostname: `web-${i + 1}`, host_carve_id: crypto.randomUUID(), request_id: 'live_query:01a2', state, size, block_count: 9, received, sha256: state === 'complete' ? 'ab12'.repeat(16) : null, started_at: iso(-60_000 * (i + 1)) }));
  const whole = (p) => ({ ...p, text: p.text ?? TEXT(p.title, p.queries), findings: [] });
  return (method, path, body, u) => {
    if (path === '/v1/carves') return { status: 200, body: { carves } };
    if (path === '/v1/osquery-packs') return { status: 200, body: { packs } };
    if (path === '/v1/osquery-packs/check') return { status: 200, body: /SELECT|select/.test(body.text) ? { good: true, findings: body.text.includes('procesess') ? [{ severity: 'warning', line: 5, reason: "open_shares: osquery has no table 'procesess' (did you mean 'processes'?)" }] : [], pack: packs[3] } : { good: false, findings: [{ severity: 'error', line: 2, reason: 'q: it has to begin with SELECT or WITH' }] } };
    if (path === '/v1/osquery-groups/config') return { status: 200, body: { options: { logger_tls_period: 10 }, packs: { shares: { platform: 'linux', queries: { open_shares: { query: packs[3].queries[0].query, interval: 1800 } } } } } };
    if (path === '/v1/osquery-groups') {
      if (method === 'POST') { const one = groups.find((g) => g.group === body.group); Object.assign(one, { packs: body.packs, version: one.version + 1, note: body.note ?? '', made_at: iso(0) }); return { status: 200, body: one }; }
      return { status: 200, body: { groups } };
    }
    const m = /^\/v1\/osquery-packs\/([^/]+)$/.exec(path);
    if (!m) return undefined;
    const one = packs.find((p) => p.name === m[1]);
    if (method === 'PUT') { const made = { ...(one ?? packs[3]), name: m[1], version: body.base + 1, shipped: false, text: body.text }; packs.push(made); return { status: 200, body: whole(made) }; }
    return one ? { status: 200, body: whole(one) } : problem(404, 'Not found', 'There is no such pack.');
  };
}
