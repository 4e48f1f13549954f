import { useEffect, useState } from 'react';
import { Refused, answer, api, type Schemas } from '../api/client';
import { NoPasskey } from '../account/webauthn';
import { SharedIcon } from '../ui/icons';

type Offer = Schemas['SignInProvider'];
const SETTLED_MS = 400;

/** The providers of the organisation; none is shown for one that has none or is not there. */
export function ProviderButtons({ tenant, busy, going, leave }: { tenant: string; busy: boolean; going: boolean; leave: (id: string) => void }) {
  const [offers, setOffers] = useState<readonly Offer[]>([]);
  const [chosen, setChosen] = useState<string>();
  useEffect(() => {
    const stop = new AbortController();
    const ask = () => answer(api.GET('/v1/auth/providers', { params: { query: tenant ? { tenant } : {} }, signal: stop.signal })).then((a) => setOffers(a.providers), () => setOffers([]));
    const t = setTimeout(() => void ask(), tenant ? SETTLED_MS : 0);
    return () => { clearTimeout(t); stop.abort(); };
  }, [tenant]);
  return offers.map((o) => (
    <button key={o.id} type="button" className="btn" disabled={busy} onClick={() => { setChosen(o.id); leave(o.id); }}>
      <SharedIcon size={17} />{going && chosen === o.id ? `Going to ${o.name}…` : `Sign in with ${o.name}`}
    </button>
  ));
}

const REASONS: Readonly<Record<string, string>> = {
  stale: 'The sign-in took longer than ten minutes, or was begun in another browser. Try again.',
  declined: 'The provider did not let you in.',
  unavailable: 'The provider does not answer as it should. Try again, or ask an administrator to test it.',
  invalid: 'What the provider said of you is not to be believed. Ask an administrator to look at the audit log.',
  'no-access': 'The provider knows you, but nothing gives you access here. Ask an administrator of your organisation.',
  suspended: 'Your organisation is suspended here. Ask who runs this installation.',
};

/** Why somebody came back from a provider without being signed in. */
export function refusal(): NoPasskey | Refused | undefined {
  const word = new URLSearchParams(window.location.search).get('sign_in');
  return word === null ? undefined : new NoPasskey(REASONS[word] ?? 'The sign-in did not work. Try again.');
}
