import { Suspense, lazy, useEffect, useState } from 'react';
import { Menu } from '@mantine/core';
import { Dropdown } from '../ui/Dropdown';
import { useHotkeys } from '@mantine/hooks';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, Outlet, useNavigate, useRouterState } from '@tanstack/react-router';
import { Refused, answer, api } from '../api/client';
import { OPEN } from '../alerts/filter';
import { live } from '../live/context';
import { useLiveState, type LiveState } from '../live/live';
import { session, useSession } from '../session/session';
import { compact } from '../ui/format';
import { HelpIcon, PasskeyIcon, SearchIcon, SignOutIcon, TenantsIcon, UserIcon } from '../ui/icons';
import { useKeys, usePending } from '../ui/keys';
import { Key } from '../ui/parts';
import { useScheme } from '../ui/scheme';
import { failed } from '../ui/toast';
import { Capacity } from './Capacity';
import { useDelegated } from './delegated';
import { KeysHelp } from './KeysHelp';
import { PAGES, isMain, usePages, within } from './pages';

const Palette = lazy(() => import('./Palette'));
const AccountPage = lazy(() => import('../account/AccountPage'));
const InboxButton = lazy(() => import('../people/InboxButton'));
const ApprovalsButton = lazy(() => import('../actions/ApprovalsButton'));

const LIVE: Record<LiveState, [tone: string, text: string]> = {
  starting: ['c-quiet', 'Connecting'],
  live: ['c-ok', 'Live'],
  reconnecting: ['c-failing', 'Reconnecting'],
};

export function Shell() {
  const { user, tenant, second_factor_due: due } = useSession();
  const nav = useNavigate();
  const pages = usePages();
  const scheme = useScheme();
  const [palette, setPalette] = useState<boolean>();
  const [help, setHelp] = useState(false);
  const open = useOpenAlerts();
  const path = useRouterState({ select: (x) => x.location.pathname });
  useTitle(open);
  const leave = () => session.signOut().catch((e: unknown) => failed('Not signed out', e instanceof Refused ? e.message : String(e)));

  useHotkeys([['mod+K', () => setPalette(true)]], []);
  useKeys([
    ...pages.map((p) => ({ keys: [p.key], label: p.label, group: 'Go to', run: () => void nav({ to: p.to }) })),
    { keys: ['g m'], label: 'Account', group: 'Go to', run: () => void nav({ to: '/account' }) },
    { keys: ['?'], label: 'These keys', group: 'Everywhere', run: () => setHelp(true) },
    { keys: ['T'], label: 'Change the colours', group: 'Everywhere', run: scheme.next },
  ]);

  return (
    <div className="shell">
      <header className="topbar">
        <Link className="brand" to="/alerts"><img src="/assets/marsad.svg" alt="" />Marsad</Link>
        <span className="tenant" title={`Tenant ${tenant.name}`}><span className="vh">Tenant </span>{tenant.name}</span>
        <button type="button" className="ask" onClick={() => setPalette(true)}><SearchIcon size={14} /><span>Go to or do…</span><Key k="Ctrl K" /></button>
        <LiveDot />
        <Suspense fallback={null}><ApprovalsButton /><InboxButton /></Suspense>
        <button type="button" className="icon" aria-label={`Colours: ${scheme.label}. Change`} title={`Colours: ${scheme.label}`} onClick={scheme.next}><scheme.Icon size={17} /></button>
        <button type="button" className="icon" aria-label="Keys of this screen" title="Keys of this screen (?)" onClick={() => setHelp(true)}><HelpIcon size={17} /></button>
        <Dropdown position="bottom-end" width={220}>
          <Menu.Target><button type="button" className="btn" aria-label={`Signed in as ${user.username}`}><UserIcon size={15} />{user.username}</button></Menu.Target>
          <Menu.Dropdown>
            <Menu.Label>{user.role ? `${user.role} · ` : ''}{tenant.name}</Menu.Label>
            <Menu.Item leftSection={<PasskeyIcon size={15} />} onClick={() => void nav({ to: '/account' })}>Account</Menu.Item>
            <Delegated />
            <Menu.Item leftSection={<SignOutIcon size={15} />} onClick={() => void leave()}>Sign out</Menu.Item>
          </Menu.Dropdown>
        </Dropdown>
      </header>
      <nav className="nav" aria-label="Main">
        {pages.filter(isMain).map(({ to, label, Icon }) => (
          <Link key={to} to={to} title={label} data-here={within(path, to) || undefined}>
            <Icon size={17} /><span>{label}</span>
            {to === '/alerts' && open !== undefined && open > 0 ? <span className="n" aria-label={`${open} open`}>{compact(open)}</span> : null}
          </Link>
        ))}
        <footer>Press <Key k="?" /> for keys</footer>
      </nav>
      <main className="main"><Capacity /><Suspense fallback={null}>{due ? <AccountPage /> : <Outlet />}</Suspense></main>
      <PendingKeys />
      <KeysHelp opened={help} close={() => setHelp(false)} />
      {palette !== undefined ? <Suspense fallback={null}><Palette opened={palette} close={() => setPalette(false)} scheme={scheme.set} help={() => setHelp(true)} leave={() => void leave()} /></Suspense> : null}
    </div>
  );
}

function LiveDot() {
  const state = useLiveState(live);
  const [tone, text] = LIVE[state];
  return <span className={`live ${tone}`} data-state={state} data-testid="live" role="status" title={state === 'live' ? 'Alerts appear as they are raised' : 'New alerts appear when the line is back; nothing is missed'}><i />{text}</span>;
}

/** Other tenants that one may act in. */
function Delegated() {
  return <>{useDelegated().map((t) => <Menu.Item key={t.id} leftSection={<TenantsIcon size={15} />} disabled={!t.active} onClick={t.act}>Act in {t.name}{t.active ? '' : ' (suspended)'}</Menu.Item>)}</>;
}

/** What may follow the first key of a sequence. */
function PendingKeys() {
  const p = usePending();
  if (!p) return null;
  return <div className="pending" role="status"><Key k={p.prefix} />{p.next.map((n) => <span key={n.key} className="row"><Key k={n.key} />{n.label}</span>)}</div>;
}

/** How many alerts are open, whatever the queue is filtered by. */
function useOpenAlerts(): number | undefined {
  const client = useQueryClient();
  const open = useQuery({
    queryKey: ['open-alerts'],
    queryFn: ({ signal }) => answer(api.GET('/v1/alerts', { params: { query: { status: [...OPEN], limit: 1 } }, signal })),
  });
  // On the queue's page the queue itself starts the stream, so that nothing is missed between its first page and the stream.
  const onQueue = useRouterState({ select: (s) => s.location.pathname === '/alerts' });
  useEffect(() => { if (open.data && !onQueue) live.start(open.data.live_seq); }, [open.data, onQueue]);
  useEffect(() => {
    let timer = 0;
    const stop = live.read((m) => { if (m.kind === 'created' || m.kind === 'updated' || m.kind === 'resync') timer ||= window.setTimeout(() => { timer = 0; void client.invalidateQueries({ queryKey: ['open-alerts'] }); }, 2000); });
    return () => { stop(); window.clearTimeout(timer); };
  }, [client]);
  return open.data?.total;
}

function useTitle(open: number | undefined) {
  const path = useRouterState({ select: (s) => s.location.pathname });
  useEffect(() => {
    const page = path === '/account' ? 'Account' : PAGES.find((p) => path.startsWith(p.to))?.label;
    document.title = `${open ? `(${compact(open)}) ` : ''}${page ? `${page} · ` : ''}Marsad`;
  }, [path, open]);
}
