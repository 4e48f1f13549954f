import type { Schemas } from '../api/client';

const T = '2026-11-22T10:00:00.000Z';

/** An action that waits for approval. */
export const action = (change: Partial<Schemas['Action']> = {}): Schemas['Action'] => ({
  id: 'x1', run: null, playbook: null, step: null, step_name: null, visit: null, attempt: null, action: 'block_ip', title: 'Block an address', about: 'alert:a1', about_title: 'Alert 1',
  parameters: { ip: '203.0.113.7', hours: 24 }, parameters_hash: 'sha256:aa11', target: '203.0.113.7', radius: 'medium', consent: 'one_person', permission: 'actions:contain', reasons: ['radius medium at level L1'],
  status: 'awaiting_approval', reason: null, requested_by: 'dana', requested_at: T, expires_at: null, dispatched_at: null, ended_at: null, outputs: null, carried_by: null, reverse: 'allow_ip', reverses: null, reversed_by: null,
  verification: null, envelope: null, approvals: [], task: null, may: { approve: true, refuse: true, answer: false, roll_back: false }, why_not: null, ...change,
});

/** A run that waits for approval. */
export const run = (change: Partial<Schemas['PlaybookRun']> = {}): Schemas['PlaybookRun'] => ({
  id: 'r1', playbook: 'p1', name: 'Contain a host', version: 'b7e1c2aa', status: 'running', reason: null, started_by: 'dana', about: 'alert:a1', about_title: 'Alert 1', parent: null, waiting: 'approval', steps_done: 1, started_at: T, ended_at: null, retried_from: null, ...change,
});
