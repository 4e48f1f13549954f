import { useSyncExternalStore } from 'react';
import { use } from '../account/webauthn';
import { answer, api, onSignedOut, Refused, setCsrf, type Schemas, type Session } from '../api/client';

export type SessionState =
  | { at: 'asking' }
  | { at: 'in'; session: Session }
  | { at: 'out'; why: 'fresh' | 'expired' | 'left' }
  | { at: 'unreachable'; problem: Refused };

let state: SessionState = { at: 'asking' };
const listeners = new Set<() => void>();

function become(next: SessionState) {
  state = next;
  setCsrf(next.at === 'in' ? next.session.csrf : undefined);
  listeners.forEach((tell) => tell());
}

// The address stays as it is, so that signing in again continues where the session ended.
onSignedOut(() => {
  if (state.at === 'in') become({ at: 'out', why: 'expired' });
});

export const session = {
  /** Asks the server who is signed in; a page that is opened anew continues its session. */
  async restore() {
    try {
      become({ at: 'in', session: await answer(api.GET('/v1/auth/session')) });
    } catch (e) {
      if (!(e instanceof Refused)) throw e;
      if (e.status === 401) become({ at: 'out', why: state.at === 'in' ? 'expired' : 'fresh' });
      // A platform that restarts takes nothing away from somebody who is reading.
      else if (state.at !== 'in') become({ at: 'unreachable', problem: e });
    }
  },
  async signIn(login: Schemas['Login']) {
    become({ at: 'in', session: await answer(api.POST('/v1/auth/login', { body: login })) });
  },
  /** With a passkey of the device's; the device says who it is. */
  async signInWithPasskey() {
    const options = await answer(api.POST('/v1/auth/passkey-sign-in/begin'));
    become({ at: 'in', session: await answer(api.POST('/v1/auth/passkey-sign-in', { body: await use(options) })) });
  },
  /** Looks at everything as a role or user sees it, never with more than one has. */
  async viewAs(as: Schemas['ViewAs']) {
    await answer(api.PUT('/v1/auth/view', { body: as }));
    await session.restore();
  },
  async endView() {
    await answer(api.DELETE('/v1/auth/view'));
    await session.restore();
  },
  /** Leaves for a provider of the organisation's; it sends the browser back to where it was. */
  async leaveFor(provider: string, tenant: string | undefined) {
    const { pathname, search } = window.location;
    const to = new URLSearchParams(search).has('sign_in') ? '/' : pathname + search;
    const { location } = await answer(api.POST('/v1/auth/providers/sign-in', { body: { provider, to, ...(tenant ? { tenant } : {}) } }));
    window.location.assign(location);
  },
  /** Acts in a tenant that was delegated. */
  async actIn(tenant: string) {
    await answer(api.PUT('/v1/auth/tenant', { body: { tenant } }));
    await session.restore();
  },
  async leaveTenant() {
    await answer(api.DELETE('/v1/auth/tenant'));
    await session.restore();
  },
  async signOut() {
    await answer(api.POST('/v1/auth/logout'));
    become({ at: 'out', why: 'left' });
  },
  get: () => state,
  subscribe(tell: () => void) {
    listeners.add(tell);
    return () => void listeners.delete(tell);
  },
};

export const useSessionState = () => useSyncExternalStore(session.subscribe, session.get);

/** The session of a signed-in page. */
export function useSession(): Session {
  const s = useSessionState();
  if (s.at !== 'in') throw new Error('no session');
  return s.session;
}

export const useMay = (permission: string) => {
  const s = useSessionState();
  return s.at === 'in' && s.session.permissions.some((p) => p === permission || p === '*');
};
