import { Suspense } from 'react';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { useSession } from '../session/session';
import { Waiting } from '../ui/EventView';
import { useKeys } from '../ui/keys';
import { SECTIONS } from './sections';

const route = getRouteApi('/settings');

/** What a tenant has set, one section at a time. */
export default function SettingsPage() {
  const { section } = route.useSearch();
  const nav = useNavigate({ from: '/settings' });
  const { permissions } = useSession();
  const seen = SECTIONS.filter((s) => permissions.includes(s.needs) || permissions.includes('*'));
  const current = seen.find((s) => s.id === section) ?? seen[0];
  const open = (id: string, replace = false) => void nav({ search: { section: id }, replace });
  const move = (d: number) => {
    const next = seen[seen.findIndex((s) => s === current) + d];
    if (next) open(next.id, true);
  };
  useKeys([
    { keys: ['j', 'ArrowDown'], label: 'Next section', group: 'Move', run: () => move(1) },
    { keys: ['k', 'ArrowUp'], label: 'Previous section', group: 'Move', run: () => move(-1) },
  ]);
  return (
    <div className="hunts">
      <aside className="hside" aria-label="Sections">
        <header><h1>Settings</h1></header>
        <ul className="hlist" aria-label="Settings">
          {seen.map((s) => (
            <li key={s.id}><button type="button" aria-current={s === current || undefined} onClick={() => open(s.id)}><span className="ht">{s.label}</span></button></li>
          ))}
        </ul>
      </aside>
      <div className="hmain" tabIndex={0} role="region" aria-label={current?.label ?? 'Settings'}>
        {current ? <Suspense fallback={<div className="pad"><Waiting /></div>}><current.Body key={current.id} /></Suspense> : <div className="empty"><h2>Nothing to see with your role</h2><p className="muted">An administrator can give you a role that may read this tenant's settings.</p></div>}
      </div>
    </div>
  );
}
