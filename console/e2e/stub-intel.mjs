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
  return (method, path, body, query) => {
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
