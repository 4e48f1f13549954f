// Made-up indicators, where they were seen, and what is known of values.
const DAY = 86_400_000;
const iso = (ms) => new Date(Date.now() + ms).toISOString();

export function intelStub(problem) {
  const all = [];
  const add = (body, more = {}) => {
    const one = { id: crypto.randomUUID(), type: 'domain', value: body.value, confidence: body.confidence ?? 75, tlp: body.tlp ?? 'amber', source: body.source ?? 'analyst', description: body.description ?? '', tags: body.tags ?? [], valid_from: iso(0), valid_until: body.valid_until ?? null, state: 'active', warning: null, created_by: 'analyst', created_at: iso(0), updated_at: iso(0), version: 1, sightings: 0, first_seen: null, last_seen: null, ...more };
    all.unshift(one);
    return one;
  };
  add({ value: '8.8.8.8', source: 'open feed' }, { type: 'ip', state: 'warned', warning: 'public resolvers that everybody asks' });
  add({ value: 'a3f5c9d41d8cd98f00b204e9800998ecf8427e1b2c3d4e5f60718293a4b5c6d7', source: 'CERT bulletin 41', description: 'Loader of the October campaign', confidence: 95, valid_until: iso(300 * DAY) }, { type: 'hash' });
  add({ value: 'cdn-updates.example', source: 'CERT bulletin 41', description: 'Command and control', tags: ['c2', 'october'], confidence: 90, valid_until: iso(88 * DAY) }, { sightings: 412, first_seen: iso(-2 * DAY), last_seen: iso(-600_000) });
  add({ value: '198.51.100.0/24', source: 'open feed', confidence: 40, valid_until: iso(-3 * DAY) }, { type: 'network', state: 'expired' });
  const seen = (i) => Array.from({ length: Math.min(6, i.sightings) }, (_, n) => ({ event_id: crypto.randomUUID(), time: iso(-n * 3_600_000), field: 'query.hostname', value: `www.${i.value}` }));
  const services = [['virustotal', 'VirusTotal', 4, 500], ['abuseipdb', 'AbuseIPDB', 60, 1000], ['greynoise', 'GreyNoise', 10, 50]].map(([source, title, per_minute, per_day], i) => ({ source, title, enabled: i < 2, has_key: i < 2, per_minute, per_day, used_minute: i === 0 ? 1 : 0, used_today: i < 2 ? 38 - i * 30 : 0, answered_at: i < 2 ? iso(-400_000) : null, failed_at: i === 1 ? iso(-60_000) : null, failure: i === 1 ? 'it asks us to wait (429)' : null }));
  const feed = (body, more = {}) => ({ id: crypto.randomUUID(), tlp: 'green', confidence: 60, enabled: true, state: 'waiting', indicators: 0, faults: [], fetched_at: null, failed_at: null, failure: null, next_at: iso(0), created_by: 'analyst', created_at: iso(0), updated_at: iso(0), version: 1, ...body, ...more });
  let feeds = [feed({ name: 'Open C2 list', url: 'https://feeds.example.org/c2.csv', format: 'csv', minutes: 60 }, { state: 'ok', indicators: 4812, fetched_at: iso(-900_000), faults: ['Open C2 list:17: the indicator is no IP address'] }), feed({ name: 'Hijacked networks', url: 'https://lists.example.net/drop.txt', format: 'list', minutes: 360 }, { state: 'failing', indicators: 1204, fetched_at: iso(-DAY), failed_at: iso(-600_000), failure: 'it answers 503' })];
  return (method, path, body, query) => {
    if (path === '/v1/intel-sources') return { status: 200, body: { sources: services } };
    const [, source, test] = /^\/v1\/intel-sources\/([^/]+)(\/test)?$/.exec(path) ?? [];
    const service = services.find((s) => s.source === source);
    if (service && test) return { status: 200, body: { answered: true, failure: null, took_ms: 212.4, setting: service } };
    if (service) { const { key, ...rest } = body; Object.assign(service, rest, key ? { has_key: true } : {}); return { status: 200, body: service }; }
    if (path === '/v1/intel-feeds' && method === 'GET') return { status: 200, body: { feeds } };
    if (path === '/v1/intel-feeds') { feeds.push(feed(body)); return { status: 201, body: feeds.at(-1) }; }
    const [, fid, soon] = /^\/v1\/intel-feeds\/([^/]+)(\/fetch)?$/.exec(path) ?? [];
    const kept = feeds.find((f) => f.id === fid);
    if (kept && method === 'DELETE') { feeds = feeds.filter((f) => f !== kept); return { status: 204 }; }
    if (kept) { if (!soon) Object.assign(kept, body, { version: kept.version + 1, state: body.enabled === false ? 'off' : 'waiting' }); return { status: soon ? 202 : 200, body: kept }; }
    if (path === '/v1/indicators/import') {
      const values = body.text.split('\n').map((l) => l.trim().split(/[\s,]/)[0]).filter(Boolean);
      const bad = values.map((v, i) => (/[./@]/.test(v) ? '' : `${body.source}:${i + 1}: the indicator is no address, name, hash or link`)).filter(Boolean);
      const good = values.filter((v) => /[./@]/.test(v));
      if (!body.dry_run) good.forEach((value) => add({ ...body, value }));
      return { status: 200, body: { read: good.length, dry_run: !!body.dry_run, added: good.length, changed: 0, warned: good.includes('8.8.8.8') ? 1 : 0, faults: bad, lines: body.dry_run ? good.slice(0, 100).map((value) => ({ type: /\/\d+$/.test(value) ? 'network' : /^[\d.]+$/.test(value) ? 'ip' : 'domain', value, confidence: body.confidence ?? 75, what: 'added', warning: value === '8.8.8.8' ? 'public resolvers that everybody asks' : null })) : [] } };
    }
    if (path === '/v1/indicators' && method === 'GET') {
      const state = query?.get('state');
      const fit = all.filter((i) => !state || (state === 'seen' ? i.sightings > 0 : i.state === state));
      return { status: 200, body: { indicators: fit, total: fit.length, next: null } };
    }
    if (path === '/v1/indicators') return { status: 201, body: add(body) };
    const [, id, more] = /^\/v1\/indicators\/([^/]+)(\/past)?$/.exec(path) ?? [];
    const one = all.find((i) => i.id === id);
    if (id && !one) return problem(404, 'Not found', 'There is no such indicator.');
    if (more) return { status: 200, body: { days: 30, events: seen(one).length, partial: false, scanned: 120_000, took_ms: 84.2, newest: seen(one) } };
    if (one && method === 'PUT') { one.state = body.revoked ? 'revoked' : 'active'; one.version++; return { status: 200, body: one }; }
    if (one) return { status: 200, body: { ...one, newest: seen(one) } };
    const [, type, value] = /^\/v1\/intel\/([^/]+)\/(.+)$/.exec(path) ?? [];
    if (type) {
      const signals = [{ source: 'abuseipdb', field: 'abuse_confidence', value: 90, scale: 'score_100', norm: 0.9, weight: 0.6, raw: 90 }, { source: 'feed:indicators', field: 'listed', value: 80, scale: 'score_100', norm: 0.8, weight: 0.8, raw: '198.51.100.7' }];
      return { status: 200, body: { cached: false, ttl: 3600, result: { indicator: { type, value: decodeURIComponent(value) }, risk_level: 'critical', confidence: 0.8429, signals, reasons: ['abuseipdb: abuse_confidence is 90, 0.9 × 0.6', 'feed:indicators: listed is 80, 0.8 × 0.8', 'feed:indicators: listed by cert', 'greynoise failed: it answers 500', 'virustotal does not know it'], sources_queried: ['abuseipdb', 'feed:indicators', 'greynoise', 'virustotal'], sources_failed: ['greynoise'], answers: [] } } };
    }
    return undefined;
  };
}
