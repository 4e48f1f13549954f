import { Suspense, lazy, useEffect, useState } from 'react';
import { MantineProvider, localStorageColorSchemeManager, type CSSVariablesResolver } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { Refused } from './api/client';
import { live } from './live/context';
import { createAppRouter } from './routes';
import { session, useSessionState } from './session/session';
import { ProblemBox } from './ui/parts';
import { SCHEME_KEY } from './ui/scheme';
import { theme } from './ui/theme';

const SignIn = lazy(() => import('./session/SignIn'));
const nonce = document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce;
const schemes = localStorageColorSchemeManager({ key: SCHEME_KEY });

/** Mantine's components take the console's own colours, in both schemes. */
const OURS = {
  '--mantine-color-body': 'var(--bg)',
  '--mantine-color-text': 'var(--fg)',
  '--mantine-color-dimmed': 'var(--muted)',
  '--mantine-color-placeholder': 'var(--muted)',
  '--mantine-color-default': 'var(--panel)',
  '--mantine-color-default-hover': 'var(--hover)',
  '--mantine-color-default-color': 'var(--fg)',
  '--mantine-color-default-border': 'var(--line)',
  '--mantine-color-error': 'var(--bad)',
};
const resolver: CSSVariablesResolver = () => ({ variables: {}, light: OURS, dark: OURS });

const freshClient = () =>
  new QueryClient({
    defaultOptions: { queries: { refetchOnWindowFocus: false, retry: (n, e) => n < 2 && e instanceof Refused && (e.status === 0 || e.status >= 500), retryDelay: (n) => 400 * 2 ** n } },
  });

export function App() {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" colorSchemeManager={schemes} cssVariablesResolver={resolver} getStyleNonce={nonce ? () => nonce : undefined}>
      <Notifications position="bottom-right" limit={3} zIndex={400} />
      <Door />
    </MantineProvider>
  );
}

const Boot = () => <div className="boot"><div className="boot-top" /><div className="boot-nav" /></div>;

function Door() {
  const state = useSessionState();
  switch (state.at) {
    case 'asking':
      return <Boot />;
    case 'out':
      return <Suspense fallback={<Boot />}><SignIn why={state.why} /></Suspense>;
    case 'unreachable':
      return <main className="signin"><ProblemBox problem={state.problem} retry={() => void session.restore()} /></main>;
    case 'in':
      return <SignedIn key={`${state.session.tenant.id}/${state.session.user.id}`} />;
  }
}

/** Everything that a person has read dies with the session. */
function SignedIn() {
  const [client] = useState(freshClient);
  const [router] = useState(createAppRouter);
  useEffect(() => () => live.stop(), []);
  return (
    <QueryClientProvider client={client}>
      <RouterProvider router={router} />
    </QueryClientProvider>
  );
}
