import { useQuery } from '@tanstack/react-query';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useMay } from '../session/session';
import { useKeys } from '../ui/keys';
import { Key, TabRow } from '../ui/parts';
import { ProvidersTab } from '../providers/ProvidersTab';
import { PROVIDERS } from '../providers/providers';
import { RolesTab } from './RolesTab';
import { UserTable } from './UserTable';
import { ROLES, USERS, type Tab } from './users';
import type { UsersSearch } from './search';

const route = getRouteApi('/users');

/** Who may sign in, and what each role may do. */
export default function UsersPage() {
  const search = route.useSearch();
  const nav = useNavigate({ from: '/users' });
  const mayUsers = useMay('users:write');
  const mayProviders = useMay('providers:write');
  const seesProviders = useMay('providers:read');
  const users = useQuery(USERS);
  const roles = useQuery(ROLES);
  const providers = useQuery({ ...PROVIDERS, enabled: seesProviders });
  const change = (c: Partial<UsersSearch>) => void nav({ search: (p) => ({ ...p, ...c }), replace: true });
  const tab: Tab = search.tab === 'providers' && !seesProviders ? 'users' : search.tab ?? 'users';
  const may = tab === 'providers' ? mayProviders : mayUsers;
  const show = (to: Tab) => change({ tab: to === 'users' ? undefined : to, at: undefined, new: undefined });
  const making = tab === 'roles' ? 'role' : tab === 'providers' ? 'provider' : 'user';
  useKeys([
    { keys: ['1'], label: 'Users', group: 'Show', run: () => show('users') },
    { keys: ['2'], label: 'Roles', group: 'Show', run: () => show('roles') },
    ...(seesProviders ? [{ keys: ['3'], label: 'Sign-in providers', group: 'Show', run: () => show('providers') }] : []),
    ...(may ? [{ keys: ['n'], label: `A new ${making}`, group: 'Make', run: () => change({ new: making }) }] : []),
  ]);
  return (
    <div className="page" tabIndex={0} role="region" aria-label="Users and roles">
      <div className="pagehead">
        <h1>Users and roles</h1>
        <TabRow label="What is shown" panel="people" value={tab} onChange={show} choices={[{ value: 'users', label: `Users ${users.data?.users.length ?? ''}` }, { value: 'roles', label: `Roles ${roles.data?.roles.length ?? ''}` }, ...(seesProviders ? [{ value: 'providers' as const, label: `Sign-in providers ${providers.data?.providers.length || ''}` }] : [])]} />
        <span className="grow1" />
        {may ? <button type="button" className="btn" data-primary onClick={() => change({ new: making })}>New {making} <Key k="n" /></button> : null}
      </div>
      <div id="people" role="tabpanel" aria-labelledby={`people-${tab}`}>
        {tab === 'users' ? <UserTable users={users} roles={roles.data?.roles ?? []} search={search} change={change} may={mayUsers} /> : tab === 'providers' ? <ProvidersTab roles={roles.data?.roles ?? []} search={search} change={change} may={mayProviders} /> : <RolesTab roles={roles} search={search} change={change} may={mayUsers} />}
      </div>
    </div>
  );
}
