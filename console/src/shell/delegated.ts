import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Refused, answer, api } from '../api/client';
import { session, useSession } from '../session/session';
import { failed } from '../ui/toast';

/** The tenants besides this one that one may act in, and the way there. */
export function useDelegated() {
  const { tenant } = useSession();
  const client = useQueryClient();
  const choices = useQuery({ queryKey: ['acting-tenants'], queryFn: ({ signal }) => answer(api.GET('/v1/auth/tenants', { signal })) });
  const go = (id: string) => void session.actIn(id).then(() => client.resetQueries(), (e: unknown) => failed('You are where you were', e instanceof Refused ? e.message : String(e)));
  return (choices.data?.tenants ?? []).filter((t) => t.id !== tenant.id).map((t) => ({ id: t.id, name: t.name, active: t.active, act: () => go(t.id) }));
}
