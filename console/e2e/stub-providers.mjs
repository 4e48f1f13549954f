// Sign-in providers for the stub, from memory.
import { randomUUID } from 'node:crypto';

/** Answers `/v1/identity-providers`; `port` tells where browsers come back to. */
export function providersStub(problem, empty) {
  const at = new Date().toISOString();
  const all = empty ? [] : [{ id: randomUUID(), name: 'Halden account', issuer: 'https://login.halden.example/realms/soc', client_id: 'marsad', has_secret: true, scopes: ['profile', 'email'], groups_claim: 'groups', default_role: null, groups: [{ group: 'soc-leads', role: 'tenant_admin' }, { group: 'soc', role: 'soc_analyst' }], enabled: true, created_at: at, updated_at: at }];
  const kept = (old, { client_secret: secret, ...body }) => ({ scopes: [], groups: [], default_role: null, ...old, ...body, has_secret: secret === undefined ? (old.has_secret ?? false) : secret !== null, updated_at: new Date().toISOString() });
  const steps = () => [
    { what: 'discovery', outcome: 'ok', detail: 'https://login.halden.example/realms/soc/.well-known/openid-configuration is of this issuer.' },
    { what: 'keys', outcome: 'ok', detail: '2 keys that signatures are checked with are at https://login.halden.example/realms/soc/protocol/openid-connect/certs.' },
    { what: 'algorithms', outcome: 'ok', detail: 'It can sign with RS256, PS256, ES256, EdDSA.' },
    { what: 'pkce', outcome: 'ok', detail: 'It takes proof keys (S256).' },
    { what: 'redirect_uri', outcome: 'failed', detail: 'It refuses the request (400). Enter https://soc.halden.example/v1/auth/callback as redirect URI of the client marsad there, to the letter.' },
    { what: 'client', outcome: 'ok', detail: 'It takes the client id with the secret.' },
  ];
  return {
    offers: () => all.filter((p) => p.enabled).map(({ id, name }) => ({ id, name })),
    route(method, path, body) {
      if (path === '/v1/identity-providers' && method === 'GET') return { status: 200, body: { redirect_uri: 'https://soc.halden.example/v1/auth/callback', providers: all } };
      if (path === '/v1/identity-providers' && method === 'POST') { const one = kept({ id: randomUUID(), created_at: at }, body); all.push(one); return { status: 201, body: one }; }
      const m = /^\/v1\/identity-providers\/([^/]+)(\/test)?$/.exec(path);
      if (!m) return undefined;
      const i = all.findIndex((p) => p.id === m[1]);
      if (i < 0) return problem(404, 'Not found', 'There is no sign-in provider with this id.');
      if (m[2]) return { status: 200, body: { ok: false, steps: steps() } };
      if (method === 'PUT') { all[i] = kept(all[i], body); return { status: 200, body: all[i] }; }
      if (method === 'DELETE') { all.splice(i, 1); return { status: 204 }; }
      return { status: 200, body: all[i] };
    },
  };
}
