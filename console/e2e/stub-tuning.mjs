// Development only: stages of rules and what is done about them, for stub-server.mjs.
import { randomUUID } from 'node:crypto';

const iso = (ms) => new Date(Date.now() + ms).toISOString();

export function tuningStub(problem) {
  const acts = [{ id: randomUUID(), rule_id: 'failed-login-threshold', lane: 'suppress', act: 'suppress', entity: 'scanner-2.halden.example', suppression_id: randomUUID(), reason: '9 of 30 were false: 0.30 of 30 (0.17 to 0.48)', lost: 41, lost_attacks: 0, made_by: 'm.silva', made_at: iso(-86_400_000 * 3), undone_by: 'l.berg', undone_at: iso(-86_400_000) }];
  const stages = new Map();
  const stageOf = (rule) => stages.get(rule) ?? { stage: 'active', reason: '', changed_by: '', changed_at: null, version: 0 };
  const set = (rule, stage, reason) => stages.set(rule, { stage, reason, changed_by: 'analyst', changed_at: iso(0), version: stageOf(rule).version + 1 });
  const shadow = (on) => (on ? { firings: 214, kept: 214, alerts: 37, days: [0, 1, 2].map((d) => ({ day: iso(-d * 86_400_000).slice(0, 10), firings: 90 - d * 20 })), entities: [{ type: 'host', value: 'build-3', firings: 180 }, { type: 'user', value: 'deploy', firings: 180 }], newest: Array.from({ length: 6 }, (_, i) => ({ alert_id: randomUUID(), time: iso(-i * 900_000), title: 'PowerShell runs an encoded command', level: 'high', event_id: randomUUID(), entities: [{ type: 'host', value: 'build-3' }, { type: 'user', value: 'deploy' }] })) } : { firings: 0, kept: 0, alerts: 0, days: [], entities: [], newest: [] });
  return {
    stageOf,
    answer(method, path, body) {
      let r;
      if ((r = /^\/v1\/rules\/([^/]+)\/stage$/.exec(path))) {
        const rule = decodeURIComponent(r[1]);
        if (method === 'PUT') set(rule, body.stage, body.reason);
        const s = stageOf(rule);
        return { status: 200, body: { rule_id: rule, ...s, shadow: shadow(s.version > 0) } };
      }
      if (path === '/v1/tuning/preview') {
        const part = body.act === 'suppress';
        return { status: 200, body: { days: 30, entity: part ? 'svc-backup' : null, alerts: part ? 11 : 34, firings: part ? 88 : 260, true_positives: part ? 0 : 2, benign: 1, false_positives: part ? 9 : 12, not_judged: part ? 1 : 19, entities: [{ type: 'user', value: 'svc-backup', alerts: 11, false_positives: 9, true_positives: 0 }], attacks: part ? [] : [{ id: randomUUID(), time: iso(-8 * 86_400_000), title: 'PowerShell runs an encoded command' }] } };
      }
      if (path === '/v1/tuning/acts' && method === 'POST') {
        const act = { id: randomUUID(), rule_id: body.rule_id, lane: 'suppress', act: body.act, ...(body.act === 'suppress' ? { entity: body.entity ?? 'svc-backup', suppression_id: randomUUID() } : { stage_before: stageOf(body.rule_id).stage }), reason: body.reason, lost: body.act === 'suppress' ? 11 : 34, lost_attacks: body.act === 'suppress' ? 0 : 2, made_by: 'analyst', made_at: iso(0) };
        if (body.act !== 'suppress') set(body.rule_id, body.act === 'disable' ? 'disabled' : 'shadow', body.reason);
        acts.unshift(act);
        return { status: 201, body: act };
      }
      if (path === '/v1/tuning/acts') return { status: 200, body: { acts } };
      if (path === '/v1/tuning/stages') return { status: 200, body: { rules: [...stages].filter(([, s]) => s.stage !== 'active').map(([rule_id, s]) => ({ rule_id, ...s })) } };
      if ((r = /^\/v1\/tuning\/acts\/([^/]+)\/undo$/.exec(path))) {
        const act = acts.find((a) => a.id === r[1]);
        if (!act) return problem(404, 'Not found', 'There is no such act.');
        Object.assign(act, { undone_by: 'analyst', undone_at: iso(0) });
        if (act.stage_before) set(act.rule_id, act.stage_before, 'undone');
        return { status: 200, body: act };
      }
      return undefined;
    },
  };
}
