import { useQueryClient } from '@tanstack/react-query';
import { Refused } from '../api/client';
import { session, useSession } from '../session/session';
import { useKeys } from '../ui/keys';
import { Key } from '../ui/parts';
import { failed } from '../ui/toast';

/** On every page: that this is what somebody else sees, and the way back. */
export function Capacity() {
  const { view } = useSession();
  const client = useQueryClient();
  const end = () => void session.endView().then(() => client.resetQueries(), (e: unknown) => failed('The view goes on', e instanceof Refused ? e.message : String(e)));
  useKeys(view ? [{ keys: ['V'], label: 'See this as yourself again', group: 'Everywhere', run: end }] : []);
  if (!view) return null;
  return (
    <div className="capacity" role="status">
      <span>You see this as <b>{view.username ?? view.role}</b>{view.username ? ` (${view.role})` : view.user ? ', who is gone' : ''}: what you may not do now, they may not. What you do is yours.</span>
      <button type="button" className="btn" onClick={end}>See it as yourself <Key k="V" /></button>
    </div>
  );
}
