import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it } from 'vitest';
import type { Schemas } from '../api/client';
import { clean, open, press } from '../test/open';
import { SESSION, type Routes } from '../test/server';

const T = '2026-11-20T00:00:00.000Z';
const RATE: Schemas['Rate'] = { hits: 0, size: 0, measured: false, share: 0, low: 0, high: 1, text: 'not measured' };
const NOW: Schemas['ThresholdsVersion'] = { version: 2, escalate: 0.85, close: 0.15, model: 0.6, auto_close: true, sample_percent: 10, reason: 'Tried out', made_by: 'ada', made_at: T };
const shown = (stopped: Schemas['ThresholdsShown']['stopped'] = null): Schemas['ThresholdsShown'] => ({ now: NOW, closing: !stopped, stopped, versions: [NOW] });
const DECISION: Schemas['Decision'] = { alert_id: 'a1', decision: 'auto_close', rule_triggered: 'low_confidence_low_severity', review_reason: null, confidence: 0.05, effect: 'sampled', settings_version: 2, decided_at: T, audit_seq: 7, overridden_to: null, alert: { title: 'A beacon', rule_id: 'r1', severity: 'low', status: 'new', verdict: null } };
const routes = (permissions: string[], more: Routes = {}): Routes => ({
  'GET /v1/auth/session': () => ({ body: { ...SESSION, permissions: [...SESSION.permissions, ...permissions] } }),
  'GET /v1/decisions': () => ({ body: { decisions: [DECISION], counts: { escalate: 1, auto_close: 2, human_review: 3 }, sampled: { all: 1, judged: 0, attacks: 0, missed: RATE }, dead: 0 } }),
  'GET /v1/decisions/thresholds': () => ({ body: shown() }),
  'GET /v1/decisions/dead-letters': () => ({ body: { dead: [] } }),
  'GET /v1/tuning': () => ({ body: { days: 90, rules: [] } }),
  ...more,
});

it('throws the kill switch with a reason, by keys', async () => {
  const { asked } = await open('/decisions', routes(['decisions:read', 'decisions:override'], { 'POST /v1/decisions/stop': (r) => ({ body: shown({ reason: (r.body as { reason: string }).reason, by: 'analyst', at: T }) }) }));
  expect(await screen.findByText('closes alerts')).toBeInTheDocument();
  expect(await screen.findByRole('link', { name: 'A beacon' })).toBeInTheDocument();
  expect(screen.queryByRole('button', { name: /^Change/ })).toBeNull(); // that takes decisions:write
  await clean();
  press('x');
  await userEvent.type(await screen.findByLabelText('Why'), 'it closed a real one');
  await userEvent.click(screen.getByRole('button', { name: 'Stop it' }));
  await waitFor(() => expect(asked.find((a) => a.route === 'POST /v1/decisions/stop')?.body).toEqual({ reason: 'it closed a real one' }));
});

it('shows what other thresholds would have done before they are put in force', async () => {
  const preview: Schemas['ThresholdPreview'] = { days: 30, decided: 9, looked_at: 9, now: { escalate: 1, auto_close: 2, human_review: 6 }, then: { escalate: 1, auto_close: 8, human_review: 0 }, changes: [{ from: 'human_review', to: 'auto_close', alerts: 6, true_positives: 2, benign: 1, false_positives: 3 }], examples: [] };
  const { asked } = await open('/decisions', routes(['decisions:read', 'decisions:write'], { 'POST /v1/decisions/thresholds/preview': () => ({ body: preview }), 'PUT /v1/decisions/thresholds': () => ({ body: shown() }) }));
  await screen.findByText('closes alerts');
  press('e');
  const close = await screen.findByLabelText(/^Close up to/);
  await userEvent.clear(close);
  await userEvent.type(close, '0.3');
  await userEvent.type(screen.getByLabelText('Why'), 'a quiet month');
  expect(await screen.findByText(/2 were attacks/)).toBeInTheDocument();
  await clean();
  await waitFor(() => expect(screen.getByRole('button', { name: 'Put it in force' })).toBeEnabled());
  await userEvent.click(screen.getByRole('button', { name: 'Put it in force' }));
  await waitFor(() => expect(asked.find((a) => a.route === 'PUT /v1/decisions/thresholds')?.body).toEqual({ escalate: 0.85, close: 0.3, model: 0.6, auto_close: true, sample_percent: 10, reason: 'a quiet month', version: 2 }));
});
