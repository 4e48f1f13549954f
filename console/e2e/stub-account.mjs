// One's own account and tokens for the stub, from memory.
import { randomBytes, randomUUID } from 'node:crypto';

const AGENTS = ['Mozilla/5.0 (X11; Linux x86_64; rv:143.0) Gecko/20100101 Firefox/143.0', 'Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) AppleWebKit/605.1.15 Version/19.0 Mobile/15E148 Safari/604.1', 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/141.0.0.0 Safari/537.36 Edg/141.0.0.0'];

/** Answers `/v1/auth/passkeys`, `sessions`, `authenticator`, `/v1/second-factor` and `/v1/tokens`, nothing else. */
export function accountStub(problem, empty) {
  const ago = (minutes) => new Date(Date.now() - minutes * 60_000).toISOString();
  const day = 24 * 60;
  const passkeys = empty ? [] : [
    { id: randomUUID(), name: 'Firefox on Linux', aaguid: '00000000-0000-0000-0000-000000000000', transports: ['internal'], synced: false, created_at: ago(40 * day), last_used_at: ago(3) },
    { id: randomUUID(), name: 'Phone', aaguid: 'fbfc3007-154e-4ecc-8c0b-6e020557d7bd', transports: ['hybrid', 'internal'], synced: true, created_at: ago(38 * day), last_used_at: null },
  ];
  const sessions = AGENTS.map((agent, i) => ({ id: randomUUID(), current: i === 0, method: ['passkey', 'passkey', 'totp'][i], address: ['192.0.2.14', '198.51.100.80', '2001:db8:44:1::a7f'][i], agent, created_at: ago(30 + i * 700), last_seen_at: ago(i * 44), expires_at: ago(-480 + i * 44) })).slice(0, empty ? 1 : 3);
  const token = (name, permissions, made, used, ends) => ({ id: randomUUID(), name, permissions, created_at: ago(made * day), expires_at: ends === undefined ? null : ago(-ends * day), last_used_at: used === undefined ? null : ago(used) });
  const tokens = empty ? [] : [
    token('windows-fleet', ['ingest:write'], 40, 0),
    token('linux-syslog', ['ingest:write'], 40, 1),
    token('cluster-falco', ['ingest:write'], 21, 25),
    token('grafana', ['metrics:read'], 90, 2, 275),
    token('ticket-bridge', ['alerts:read', 'alerts:write', 'events:read'], 9, 60 * 30, 3),
    token('old-collector', ['ingest:write'], 200),
  ];
  const app = { since: empty ? null : ago(12 * day), recovery_codes: empty ? 0 : 7, required: true };
  let second = ['tenant_admin'];
  const drop = (list, id) => { const at = list.findIndex((x) => x.id === id); return at < 0 ? problem(404, 'Not found', 'There is none with this id.') : (list.splice(at, 1), { status: 204 }); };
  const secret = () => `mst_${randomBytes(24).toString('base64url')}`;

  return { route(method, path, body) {
    const [, id] = /^\/v1\/(?:auth\/)?(?:passkeys|sessions|tokens)\/([^/]+)/.exec(path) ?? [];
    if (path === '/v1/second-factor') { second = body.roles ?? second; return { status: 200, body: { roles: second } }; }
    if (path === '/v1/auth/authenticator' && method === 'GET') return { status: 200, body: app };
    if (path === '/v1/auth/authenticator/begin') return { status: 200, body: { secret: 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP', uri: 'otpauth://totp/Marsad:analyst?secret=JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP&issuer=Marsad' } };
    if (path === '/v1/auth/sessions/end-others') { const ended = sessions.length - 1; sessions.splice(1); return { status: 200, body: { ended } }; }
    if (path.startsWith('/v1/auth/passkeys')) {
      if (!id) return { status: 200, body: { passkeys } };
      if (method === 'DELETE') return drop(passkeys, id);
      return { status: 200, body: Object.assign(passkeys.find((p) => p.id === id) ?? {}, body) };
    }
    if (path.startsWith('/v1/auth/sessions')) return id ? drop(sessions, id) : { status: 200, body: { sessions } };
    if (!path.startsWith('/v1/tokens')) return undefined;
    if (id && method === 'DELETE') return drop(tokens, id);
    if (id) return { status: 200, body: { ...tokens.find((t) => t.id === id), secret: secret() } };
    if (method === 'GET') return { status: 200, body: { tokens } };
    tokens.unshift({ ...token(body.name, body.permissions, 0), expires_at: body.expires_at ?? null });
    return { status: 201, body: { ...tokens[0], secret: secret() } };
  } };
}
