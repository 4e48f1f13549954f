import { useQueryClient } from '@tanstack/react-query';
import { Refused } from '../api/client';
import { session, useSession } from '../session/session';
import { useKeys } from '../ui/keys';
import { Key } from '../ui/parts';
import { failed } from '../ui/toast';

/** On every page: that this is what somebody else sees, or another tenant, and the way back. */
export function Capacity() {
  const { view, acting, tenant } = useSession();
  const client = useQueryClient();
  const back = (way: () => Promise<void>) => void way().then(() => client.resetQueries(), (e: unknown) => failed('It stays as it is', e instanceof Refused ? e.message : String(e)));
  const end = acting ? () => back(session.leaveTenant) : () => back(session.endView);
  const label = acting ? `Back to ${acting.provider_name}` : 'See it as yourself';
  useKeys(view || acting ? [{ keys: ['V'], label, group: 'Everywhere', run: end }] : []);
  if (!view && !acting) return null;
  return (
    <div className="capacity" role="status">
      {acting ? <span>{acting.ended ? <><b>{tenant.name}</b> is delegated to you no more, or suspended: nothing is allowed here.</> : <>You act in <b>{tenant.name}</b> for {acting.provider_name}: what you do is in both audit logs.</>}</span>
        : view ? <span>You see this as <b>{view.username ?? view.role}</b>{view.username ? ` (${view.role})` : view.user ? ', who is gone' : ''}: what you may not do now, they may not. What you do is yours.</span> : null}
      <button type="button" className="btn" onClick={end}>{label} <Key k="V" /></button>
    </div>
  );
}
