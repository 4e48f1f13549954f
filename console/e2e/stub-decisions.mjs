// Made-up decisions about the alerts that there are.
const iso = (ms) => new Date(Date.now() + ms).toISOString();
const rate = (hits, size) => ({ hits, size, measured: size > 0, share: size ? hits / size : 0, low: size ? Math.max(0, hits / size - 0.2) : 0, high: size ? Math.min(1, hits / size + 0.15) : 1, text: size ? `${(hits / size).toFixed(2)} of ${size} (${Math.max(0, hits / size - 0.2).toFixed(2)} to ${Math.min(1, hits / size + 0.15).toFixed(2)})` : 'not measured' });

export function decisionStub(alerts, problem) {
  const list = () => [...alerts.values()].map((x) => x.alert);
  const overrides = new Map();
  const record = (a, i) => ({ rule_id: a.rule_id, version: 'b7e1c2aa', fired: 31 + i, true_positives: 8, benign: 1, false_positives: i % 3 === 1 ? 12 : 1, precision: rate(8, i % 3 === 1 ? 21 : 10), false_positive_rate: rate(i % 3 === 1 ? 12 : 1, i % 3 === 1 ? 21 : 10), escalated: 4, auto_closed: 9, reviewed: 18, overridden: 1, first_at: iso(-40 * 86_400_000), last_at: iso(-600_000) });
  const of = (a, i) => {
    const kind = ['escalate', 'human_review', 'auto_close'][i % 3];
    const mine = overrides.get(a.id) ?? [];
    return { alert_id: a.id, decision: kind, rule_triggered: [['high_confidence_high_severity', null, 'low_confidence_low_severity'][i % 3]][0], review_reason: kind === 'human_review' ? 'no_judge' : null, confidence: [0.9032, 0.4417, 0.0825][i % 3], effect: ['escalated', 'none', i % 2 ? 'sampled' : 'closed'][i % 3], settings_version: 2, decided_at: iso(-i * 700_000), audit_seq: 4_210 - i, overridden_to: mine.at(-1)?.decision ?? null, alert: { title: a.title, rule_id: a.rule_id, severity: a.severity, status: a.status, verdict: a.verdict } };
  };
  const detail = (a, i) => {
    const d = of(a, i);
    const score = [90.32, 44.17, 8.25][i % 3];
    const parts = [[32.48, 40.1, 17.74], [20, 24.17, 0], [10.25, 0, -2]][i % 3];
    const evidence = [
      { kind: 'rule', source: `${a.rule_id}@b7e1c2aa`, claim: 'of 10 alerts of the rule 8 were attacks: 0.80 of 10 (0.49 to 0.94)', norm: 0.75, weight: 0.1667, contribution: parts[0] },
      { kind: 'intel', source: 'abuseipdb', claim: 'abuse_confidence is 92', norm: 0.92, weight: 0.6, contribution: parts[1] },
      { kind: i % 3 === 2 ? 'factor' : 'intel', source: 'virustotal', claim: i % 3 === 2 ? 'the rule is untested: times 0.8' : 'malicious_engines is 7', norm: 0.8, weight: 0.5, contribution: parts[2] },
    ];
    const reasons = [['the confidence is 0.9032 of at least 0.85, and the severity is high'], ['the rules leave it open at a confidence of 0.4417, and no model is configured'], ['the confidence is 0.0825 of at most 0.15, and the severity is low']][i % 3];
    return { ...d, overrides: overrides.get(a.id) ?? [], rule_record: record(a, i), explained: { alert_id: a.id, indicator: { type: 'ip', value: '203.0.113.66' }, decision: d.decision, confidence: d.confidence, explainability: { decision: d.decision, confidence: d.confidence, reasons, rule_triggered: d.rule_triggered, review_reason: d.review_reason, signals: [], confidence_score: score, confidence_label: score >= 80 ? 'high' : score >= 50 ? 'medium' : 'low', evidence, intel: { answers: [] }, llm_called: false, llm_summary: null, overrideable: true }, thresholds_in_force: { escalate: 0.85, close: 0.15, model: 0.6, auto_close: true }, rule_version: '1', model: null, prompt_hash: null, processed_at: d.decided_at } };
  };
  let now = { version: 2, escalate: 0.85, close: 0.15, model: 0.6, auto_close: true, sample_percent: 10, reason: 'A month of samples without an attack among them', made_by: 'm.silva', made_at: iso(-9 * 86_400_000) };
  let stopped = null;
  const shown = () => ({ now, closing: now.auto_close && !stopped, stopped, versions: [now] });
  let dead = [{ item: 7, alert_id: list()[0]?.id ?? crypto.randomUUID(), put_at: iso(-900_000), failed_at: iso(-300_000), failures: 4, reason: 'a transaction failed: the disk of the database is full' }];

  let model = null;
  const calls = () => list().slice(0, 8).map((a, i) => ({ id: crypto.randomUUID(), alert_id: a.id, model: 'openai/gpt-5-mini (gpt-5-mini-2026-08-01)', prompt_version: '1', prompt_hash: 'b7e1c2aa'.repeat(8), asked_at: iso(-i * 700_000), answered_at: iso(-i * 700_000 + 2_100), outcome: ['said', 'said', 'timed_out', 'steered', 'over_budget'][i % 5], tokens: i % 5 < 2 ? 1_212 + i : 0, reply: i % 5 < 2 ? '{"decision":"escalate","confidence":0.82,"summary":"An address that three sources know was asked for a script.","injection_suspected":false}' : null }));

  const outcomes = (fired, tp, benign, fp) => ({ fired, escalated: 2, auto_closed: 6, reviewed: fired - 8, overridden: 1, true_positives: tp, benign, false_positives: fp, false_positive_rate: rate(fp, tp + benign + fp) });
  const counted = (count, before, looked_at, changed) => ({ count, before, looked_at, changed, overridden: rate(changed, looked_at) });
  const thursday = (week) => { const fourth = Date.UTC(Number(week.slice(0, 4)), 0, 4); return fourth + (4 - (new Date(fourth).getUTCDay() || 7) + (Number(week.slice(6)) - 1) * 7) * 86_400_000; };
  const report = (asked) => {
    const week = asked ?? '2026-W46';
    const from = thursday(week) - 3 * 86_400_000;
    const rules = [...new Map(list().map((a) => [a.rule_id, a])).values()].map((a, i) => ({ rule_id: a.rule_id, version: 'b7e1c2aa90', title: a.title, week: outcomes(41 - i * 5, 3, 1, i % 3 === 1 ? 14 : 1), record: i % 3 === 2 ? outcomes(60, 0, 0, 0) : outcomes(310 - i * 20, 8, 1, i % 3 === 1 ? 32 : 1), false_alerts: i % 3 === 2 ? null : i % 3 === 1 ? 28.1 - i : 4.1 - i / 2, lane: ['healthy', 'suppress', 'not_measured'][i % 3], why: i % 3 === 1 ? '32 of 41 were false' : 'few were false' })).sort((a, b) => (b.false_alerts ?? 0) - (a.false_alerts ?? 0));
    const sums = { week: outcomes(171, 18, 6, 31), record: outcomes(1_380, 40, 5, 68) };
    const nothing = outcomes(0, 0, 0, 0);
    return {
      week, from: new Date(from).toISOString(), to: new Date(from + 7 * 86_400_000).toISOString(), complete: week < '2026-W47',
      decisions: { ...counted(703, 655, 148, 21), kinds: [{ decision: 'escalate', ...counted(52, 47, 40, 6) }, { decision: 'auto_close', ...counted(448, 402, 44, 2) }, { decision: 'human_review', ...counted(203, 206, 64, 13) }], lanes: [['high_confidence_high_severity', 'escalate', 40, 41, 31, 4], ['model', 'escalate', 12, 6, 9, 2], ['low_confidence_low_severity', 'auto_close', 448, 402, 44, 2], ['guard_refused_close', 'human_review', 21, 18, 9, 1], ['llm_low_confidence', 'human_review', 30, 44, 14, 3], ['no_judge', 'human_review', 152, 144, 41, 9]].map(([lane, decision, ...n]) => ({ lane, decision, ...counted(...n) })), time: { median_ms: 412, p95_ms: 3_180, most_ms: 184_000 }, time_before: { median_ms: 405, p95_ms: 2_990, most_ms: 61_000 } },
      closed: { closed: 403, closed_attacks: 0, sampled: 45, judged: 41, attacks: 0, missed: { ...rate(0, 41), low: 0, high: 0.0857, text: '0.00 of 41 (0.00 to 0.09)' }, at_most: 35 },
      rules: { days: 90, count: rules.length, shown: rules, others: { week: nothing, record: nothing }, all: sums },
      thresholds: { now: { escalate: now.escalate, close: now.close, model: now.model, auto_close: now.auto_close }, closing: now.auto_close && !stopped, days: 30, decided: 3_013, looked_at: 3_013, judged: 611, criterion: 'Another value is suggested only when at least 20 of the alerts that it decides otherwise were judged, and: to close more or to escalate less, none of them was an attack and the upper end of the interval is at most 0.05 (which takes 73 judged); to close less, the lower end for attacks is at least 0.05; to escalate more, it is at least 0.50.', suggested: [{ threshold: 'close', from: now.close, to: 0.19, why: '96 more closed, 81 of these judged, attacks among them 0.00 of 81 (0.00 to 0.05)', thresholds: { escalate: now.escalate, close: 0.19, model: now.model, auto_close: true }, effect: { days: 30, decided: 3_013, looked_at: 3_013, now: { escalate: 212, auto_close: 1_930, human_review: 871 }, then: { escalate: 212, auto_close: 2_026, human_review: 775 }, changes: [{ from: 'human_review', to: 'auto_close', alerts: 96, true_positives: 0, benign: 52, false_positives: 29 }], examples: [] } }], not_suggested: [{ threshold: 'escalate', why: 'nearest is 0.70: 14 more escalated, 9 of these judged, attacks among them 0.56 of 9 (0.27 to 0.81); at least 20 have to be judged' }, { threshold: 'model', why: 'no other value would have decided anything otherwise' }] },
      model: [{ model: 'openai/gpt-5-mini (gpt-5-mini-2026-08-01)', prompt_version: '1', calls: 74, said: 66, failed: 6, over_budget: 2, tokens: 88_412, decided: 31, looked_at: 22, changed: 3, overridden: rate(3, 22) }],
    };
  };

  return (method, path, body, search) => {
    if (path === '/v1/models/setting') {
      if (method === 'PUT') model = { ...body, key: undefined, has_key: Boolean(body.key), calls_used: 41, tokens_used: 48_900, answered_at: iso(-700_000), failed_at: iso(-1_400_000), failure: 'it did not answer in time' };
      if (method === 'DELETE') model = null;
      return { status: method === 'DELETE' ? 204 : 200, body: { setting: model } };
    }
    if (path === '/v1/models/test') return { status: 200, body: { usable: true, model: `${body.provider}/${body.model}`, tokens: 988, millis: 1_840, fault: null, said: '{"decision":"auto_close","confidence":0.9,"summary":"A browser asked for a page.","injection_suspected":false}' } };
    if (path === '/v1/models/calls') return { status: 200, body: { calls: calls(), next: null } };
    const r = /^\/v1\/alerts\/([^/]+)\/decision(\/override)?$/.exec(path);
    if (r) {
      const all = list();
      const i = all.findIndex((a) => a.id === r[1]);
      if (i < 0) return problem(404, 'Not found', 'Nothing has been decided about this alert yet.');
      if (r[2]) overrides.set(r[1], [...(overrides.get(r[1]) ?? []), { decision: body.decision, verdict: body.verdict ?? null, reason: body.reason, by: 'analyst', at: iso(0) }]);
      return { status: 200, body: detail(all[i], i) };
    }
    if (path === '/v1/decisions') {
      const want = search?.get('decision');
      const found = list().map(of).filter((d) => (!want || d.decision === want) && (search?.get('sampled') !== 'true' || d.effect === 'sampled'));
      return { status: 200, body: { decisions: found.slice(0, 200), counts: { escalate: 212, auto_close: 1930, human_review: 871 }, sampled: { all: 187, judged: 140, attacks: 0, missed: { ...rate(0, 140), low: 0, high: 0.0267, text: '0.00 of 140 (0.00 to 0.03)' } }, dead: dead.length } };
    }
    if (path === '/v1/decisions/report') return { status: 200, body: report(search?.get('week')) };
    if (path === '/v1/decisions/thresholds' && method === 'PUT') now = { ...now, ...body, version: body.version + 1, made_by: 'analyst', made_at: iso(0) };
    if (path === '/v1/decisions/thresholds') return { status: 200, body: shown() };
    if (path === '/v1/decisions/thresholds/preview') return { status: 200, body: { days: 30, decided: 3013, looked_at: 3013, now: { escalate: 212, auto_close: 1930, human_review: 871 }, then: { escalate: 230, auto_close: 1990, human_review: 793 }, changes: body.close > 0.15 ? [{ from: 'human_review', to: 'auto_close', alerts: 60, true_positives: 2, benign: 31, false_positives: 27 }] : [], examples: [] } };
    if (path === '/v1/decisions/stop') stopped = { reason: body.reason, by: 'analyst', at: iso(0) };
    if (path === '/v1/decisions/resume') stopped = null;
    if (path === '/v1/decisions/stop' || path === '/v1/decisions/resume') return { status: 200, body: shown() };
    if (path === '/v1/decisions/dead-letters') return { status: 200, body: { dead } };
    if (path === '/v1/decisions/dead-letters/replay') { const n = dead.length; dead = []; return { status: 200, body: { replayed: n } }; }
    if (path === '/v1/tuning') return { status: 200, body: { days: 90, rules: [...new Map(list().map((a) => [a.rule_id, a])).values()].map((a, i) => ({ lane: ['healthy', 'suppress', 'not_measured'][i % 3], why: i % 3 === 1 ? '12 of 21 were false: 0.57 of 21 (0.37 to 0.76)' : i % 3 ? 'nobody has judged one of its alerts yet' : '1 of 10 were false: 0.10 of 10 (0.02 to 0.40)', record: record(a, i) })).sort((a, b) => (a.lane === 'suppress' ? -1 : b.lane === 'suppress' ? 1 : 0)) } };
    return undefined;
  };
}
