import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { expect, it, vi } from 'vitest';
import { clean, open, press, refuse } from '../test/open';
import { SESSION, type Routes } from '../test/server';
import { triedOf } from '../decisions/decisions';
import { tried, weekOf, type Rated, type Report } from './report';

const rate = (hits: number, size: number): Rated => ({ hits, size, measured: size > 0, share: size ? hits / size : 0, low: 0, high: 1, text: size ? `${(hits / size).toFixed(2)} of ${size}` : 'not measured' });
const counts = (fired: number, fp: number, judged: number): Report['rules']['all']['week'] => ({ fired, escalated: 0, auto_closed: 0, reviewed: fired, overridden: 0, true_positives: judged - fp, benign: 0, false_positives: fp, false_positive_rate: rate(fp, judged) });
const both = { week: counts(12, 8, 10), record: counts(40, 16, 22) };
const none = { week: counts(0, 0, 0), record: counts(0, 0, 0) };
const lane = (name: string, decision: 'escalate' | 'auto_close' | 'human_review', count: number) => ({ lane: name, decision, count, before: 1, looked_at: 4, changed: 1, overridden: rate(1, 4) });
const THRESHOLDS = { escalate: 0.85, close: 0.2, model: 0.6, auto_close: true };
const REPORT: Report = {
  week: '2026-W47', from: '2026-11-16T00:00:00.000Z', to: '2026-11-23T00:00:00.000Z', complete: true,
  decisions: { count: 30, before: 20, looked_at: 8, changed: 2, overridden: rate(2, 8), kinds: [{ ...lane('', 'escalate', 10) }, { ...lane('', 'auto_close', 20) }, { ...lane('', 'human_review', 0), overridden: rate(0, 0) }], lanes: [lane('high_confidence_high_severity', 'escalate', 10), lane('low_confidence_low_severity', 'auto_close', 20)], time: { median_ms: 850, p95_ms: 12_500, most_ms: 480_000 }, time_before: null },
  closed: { closed: 18, closed_attacks: 0, sampled: 2, judged: 1, attacks: 0, missed: rate(0, 1), at_most: 15 },
  rules: { days: 90, count: 1, shown: [{ rule_id: 'r1', version: 'b7e1c2aa99', title: 'Many failed sign-ins', ...both, false_alerts: 8.7, lane: 'suppress', why: '16 of 22 were false' }], others: none, all: both },
  thresholds: { now: { ...THRESHOLDS, close: 0.15 }, closing: true, days: 30, decided: 130, looked_at: 130, judged: 90, criterion: 'Only with 20 judged.', suggested: [{ threshold: 'close', from: 0.15, to: 0.2, why: '80 more closed, 79 of these judged', thresholds: THRESHOLDS, effect: { days: 30, decided: 130, looked_at: 130, now: { escalate: 10, auto_close: 20, human_review: 100 }, then: { escalate: 10, auto_close: 100, human_review: 20 }, changes: [{ from: 'human_review', to: 'auto_close', alerts: 80, true_positives: 0, benign: 70, false_positives: 9 }], examples: [] } }], not_suggested: [{ threshold: 'model', why: 'no other value would have decided anything otherwise' }] },
  model: [{ model: 'openai/m', prompt_version: '1', calls: 9, said: 8, failed: 1, over_budget: 0, tokens: 12_345, decided: 6, looked_at: 2, changed: 1, overridden: rate(1, 2) }],
};
const EMPTY: Report = { ...REPORT, week: '2026-W46', decisions: { ...REPORT.decisions, count: 0, before: 0, looked_at: 0, changed: 0, overridden: rate(0, 0), kinds: [], lanes: [], time: null }, closed: { closed: 0, closed_attacks: 0, sampled: 0, judged: 0, attacks: 0, missed: rate(0, 0), at_most: 0 }, rules: { days: 90, count: 0, shown: [], others: none, all: none }, thresholds: { ...REPORT.thresholds, suggested: [] }, model: [] };
const routes = (report: (week: string | null) => Report, permissions = ['*']): Routes => ({
  'GET /v1/auth/session': () => ({ body: { ...SESSION, permissions } }),
  'GET /v1/decisions/report': (r) => ({ body: report(r.url.searchParams.get('week')) }),
});

