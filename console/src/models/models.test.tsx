import { fireEvent, screen } from '@testing-library/react';
import { expect, it } from 'vitest';
import { clean, open } from '../test/open';
import { SESSION } from '../test/server';
import { content } from './models';

it('sends a key only when one was typed, and an empty one only when none is wanted', () => {
  const f = new FormData();
  for (const [k, v] of Object.entries({ enabled: 'on', provider: 'ollama', url: ' http://localhost:11434 ', model: 'm', seconds: '20', calls: '5', tokens: '100', key: '' })) f.set(k, v);
  expect(content(f)).toEqual({ enabled: true, provider: 'ollama', url: 'http://localhost:11434', model: 'm', seconds: 20, calls_per_day: 5, tokens_per_day: 100 });
  f.set('key', 'k');
  expect(content(f).key).toBe('k');
  f.set('nokey', 'on');
  expect(content(f).key).toBe('');
});

it('teaches while it is off, and tests without saving', async () => {
  const { asked } = await open('/settings?section=models', {
    'GET /v1/auth/session': () => ({ body: { ...SESSION, permissions: [...SESSION.permissions, 'models:read', 'models:write'] } }),
    'GET /v1/models/setting': () => ({ body: { setting: null } }),
    'POST /v1/models/test': () => ({ body: { usable: false, model: 'openai/m', tokens: 0, millis: 12, fault: 'it refuses the key (401)', said: null } }),
  });
  expect(await screen.findByText(/what they leave open goes to a person/)).toBeInTheDocument();
  fireEvent.click(screen.getByRole('button', { name: 'Set a model up' }));
  await clean();
  fireEvent.change(screen.getByRole('textbox', { name: 'Model' }), { target: { value: 'm' } });
  fireEvent.click(screen.getByRole('button', { name: 'Test without saving' }));
  expect(await screen.findByText(/it refuses the key/)).toBeInTheDocument();
  expect(asked.find((a) => a.route === 'POST /v1/models/test')?.body).toMatchObject({ provider: 'openai', model: 'm' });
  expect(asked.some((a) => a.route.startsWith('PUT'))).toBe(false);
});
