import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import { open } from '../test/open';

it('offers the providers of the organisation to who is not signed in, and says why somebody came back', async () => {
  const { asked } = await open('/?sign_in=no-access', {
    'GET /v1/auth/session': () => ({ status: 401, body: { type: 'x', title: 'Not signed in', status: 401, detail: '' } }),
    'GET /v1/auth/providers': () => ({ body: { providers: [{ id: 'p1', name: 'Corporate' }] } }),
    'POST /v1/auth/providers/sign-in': () => ({ status: 503, body: { type: 'x', title: 'Service unavailable', status: 503, detail: 'The sign-in provider does not answer.' } }),
  });
  expect(await screen.findByText(/nothing gives you access here/)).toBeInTheDocument();
  await userEvent.click(await screen.findByRole('button', { name: 'Sign in with Corporate' }));
  expect(await screen.findByText('The sign-in provider does not answer.')).toBeInTheDocument();
  expect(asked.find((a) => a.route === 'POST /v1/auth/providers/sign-in')?.body).toEqual({ provider: 'p1', to: '/' });
});
