// Made-up cases over the stub's alerts: state, tasks, notes, evidence, merge, split and undo.
const iso = (ms) => new Date(Date.now() + ms).toISOString();
const NEXT = { open: ['investigating', 'contained', 'resolved', 'closed', 'false_positive'], investigating: ['open', 'contained', 'resolved', 'closed', 'false_positive'], contained: ['investigating', 'resolved', 'closed', 'false_positive'], resolved: ['open', 'investigating', 'closed', 'false_positive'], closed: ['open', 'investigating'], false_positive: ['open', 'investigating'] };
const ACTIVE = ['open', 'investigating', 'contained'];
const RANK = ['informational', 'low', 'medium', 'high', 'critical'];
const TACTIC = { T1059: 'Execution', T1110: 'Credential Access', T1003: 'Credential Access', T1078: 'Initial Access', T1053: 'Persistence', T1021: 'Lateral Movement', T1562: 'Defense Evasion', T1611: 'Privilege Escalation', T1041: 'Exfiltration' };

/** `alerts` are those that there are. */
export function caseStub(alerts, problem) {
  const all = [];
  const list = () => [...alerts.values()].map((x) => x.alert).sort((a, b) => (a.first_time < b.first_time ? -1 : 1));
  const say = (c, action, detail, actor = 'analyst') => { c.history.push({ seq: c.history.length + 1, at: iso(0), actor, action, detail }); c.version++; c.updated_at = iso(0); };
  const open = (of, more = {}) => {
    const worst = of.toSorted((a, b) => RANK.indexOf(b.severity) - RANK.indexOf(a.severity))[0];
    const c = { id: crypto.randomUUID(), number: all.length + 1, title: worst ? `${worst.title} on ${worst.entities[0]?.value ?? 'no host'}` : 'Case without alerts', severity: worst?.severity ?? 'medium', status: 'open', merged_into: null, assignee: null, opened_by: 'system:grouping', created_at: iso(-7_200_000), updated_at: iso(-600_000), version: 1, ids: of.map((a) => a.id), history: [], tasks: [], observables: [], evidence: [], acts: [], dues: [['acknowledge', 1_500_000], ['contain', 9_000_000], ['resolve', 21_000_000]], ...more };
    all.push(c);
    say(c, 'opened', `with ${of.length} alerts`, c.opened_by);
    return c;
  };
  if (alerts.size > 0) {
    const byUser = new Map();
    for (const a of list()) { const k = a.entities.find((e) => e.type === 'user')?.value ?? ''; byUser.set(k, [...(byUser.get(k) ?? []), a]); }
    const groups = [...byUser.values()].filter((g) => g.length > 1).sort((a, b) => b.length - a.length).slice(0, 6);
    groups.forEach((g, i) => open(g.slice(0, 14), { status: ['open', 'investigating', 'open', 'contained', 'open', 'closed'][i], assignee: i === 1 ? 'analyst' : i === 3 ? 'm.silva' : null, dues: [['acknowledge', (i - 1) * 400_000 - 300_000], ['contain', i * 3_000_000 - 2_000_000], ['resolve', 21_000_000]] }));
    say(all[0], 'commented', 'The account belongs to the backup team; they have seen nothing planned for tonight.');
    all[0].tasks.push({ id: crypto.randomUUID(), title: 'Ask the owner of the account', assignee: 'analyst', created_at: iso(-3_000_000), created_by: 'analyst', done_at: iso(-1_000_000), done_by: 'analyst' }, { id: crypto.randomUUID(), title: 'Take a memory image of the host', assignee: null, created_at: iso(-2_000_000), created_by: 'analyst', done_at: null, done_by: null });
    prove(all[0], 'prefetch.zip', 'From the host, by the endpoint agent', 48_211);
  }
  function prove(c, name, note, size, action = 'added') {
    const hex = () => [...crypto.getRandomValues(new Uint8Array(32))].map((b) => b.toString(16).padStart(2, '0')).join('');
    const e = { version: 1, seq: c.evidence.length + 1, at: iso(0), actor: 'user:1', actor_name: 'analyst', action, item: c.evidence.length + 1, name, media_type: 'application/zip', note, size, sha256: hex(), previous: c.evidence.at(-1)?.hash ?? '0'.repeat(64), hash: hex() };
    c.evidence.push(e);
    return e;
  }
  const of = (c) => list().filter((a) => c.ids.includes(a.id));
  const shown = (c) => {
    const mine = of(c);
    const attack = [...new Set(mine.flatMap((a) => a.attack))].sort();
    const ended = !ACTIVE.includes(c.status);
    const clocks = c.dues.map(([goal, in_ms]) => { const met = ended || c.merged_into || (goal === 'acknowledge' && (c.status !== 'open' || c.assignee)) || (goal === 'contain' && c.status === 'contained'); return { goal, due: iso(in_ms), met_at: met ? iso(-60_000) : null, breached_at: !met && in_ms < 0 ? iso(-1000) : null }; });
    const due = clocks.filter((k) => !k.met_at).map((k) => k.due).sort()[0] ?? null;
    const left = due ? Date.parse(due) - Date.now() : 0;
    const { ids, history, tasks, observables, evidence, acts, dues, ...rest } = c;
    return { ...rest, first_time: mine[0]?.first_time ?? null, last_time: mine.at(-1)?.time ?? null, alert_count: mine.length, attack, tactics: [...new Set(attack.map((t) => TACTIC[t.split('.')[0]]).filter(Boolean))], open_tasks: tasks.filter((t) => !t.done_at).length, sla: !due ? 'none' : left <= 0 ? 'breached' : left < 600_000 ? 'warning' : 'ok', due, clocks };
  };
  const links = (c) => of(c).slice(1).map((a, i) => { const before = of(c)[i]; const both = a.entities.filter((e) => before.entities.some((o) => o.value === e.value)); return { earlier: before.id, later: a.id, weight: both.length > 1 ? 0.86 : 0.55, joins: true, why: `Both name ${both.map((e) => `${e.type} ${e.value} (firm, 0.76)`).join(', ') || 'the same detection (faint, 0.20)'}, 40 min apart: 0.79, enough to join them.`, shared: both.map((e) => ({ type: e.type, name: e.value })) }; });
  const last = (c) => c.acts.at(-1);
  const detail = (c) => ({ ...shown(c), undoable: last(c)?.words ?? null, narrative: told(c), narrative_version: 1, confidence: sure(c), alerts: of(c).map((alert, i) => ({ alert, linked_at: c.created_at, linked_by: 'system:grouping', why: i === 0 ? `Its severity is ${alert.severity}, which opens a case.` : (links(c)[i - 1]?.why ?? '') })), links: links(c), history: c.history, tasks: c.tasks, observables: c.observables });
  const USUAL = { critical: [900, 3600, 14_400], high: [1800, 14_400, 28_800], medium: [14_400, 86_400, 259_200], low: [86_400, 259_200, 604_800], informational: [259_200, 604_800, 1_209_600] };
  const GOALS = ['acknowledge', 'contain', 'resolve'];
  let own = [{ severity: 'critical', goal: 'acknowledge', seconds: 300 }];
  const targets = () => ({ targets: Object.entries(USUAL).flatMap(([severity, usual]) => GOALS.map((goal, i) => { const mine = own.find((t) => t.severity === severity && t.goal === goal); return { severity, goal, seconds: mine?.seconds ?? usual[i], own: Boolean(mine), usual: usual[i] }; })) });
  const told = (c) => { const mine = of(c); return mine.length === 0 ? 'There is no alert in this case.' : `${mine.length} alerts of ${new Set(mine.map((a) => a.rule_id)).size} rules between ${mine[0].first_time.slice(0, 19).replace('T', ' ')} UTC and ${mine.at(-1).time.slice(0, 19).replace('T', ' ')} UTC, the worst of ${c.severity} severity. Several name ${mine[0].entities.slice(0, 2).map((e) => `${e.type} ${e.value} (${mine.length} of ${mine.length})`).join(', ')}.`; };
  const sure = (c) => { const a = of(c)[0]; return a ? { score: 83.4, label: 'high', label_id: 3, alert: a.id, decided: of(c).length, evidence: [{ kind: 'rule', source: `${a.rule_id}@3f2a`, claim: 'of 24 alerts of the rule 21 were attacks: 0.88 of 24 (0.69 to 0.96)', norm: 0.85, weight: 0.27, contribution: 28.4 }, { kind: 'intel', source: 'abuseipdb', claim: 'score is 82', norm: 0.82, weight: 0.5, contribution: 55 }] } : null; };
  const report = (c) => `# Case ${c.number}: ${c.title}\n\n- Status: ${c.status}\n- Severity: ${c.severity}\n\n## What happened\n\n${of(c).map((a) => `- ${a.first_time} **${a.title}** (${a.severity})`).join('\n')}\n`;

  return (method, path, u, body) => {
    const ofAlert = /^\/v1\/alerts\/([^/]+)\/cases$/.exec(path);
    if (ofAlert) return { status: 200, body: { cases: all.filter((c) => c.ids.includes(ofAlert[1])).map(shown) } };
    const alike = /^\/v1\/alerts\/([^/]+)\/alike$/.exec(path);
    if (alike) { const me = alerts.get(alike[1])?.alert; const same = list().filter((a) => me && a.id !== me.id && a.rule_id === me.rule_id); return { status: 200, body: { signature: 'ab'.repeat(32), total: same.length, alerts: same } }; }
    if (path === '/v1/cases/assignees') return { status: 200, body: { names: ['a.khan', 'analyst', 'l.berg', 'm.silva'] } };
    if (path === '/v1/cases/targets' && method === 'GET') return { status: 200, body: targets() };
    if (path === '/v1/cases/targets') { own = body.targets; return { status: 200, body: targets() }; }
    if (path === '/v1/cases' && method === 'GET') {
      const set = (k) => u.get(k)?.split(',').filter(Boolean);
      const kept = all.filter((c) => c.merged_into === null).map(shown);
      const unassigned = (c) => !c.assignee && ['high', 'critical'].includes(c.severity) && ACTIVE.includes(c.status);
      const fit = kept.filter((c) => (!set('status') || set('status').includes(c.status)) && (!set('severity') || set('severity').includes(c.severity)) && (u.get('view') !== 'mine' || c.assignee === 'analyst') && (u.get('view') !== 'unassigned' || unassigned(c)) && c.title.toLowerCase().includes((u.get('q') ?? '').toLowerCase()));
      fit.sort((a, b) => (a.due ?? '9') < (b.due ?? '9') ? -1 : 1);
      const active = kept.filter((c) => ACTIVE.includes(c.status));
      return { status: 200, body: { cases: fit, total: fit.length, counts: { mine: active.filter((c) => c.assignee === 'analyst').length, unassigned: active.filter(unassigned).length, active: active.length, breached: active.filter((c) => c.sla === 'breached').length }, now: iso(0) } };
    }
    const r = /^\/v1\/cases\/([^/]+)(?:\/(.+))?$/.exec(path);
    if (!r) return undefined;
    const c = all.find((x) => x.id === r[1]);
    if (!c) return problem(404, 'Not found', 'There is no such case.');
    const ok = () => ({ status: 200, body: shown(c) });
    switch (`${method} ${r[2] ?? ''}`) {
      case 'GET ': return { status: 200, body: detail(c) };
      case 'PATCH ': Object.assign(c, body.assignee === undefined ? {} : { assignee: body.assignee || null }, body.severity ? { severity: body.severity } : {}, body.title ? { title: body.title } : {}); say(c, body.assignee === undefined ? 'rated' : 'assigned', body.severity ?? `to ${body.assignee}`); return ok();
      case 'POST transition': if (!NEXT[c.status].includes(body.to)) return problem(422, 'Not possible', `It is ${c.status} and may become: ${NEXT[c.status].join(', ')}.`); say(c, body.to, `from ${c.status} to ${body.to}`); c.status = body.to; return ok();
      case 'POST comments': say(c, 'commented', body.comment); return ok();
      case 'POST tasks': c.tasks.push({ id: crypto.randomUUID(), title: body.title, assignee: null, created_at: iso(0), created_by: 'analyst', done_at: null, done_by: null }); say(c, 'task_added', body.title); return ok();
      case 'PUT tasks': { const t = c.tasks.find((x) => x.id === body.task); Object.assign(t, body.done ? { done_at: iso(0), done_by: 'analyst' } : { done_at: null, done_by: null }); say(c, body.done ? 'task_done' : 'task_reopened', t.title); return ok(); }
      case 'POST observables': c.observables.push({ ...body, at: iso(0), by: 'analyst' }); say(c, 'observable_added', body.value); return ok();
      case 'POST alerts': { const out = body.remove ?? []; const words = `unlinked: ${out.length} alerts taken out`; c.ids = c.ids.filter((id) => !out.includes(id)); c.acts.push({ words, back: () => c.ids.push(...out) }); say(c, 'unlinked', words); return ok(); }
      case 'POST split': { const out = body.alerts; c.ids = c.ids.filter((id) => !out.includes(id)); const made = open(list().filter((a) => out.includes(a.id)), { opened_by: 'analyst' }); const words = `split: ${out.length} alerts became #${made.number}`; c.acts.push({ words, back: () => { c.ids.push(...out); made.ids = []; made.merged_into = c.number; } }); say(c, 'split', words); return { status: 201, body: shown(made) }; }
      case 'POST merge': { const other = all.find((x) => x.id === body.cases[0]); const moved = [...other.ids]; c.ids.push(...moved); other.ids = []; other.merged_into = c.number; const words = `merged: #${other.number} became part of it`; c.acts.push({ words, back: () => { c.ids = c.ids.filter((id) => !moved.includes(id)); other.ids = moved; other.merged_into = null; } }); say(c, 'merged', words); return ok(); }
      case 'POST undo': { const act = c.acts.pop(); if (!act) return problem(409, 'Conflict', 'Nothing has changed which alerts are in it.'); act.back(); say(c, 'undone', `the last act undone: ${act.words}`); return ok(); }
      case 'GET related': return { status: 200, body: { related: all.filter((o) => o !== c && o.merged_into === null && o.ids.length > 0).slice(0, 3).map((o, i) => ({ case: shown(o), score: 2 - i * 0.5, shared: of(o)[0].entities.slice(0, 2).map((e) => `${e.type}:${e.value}`) })) } };
      case 'GET report': return { status: 200, plain: report(c) };
      case 'GET evidence': return { status: 200, body: { entries: c.evidence } };
      case 'POST evidence': return { status: 201, body: prove(c, body.name, body.note ?? '', Math.round(body.content.length * 0.75)) };
      case 'GET evidence/verify': return { status: 200, body: { ok: true, entries: c.evidence.length, first_bad: 0, reason: null } };
      case 'POST evidence/export': prove(c, '', body.reason, 0, 'exported'); return { status: 200, body: { tenant: 'main', case: c.id, entries: c.evidence } };
      default: return undefined;
    }
  };
}
