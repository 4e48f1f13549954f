// Made-up policies of agents, and relays with the hosts that come through them.
const iso = (ms) => new Date(Date.now() + ms).toISOString();
const COLLECTORS = { processes: { on: true, every_ms: 2000 }, sockets: { on: true, every_ms: 5000 }, services: { on: true, every_ms: 30_000 }, inventory: { on: true, every_ms: 60_000 }, files: { on: true, paths: ['/var/log/auth.log', '/var/log/secure'] } };

export function relayStub() {
  const policy = (group, version, of, inForce, refused, share, note, collectors = COLLECTORS) => ({ id: crypto.randomUUID(), group, version, collectors, scripts: version > 1 ? [{ name: 'who', sha256: 'ab'.repeat(32), text: '#!/bin/sh\nwho\n' }] : [], agent: version > 1 ? [{ version: '0.2.0', platform: 'linux-x86_64', sha256: 'c'.repeat(64), size: 57_998_311 }] : [], share, hosts: { of, chosen: Math.round((of * share) / 100), in_force: inForce, refused, stages: [10, 25, 50, 100].map((s) => ({ share: s, hosts: Math.round((of * s) / 100) })) }, note, made_by: 'user:x', made_at: iso(-3_600_000 * (5 - version)) });
  const pack = (version, platform, digit, groups) => ({ id: crypto.randomUUID(), version, platform, size: 57_998_311, block_size: 1 << 20, received: 56, sha256: digit.repeat(64), groups, made_by: 'user:x', made_at: iso(-7_200_000) });
  const packages = [pack('0.3.0', 'linux-x86_64', 'd', []), pack('0.2.0', 'linux-x86_64', 'c', ['servers']), pack('0.2.0', 'linux-aarch64', 'e', [])];
  const versions = [policy('servers', 3, 240, 22, 1, 10, 'what changes in /etc is watched', { ...COLLECTORS, integrity: { on: true, paths: ['/etc/passwd', '/etc/ssh'] } }), policy('servers', 2, 240, 214, 0, 100, 'a script'), policy('servers', 1, 240, 3, 0, 100, 'what every group begins with'), policy('kiosks', 1, 18, 18, 0, 100, 'what every group begins with')];
  const relay = (hostname, seen, waiting, lost, groups) => ({ id: crypto.randomUUID(), hostname, group: 'relays', software_version: '0.1.0', state: 'active', enrolled_at: iso(-40 * 86_400_000), last_seen_at: iso(seen), last_address: '10.9.0.4', certificate_until: iso(12 * 86_400_000), waiting_records: waiting, waiting_bytes: waiting * 210, lost_records: lost, lost_bytes: lost * 210, groups });
  const relays = { relays: [relay('relay-oslo', -20_000, 0, 0, [{ group: 'servers', hosts: 180, heard: 180 }, { group: 'kiosks', hosts: 18, heard: 17 }]), relay('relay-plant-2', -900_000, 48_211, 0, [{ group: 'plc-gateways', hosts: 42, heard: 0 }])], direct: [{ group: 'servers', hosts: 60, heard: 60 }] };
  return (method, path, body, u) => {
    if (path === '/v1/agent-packages') return method === 'POST' ? { status: 201, body: { ...packages[0], id: crypto.randomUUID(), version: '', platform: '', sha256: null, received: 0, groups: [] } } : { status: 200, body: { packages } };
    if (path.startsWith('/v1/agent-packages/')) return method === 'DELETE' ? { status: 204, body: '' } : { status: 200, body: packages[0] };
    if (path === '/v1/relays') return { status: 200, body: relays };
    if (path === '/v1/agent-policies' && method === 'POST') { const made = { ...versions.find((v) => v.group === body.group), ...body, id: crypto.randomUUID(), version: body.base + 1, share: body.share ?? 100, made_at: iso(0) }; versions.unshift(made); return { status: 201, body: made }; }
    if (path === '/v1/agent-policies') { const g = u.get('group'); return { status: 200, body: { policies: g ? versions.filter((v) => v.group === g) : versions.filter((v, i) => versions.findIndex((w) => w.group === v.group) === i) } }; }
    if (/^\/v1\/agent-policies\/[^/]+\/diff$/.test(path)) return { status: 200, body: { differences: [{ path: '/integrity', after: { on: true, paths: ['/etc/passwd', '/etc/ssh'] } }, { path: '/share', before: 100, after: 10 }] } };
    return undefined;
  };
}
