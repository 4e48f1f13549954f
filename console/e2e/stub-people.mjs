// Made-up people beside one: an inbox, somebody who looks at the same case, and how long cases took.
const iso = (ms) => new Date(Date.now() + ms).toISOString();
const SEVERITIES = ['critical', 'high', 'medium', 'low'];

/** `alerts` are those that there are. */
export function peopleStub(alerts) {
  const here = new Map();
  const first = () => [...alerts.values()][0]?.alert;
  let setting = { mail: false, address: '' };
  const entries = [['mentioned', 'm.silva', 'case', 1, -300_000], ['assigned', 'j.ortiz', 'alert', 1, -3_600_000], ['late', 'system:case-clocks', 'case', 1, -7_200_000], ['assigned', 'm.silva', 'alert', 12, -86_400_000]].map(([kind, by, about, count, ms], i) => ({ id: `0193f2a0-0000-7000-8000-00000000000${i}`, at: iso(ms), kind, about, about_id: first()?.id ?? crypto.randomUUID(), number: about === 'case' ? 1 : null, count, title: first()?.title ?? 'A title', by, read_at: i < 2 ? null : iso(ms + 1000) }));
  const unread = () => entries.filter((e) => !e.read_at).length;
  const measure = (n, median) => ({ n, median: n ? Math.round(median) : null, p90: n ? Math.round(median * 2.7) : null });
  const monday = (weeks) => { const d = new Date(); d.setUTCDate(d.getUTCDate() - ((d.getUTCDay() + 6) % 7) - 7 * weeks); return d.toISOString().slice(0, 10); };
  return (method, path, u, body) => {
    const looked = /^\/v1\/(alert|case)s\/([^/]+)\/presence$/.exec(path);
    if (looked) {
      const at = here.get(looked[2]) ?? new Map();
      here.set(looked[2], at);
      if (body.state === 'left') at.delete(body.tab);
      else at.set(body.tab, { state: body.state, until: Date.now() + 20_000 });
      const others = [...at].filter(([tab, one]) => tab !== body.tab && one.until > Date.now()).map(([, one]) => ({ name: 'analyst', provider: null, state: one.state }));
      return { status: 200, body: { people: [...others, ...(looked[1] === 'case' ? [{ name: 'dana', provider: 'Nordwind', state: 'looking' }] : [])] } };
    }
    if (path === '/v1/inbox') return { status: 200, body: { entries: u.get('limit') === '0' ? [] : entries, unread: unread(), mail_possible: true, ...setting } };
    if (path === '/v1/inbox/read') {
      for (const e of entries) if (!body.ids || body.ids.includes(e.id)) e.read_at ??= iso(0);
      return { status: 200, body: { unread: unread() } };
    }
    if (path === '/v1/inbox/setting') { setting = body; return { status: 200, body: setting }; }
    if (path === '/v1/cases/metrics') {
      const rows = [0, 1, 2].flatMap((w) => SEVERITIES.map((severity, i) => ({ week: monday(w), severity, opened: 3 + i * 4 + w, detect: measure(3 + i, 40 + 25 * i), acknowledge: measure(2 + i, 400 * (i + 1)), contain: measure(w ? 2 : 0, 3_000 * (i + 1)), resolve: measure(w ? 2 : 0, 20_000 * (i + 1)) })));
      return { status: 200, body: { from: monday(7), rows, breaches: 2, late: [{ case: crypto.randomUUID(), number: 4, title: first()?.title ?? 'A title', severity: 'critical', goal: 'acknowledge', due: iso(-7_200_000), breached_at: iso(-7_190_000), met_at: iso(-6_900_000), assignee: 'm.silva' }, { case: crypto.randomUUID(), number: 2, title: 'Password guessing', severity: 'high', goal: 'contain', due: iso(-86_400_000), breached_at: iso(-86_390_000), met_at: null, assignee: null }] } };
    }
    return undefined;
  };
}
