// Tenants, who looks after them, and acting in one or seeing as somebody, for the stub, from memory.
import { randomUUID } from 'node:crypto';

const GB = 1_000_000_000;

/** Answers `/v1/tenants`, `/v1/tenant-templates`, `/v1/auth/tenants`, `/v1/auth/tenant` and `/v1/auth/view`; `session` changes by the last two. */
export function tenantsStub(problem, session, empty) {
  const own = { tenant: session.tenant, role: session.user.role, permissions: session.permissions };
  const ago = (days) => new Date(Date.now() - days * 86_400_000).toISOString();
  const tenant = (id, name, days, more = {}) => ({ id, name, state: 'active', own: false, parent: null, created_at: ago(days), users: 3, events: 0, storage_bytes: 0, events_per_second: 0, refused: 0, quota: { events_per_second: null, storage_bytes: null, queries: null }, ...more });
  const quota = (events_per_second, storage, queries = null) => ({ events_per_second, storage_bytes: storage === null ? null : storage * GB, queries });
  const tenants = [
    tenant('arctic-rail', 'Arctic Rail', 240, { users: 14, events: 412_880_103, storage_bytes: 21.4 * GB, events_per_second: 212.4, quota: quota(500, 50, 5), parent: 'nordwind-soc' }),
    tenant('brightwater', 'Brightwater Utilities', 180, { users: 9, events: 1_204_411_870, storage_bytes: 47.1 * GB, events_per_second: 488.2, refused: 1207, quota: quota(500, 50, 5), parent: 'nordwind-soc' }),
    tenant('cedar-clinic', 'Cedar Clinic', 33, { state: 'suspended', users: 5, events: 18_330_112, storage_bytes: 1.2 * GB }),
    tenant(own.tenant.id, own.tenant.name, 400, { own: true, users: 7, events: 96_120_450, storage_bytes: 5.9 * GB, events_per_second: 31.7 }),
    tenant('nordwind-soc', 'Nordwind Managed Security', 300, { users: 22, events: 2_011_204, storage_bytes: 0.2 * GB, events_per_second: 1.2 }),
    tenant('ofoten-shipping', 'Ofoten Shipping and Port Services, Northern Branch', 2, { users: 1, quota: quota(null, 10) }),
  ];
  const template = (name, description, of, roles, second_factor, more = {}) => ({ name, shipped: true, description, quota: of, roles: roles.map((role) => ({ name: role, description: '', permissions: ['alerts:read', 'events:read'] })), second_factor, faults: [], ...more });
  const templates = [
    template('customer', 'A customer with people of its own: analysts in two tiers, somebody for rules, somebody who connects sources, readers.', quota(2000, 500, 10), ['tier1_analyst', 'tier2_analyst', 'detection_engineer', 'source_engineer', 'reader'], ['source_engineer', 'tenant_admin']),
    template('port', '', quota(null, null), [], [], { shipped: false, faults: [{ where: 'templates/tenants/port.yaml:3', reason: "unknown key 'quotas' (did you mean 'quota'?)" }] }),
    template('trial', 'For a trial of some weeks: small limits, and a role for who only wants to look.', quota(100, 10, 3), ['reader'], []),
  ];
  const delegation = (provider_role, provider_username, role, days) => ({ id: randomUUID(), provider: 'nordwind-soc', provider_user: provider_username ? randomUUID() : null, provider_username, provider_role, role, created_by: 'user:stub', created_at: ago(days) });
  const delegations = new Map([['arctic-rail', [delegation('soc_analyst', null, 'soc_analyst', 80), delegation(null, 'k.aas', 'tenant_admin', 12)]]]);
  const acting = [
    { id: own.tenant.id, name: own.tenant.name, active: true, roles: [own.role] },
    { id: 'arctic-rail', name: 'Arctic Rail', active: true, roles: ['soc_analyst'] },
    { id: 'cedar-clinic', name: 'Cedar Clinic', active: false, roles: ['auditor'] },
  ];
  const reads = (all) => all.filter((p) => p.endsWith(':read') && !/^(tenants|vault|metrics)/.test(p));
  const back = () => Object.assign(session, { tenant: own.tenant, permissions: own.permissions, acting: null, view: null });

  const ofSession = (method, path, body) => {
    if (path === '/v1/auth/tenants') return { status: 200, body: { tenants: empty ? acting.slice(0, 1) : acting } };
    if (method === 'DELETE') { back(); return { status: 204 }; }
    if (path === '/v1/auth/view') {
      Object.assign(session, { permissions: reads(own.permissions), view: { role: body.role ?? 'soc_analyst', user: body.user ?? null, username: body.user ? 'j.lind' : null, since: new Date().toISOString() } });
      return { status: 204 };
    }
    const to = acting.find((t) => t.id === body.tenant && t.active);
    if (!to) return problem(403, 'Forbidden', 'This tenant is not delegated to you.');
    if (to.id === own.tenant.id) back();
    else Object.assign(session, { tenant: { id: to.id, name: to.name }, permissions: [...reads(own.permissions), 'alerts:write'], acting: { provider: own.tenant.id, provider_name: own.tenant.name, ended: false } });
    return { status: 204 };
  };

  return { route(method, path, body) {
    if (/^\/v1\/auth\/(tenants|tenant|view)$/.test(path)) return ofSession(method, path, body);
    if (path === '/v1/tenant-templates') return { status: 200, body: { templates: empty ? [] : templates, faults: [] } };
    if (path === '/v1/tenants' && method === 'GET') return { status: 200, body: { tenants: empty ? tenants.filter((t) => t.own) : tenants, next: null } };
    if (path === '/v1/tenants') {
      if (tenants.some((t) => t.id === body.id)) return problem(409, 'Conflict', 'There is, or was, a tenant with this id: ids are never used again.');
      tenants.push(tenant(body.id, body.name ?? body.id, 0, { users: body.admin ? 1 : 0, quota: templates.find((t) => t.name === body.template)?.quota ?? quota(null, null) }));
      return { status: 201, body: { ...tenants.at(-1), first_admin: body.admin ? { username: 'admin', password: 'wk3ma-7dhfe-n4xzr-q8spc' } : null } };
    }
    const [, id, what] = /^\/v1\/tenants\/([^/]+)(?:\/([^/]+))?$/.exec(path) ?? [];
    if (!id) return undefined;
    const one = tenants.find((t) => t.id === id);
    if (!one) return problem(404, 'Not found', 'There is no tenant with this id.');
    const its = delegations.get(id) ?? [];
    switch (what) {
      case 'suspend': one.state = 'suspended'; break;
      case 'resume': one.state = 'active'; break;
      case 'parent': one.parent = body.parent; delegations.delete(id); return { status: 204 };
      case 'undelegate': delegations.set(id, its.filter((d) => d.id !== body.id)); return { status: 204 };
      case 'delete': tenants.splice(tenants.indexOf(one), 1); return { status: 200, body: { verified: true, events: one.events, bytes: one.storage_bytes, rows: { alerts: 40, users: one.users }, kept: ['audit_log'], left: [] } };
      case 'delegations': {
        if (method === 'GET') return { status: 200, body: { delegations: its } };
        if (body.provider_user === 'nobody') return problem(404, 'Not found', 'The provider has no user with this name.');
        const made = { ...delegation(body.provider_role ?? null, body.provider_user ?? null, body.role, 0), provider: one.parent };
        delegations.set(id, [...its, made]);
        return { status: 201, body: made };
      }
      default: Object.assign(one, body);
    }
    return { status: 200, body: one };
  } };
}
