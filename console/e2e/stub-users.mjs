// Users and roles for the stub, from memory.
import { randomUUID } from 'node:crypto';

/** Answers `/v1/users` and `/v1/roles`, nothing else; `self` is who is signed in. */
export function usersStub(problem, self, own) {
  const permissions = [...own, 'ingest:write', 'searches:manage', 'metrics:read', 'rules:reload'].filter((p, i, all) => all.indexOf(p) === i).sort();
  const ago = (minutes) => new Date(Date.now() - minutes * 60_000).toISOString();
  const user = (username, role, seen, sessions = 0, more = {}) => ({ id: randomUUID(), username, role, disabled: false, has_password: true, passkeys: 0, authenticator: false, created_at: ago(60 * 24 * 40), last_seen_at: seen === null ? null : ago(seen), sessions, ...more });
  const users = [
    user('a.osei', 'auditor', 60 * 26),
    user(self.username, self.role, 0, 1, { id: self.id, passkeys: 2 }),
    user('j.lind', 'soc_analyst', 4, 2),
    user('m.silva', 'soc_analyst', 60 * 5, 1),
    user('old.contractor', 'night_shift', 60 * 24 * 90, 0, { disabled: true }),
    user('r.keller', 'night_shift', 31, 1, { has_password: false }),
    user('t.moe', 'tenant_admin', 60 * 9, 1, { authenticator: true }),
  ];
  const role = (id, name, description, of) => ({ id, name, description, permissions: of });
  const reads = permissions.filter((p) => p.endsWith(':read') && !/^(metrics|tenants|vault):/.test(p));
  const roles = [
    role(null, 'platform_admin', 'Runs the installation: everything.', permissions),
    role(null, 'tenant_admin', 'Runs a tenant: everything but the installation’s own things.', permissions.filter((p) => !/^(metrics|rules|tenants|vault):/.test(p))),
    role(null, 'soc_analyst', 'Works on alerts, searches and hunts.', ['alerts:read', 'alerts:write', 'cases:read', 'cases:write', 'suppressions:write', 'events:read', 'hunts:write', 'searches:write', 'sources:read']),
    role(null, 'auditor', 'Sees everything, the audit log too, and changes nothing.', reads),
    role(randomUUID(), 'night_shift', 'Takes alerts at night, does not hunt.', ['alerts:read', 'alerts:write', 'events:read']),
  ];
  const counted = (r) => ({ ...r, users: users.filter((u) => u.role === r.name).length });
  const gone = (list, one) => (list.splice(list.indexOf(one), 1), { status: 204 });

  return { route(method, path, body) {
    const [, kind, id, what] = /^\/v1\/(users|roles)(?:\/([^/]+))?(?:\/([^/]+))?$/.exec(path) ?? [];
    if (!kind) return undefined;
    const list = kind === 'users' ? users : roles;
    if (!id && method === 'GET') return { status: 200, body: kind === 'users' ? { users } : { permissions, roles: roles.map(counted) } };
    if (!id) {
      const made = kind === 'users' ? user(body.username, body.role, null, 0, { has_password: body.password !== 'none' }) : role(randomUUID(), body.name, body.description ?? '', body.permissions);
      list.push(made);
      return { status: 201, body: kind === 'users' ? { ...made, password: body.password === 'none' ? null : 'wk3ma-7dhfe-n4xzr-q8spc' } : counted(made) };
    }
    const one = list.find((x) => x.id === id);
    if (!one) return problem(404, 'Not found', 'There is none with this id.');
    if (what === 'password') return { status: 200, body: { ...one, password: 'wk3ma-7dhfe-n4xzr-q8spc' } };
    if (what === 'sessions') { one.sessions = 0; return { status: 204 }; }
    if (method === 'DELETE') return gone(list, one);
    Object.assign(one, body);
    return { status: 200, body: kind === 'users' ? one : counted(one) };
  } };
}
