import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import type { Schemas } from '../api/client';
import { clean, open, press } from '../test/open';
import { SESSION, type Routes } from '../test/server';

const T = '2026-11-20T00:00:00.000Z';
const rate = (text: string): Schemas['Rate'] => ({ hits: 1, size: 2, measured: true, share: 0.5, low: 0, high: 1, text });
const rule = (id: string, lane: Schemas['TuningList']['rules'][number]['lane']): Schemas['TuningList']['rules'][number] => ({ lane, why: `${id} is ${lane}`, record: { rule_id: id, version: 'v1', fired: 30, true_positives: 8, benign: 1, false_positives: 12, precision: rate('0.38 of 21'), false_positive_rate: rate('0.57 of 21'), escalated: 0, auto_closed: 0, reviewed: 0, overridden: 0, first_at: T, last_at: T } });
const lost = (entity: string | null): Schemas['TuningPreview'] => ({ days: 30, entity, alerts: 9, firings: 20, true_positives: entity ? 0 : 2, benign: 0, false_positives: 7, not_judged: 0, entities: [], attacks: [] });
const ACT: Schemas['TuningAct'] = { id: 'act-1', rule_id: 'r1', lane: 'suppress', act: 'suppress', entity: 'svc-backup', suppression_id: 's1', reason: 'r1 is suppress', lost: 9, lost_attacks: 0, made_by: 'analyst', made_at: T };
const routes = (permissions: string[], acts: () => Schemas['TuningAct'][]): Routes => ({
  'GET /v1/auth/session': () => ({ body: { ...SESSION, permissions } }),
  'GET /v1/tuning': () => ({ body: { days: 90, rules: [rule('r0', 'healthy'), rule('r1', 'suppress')] } }),
  'GET /v1/tuning/acts': () => ({ body: { acts: acts() } }),
  'POST /v1/tuning/preview': (r) => ({ body: lost((r.body as { act: string }).act === 'suppress' ? 'svc-backup' : null) }),
});

it('hides who causes most false alerts with one key, and takes it back with another', async () => {
  let acts: Schemas['TuningAct'][] = [];
  const { asked } = await open('/tuning', {
    ...routes(['decisions:read', 'alerts:read', 'events:read', 'suppressions:write'], () => acts),
    'POST /v1/tuning/acts': () => { acts = [ACT]; return { status: 201, body: ACT }; },
    'POST /v1/tuning/acts/act-1/undo': () => { acts = [{ ...ACT, undone_by: 'analyst', undone_at: T }]; return { body: acts[0] }; },
  });
  expect(await screen.findByRole('button', { name: /^r1/ })).toHaveAttribute('aria-current'); // the worst lane stands first
  expect(await screen.findByText(/2 were attacks/)).toBeInTheDocument();
  expect(await screen.findByRole('button', { name: /^Hide for 30 days: svc-backup/ })).toBeEnabled();
  await clean();
  press('h');
  await waitFor(() => expect(asked.find((a) => a.route === 'POST /v1/tuning/acts')?.body).toEqual({ rule_id: 'r1', act: 'suppress', reason: 'r1 is suppress', entity: 'svc-backup' }));
  expect(await screen.findByRole('button', { name: /^Undo: r1/ })).toBeInTheDocument();
  press('u');
  expect(await screen.findByText('undone by analyst')).toBeInTheDocument();
});

it('only shows to who may not change it', async () => {
  await open('/tuning', routes(['decisions:read', 'alerts:read', 'events:read'], () => [ACT]));
  expect(await screen.findByText(/2 were attacks/)).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: /^Disable/ })).toBeNull();
  expect(screen.queryByRole('button', { name: /^Undo/ })).toBeNull();
  await userEvent.keyboard('j');
  await clean();
});
