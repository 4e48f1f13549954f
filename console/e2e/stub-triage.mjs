// What people do to made-up alerts: one at a time, and many with undo.
const CLOSED = ['resolved', 'dismissed'];
const NEXT = { new: ['in_progress', 'snoozed', ...CLOSED], in_progress: ['new', 'in_progress', 'snoozed', ...CLOSED], snoozed: ['new', 'in_progress', 'snoozed', ...CLOSED], resolved: ['new', 'in_progress'], dismissed: ['new', 'in_progress'] };
const ME = 'analyst';

/** `fit` gives the alerts of a filter, `live` tells of a change. */
export function triageStub(alerts, problem, live, fit) {
  const bulks = new Map();

  /** What the act makes of an alert, or why it is not legal. */
  function after(a, act) {
    if (act.escalated !== undefined) return CLOSED.includes(a.status) || a.escalated === act.escalated ? undefined : { escalated: act.escalated };
    if (!act.to) return { tags: [...new Set([...a.tags.filter((t) => !(act.remove_tags ?? []).includes(t)), ...(act.add_tags ?? [])])].sort() };
    if (!NEXT[a.status].includes(act.to) || (act.to === 'in_progress' && a.status === 'in_progress' && (act.assignee ?? ME) === a.assignee)) return undefined;
    return { status: act.to, verdict: act.to === 'resolved' ? act.verdict : null, assignee: act.to === 'new' ? null : act.to === 'in_progress' ? (act.assignee ?? ME) : a.assignee, snoozed_until: act.to === 'snoozed' ? act.until : null };
  }
  function change(x, what, action, detail) {
    Object.assign(x.alert, what, { version: x.alert.version + 1, updated_at: new Date().toISOString() });
    x.history.push({ at: x.alert.updated_at, actor: ME, action, detail });
    live('alert.updated', x.alert);
    return { status: 200, body: x.alert };
  }
  function one(id, act, body, action) {
    const x = alerts.get(id);
    if (!x) return problem(404, 'Not found', 'There is no such alert.');
    if (act.to === 'in_progress' && !act.assignee && x.alert.status === 'in_progress' && x.alert.assignee !== ME) return problem(409, 'Conflict', `${x.alert.assignee} has it. Give yourself as assignee to take it over.`);
    if (body.version !== undefined && body.version !== x.alert.version) return problem(409, 'Changed meanwhile', 'Somebody changed this alert since you saw it.');
    if (act.to === 'resolved' && !act.verdict) return problem(400, 'Invalid', 'Closing needs a verdict.');
    const what = after(x.alert, act);
    return what ? change(x, what, action, body.comment ?? act.verdict) : problem(422, 'Unprocessable content', `The alert is ${x.alert.status}. It may become: ${NEXT[x.alert.status].join(', ')}.`);
  }
  function many(body) {
    const chosen = body.ids ? body.ids.map((id) => alerts.get(id)).filter(Boolean) : fit(body.filter).map((a) => alerts.get(a.id));
    const could = chosen.filter((x) => after(x.alert, body.act));
    const left = chosen.length - could.length;
    const result = { matched: chosen.length, changed: could.length, skipped: left ? { 'illegal-transition': left } : {}, as_of: new Date().toISOString(), undo: null, undo_until: null };
    if (body.dry_run || could.length === 0) return { status: 200, body: result };
    const undo = crypto.randomUUID();
    const before = could.map((x) => ({ ...x.alert }));
    for (const x of could) change(x, after(x.alert, body.act), body.act.to ?? 'tagged', body.comment);
    bulks.set(undo, before);
    return { status: 200, body: { ...result, undo, undo_until: new Date(Date.now() + 900_000).toISOString() } };
  }
  function undo(token) {
    const before = bulks.get(token);
    if (!bulks.delete(token)) return problem(404, 'Not found', 'There is no such act of yours that can be undone.');
    const same = before.filter((b) => alerts.get(b.id).alert.version === b.version + 1);
    for (const b of same) change(alerts.get(b.id), { status: b.status, verdict: b.verdict, assignee: b.assignee, snoozed_until: b.snoozed_until, escalated: b.escalated, tags: b.tags }, 'undone');
    return { status: 200, body: { restored: same.length, changed_since: before.length - same.length, ids: [] } };
  }

  return (path, body) => {
    if (path === '/v1/alerts/bulk') return many(body);
    if (path === '/v1/alerts/bulk/undo') return undo(body.undo);
    const r = /^\/v1\/alerts\/([^/]+)\/(transition|escalate|tags)$/.exec(path);
    if (!r) return undefined;
    if (r[2] === 'transition') return one(r[1], body, body, body.to);
    if (r[2] === 'escalate') return one(r[1], { escalated: body.escalated ?? true }, body, 'escalated');
    return one(r[1], { add_tags: body.add, remove_tags: body.remove }, body, 'tagged');
  };
}