it('shows a week and walks back', async () => {
  await open('/report', routes((week) => (week === '2026-W46' ? EMPTY : REPORT)));
  expect(await screen.findByText('2026-W47')).toBeInTheDocument();
  expect(screen.getByText('16 Nov 2026 to 22 Nov 2026, UTC')).toBeInTheDocument();
  const kinds = within(screen.getByRole('region', { name: 'By decision' }));
  expect(kinds.getByRole('row', { name: /^all 30 20 8 2 0.25 of 8/ })).toBeInTheDocument();
  expect(screen.getByText(/median 850 ms, 95 of 100 within 12.5 s, at most 8 min/)).toBeInTheDocument();
  expect(screen.getByText(/at most 15 of the 18 closed were attacks/)).toBeInTheDocument();
  expect(screen.getByRole('link', { name: 'Suppress: tuning of Many failed sign-ins' })).toHaveAttribute('href', expect.stringContaining('/tuning?rule=r1%40b7e1c2aa99'));
  expect(screen.getByText('12,345')).toBeInTheDocument();
  await clean();
  press('[');
  expect(await screen.findByText(/Here will stand how many alerts were escalated/)).toBeInTheDocument();
  expect(screen.getByText(/No rule fired in 90 days/)).toBeInTheDocument();
  expect(screen.getByText('2026-W46')).toBeInTheDocument();
  await clean();
});

it('takes a suggestion into the preview, and changes nothing by that', async () => {
  const { asked } = await open('/report', {
    ...routes(() => REPORT),
    'GET /v1/decisions': () => ({ body: { decisions: [], counts: { escalate: 0, auto_close: 0, human_review: 0 }, sampled: { all: 0, judged: 0, attacks: 0, missed: rate(0, 0) }, dead: 0 } }),
    'GET /v1/decisions/dead-letters': () => ({ body: { dead: [] } }),
    'GET /v1/tuning': () => ({ body: { days: 90, rules: [] } }),
    'GET /v1/decisions/thresholds': () => ({ body: { now: { version: 1, ...THRESHOLDS, close: 0.15, sample_percent: 10, reason: 'r', made_by: 'ann', made_at: null }, closing: true, stopped: null, versions: [] } }),
    'POST /v1/decisions/thresholds/preview': () => ({ body: REPORT.thresholds.suggested[0]!.effect }),
  });
  await userEvent.click(await screen.findByRole('link', { name: 'Look at it in the preview…' }));
  const form = await screen.findByRole('dialog', { name: 'By what is decided' });
  expect(within(form).getByLabelText(/^Close up to/)).toHaveValue(0.2);
  await waitFor(() => expect(asked.find((a) => a.route === 'POST /v1/decisions/thresholds/preview')?.body).toEqual(THRESHOLDS));
  expect(asked.some((a) => a.route === 'PUT /v1/decisions/thresholds')).toBe(false);
});

it('offers no change to who may not make it', async () => {
  await open('/report', routes(() => REPORT, ['decisions:read']));
  expect(await screen.findByText(/close: 0.2 instead of 0.15/i)).toBeInTheDocument();
  expect(screen.queryByRole('link', { name: /preview/ })).toBeNull();
});

it('says what is wrong with a week', async () => {
  await open('/report?week=2026-W60', { ...routes(() => REPORT), 'GET /v1/decisions/report': refuse(400, 'There is no such week: 2026 has the weeks 1 to 53.') });
  expect(await screen.findByText(/2026 has the weeks 1 to 53/)).toBeInTheDocument();
  expect(screen.getByRole('link', { name: 'To the last whole week' })).toBeInTheDocument();
});

it('downloads the document of the week that is shown', async () => {
  const made = vi.fn(() => 'blob:x');
  Object.assign(URL, { createObjectURL: made, revokeObjectURL: () => undefined });
  const weeks: (string | null)[] = [];
  await open('/report', routes((week) => { weeks.push(week); return REPORT; }));
  await screen.findByText('2026-W47');
  press('m');
  await waitFor(() => expect(made).toHaveBeenCalled());
  expect(weeks).toEqual([null, '2026-W47']);
});

it('counts weeks as ISO 8601 does', () => {
  expect(['2026-11-22T23:59:59Z', '2026-11-23T00:00:00Z', '2021-01-03T12:00:00Z', '2027-01-01T00:00:00Z', '2024-12-30T00:00:00Z'].map((t) => weekOf(Date.parse(t)))).toEqual(['2026-W47', '2026-W48', '2020-W53', '2026-W53', '2025-W01']);
  expect(triedOf(tried(THRESHOLDS))).toEqual(THRESHOLDS);
  expect(triedOf('much more')).toBeUndefined();
});
