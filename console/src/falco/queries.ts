import { answer, api } from '../api/client';
import { combine } from '../search/clause';
import { span } from '../search/range';
import { table as ask, type Span, type Table } from '../search/table';
import { USUAL, type Group, GROUPS } from './address';

/** Alerts of Falco, by whatever way they came. */
export const BASE = "metadata.product.name = 'Falco'";
/** What agents say of the Falcos beside them. */
export const SENSORS = "app.name = 'Falco' metadata.log_name = 'falco_sensor'";

const NEWEST = 100;
const POINTS = 60;
const SPANS_MS = [1_000, 5_000, 10_000, 30_000, 60_000, 300_000, 600_000, 1_800_000, 3_600_000, 10_800_000, 86_400_000];

export const alertsOf = (q: string | undefined) => (q ? combine(BASE, `(${q})`) : BASE);
export const at = (s: Span, now = Date.now()) => span({ ...s, last: s.last ?? USUAL }, now);

/** A length of which about sixty make the span; as the query language has it. */
export function step(from: string, to: string): string {
  const wanted = (Date.parse(to) - Date.parse(from)) / POINTS;
  const ms = SPANS_MS.find((x) => x >= wanted) ?? SPANS_MS.at(-1)!;
  return ms % 60_000 === 0 ? `${ms / 60_000}m` : `${ms / 1000}s`;
}

export const overTime = (q: string | undefined, from: string, to: string) => `${alertsOf(q)} | timechart span=${step(from, to)} count by severity`;
export const grouped = (q: string | undefined, by: Group) => `${alertsOf(q)} | stats count by ${GROUPS.find((g) => g.value === by)!.field} | head 40`;
export const counts = (q: string | undefined) => `${alertsOf(q)} | stats count, dc(finding_info.title) as rules, dc(device.hostname) as hosts, dc(evidences.container.uid) as containers`;

/** A table that the server computes. */
export const table = (query: string, s: Span, signal: AbortSignal): Promise<Table> => ask(query, at(s), signal);

export const newest = (q: string | undefined, s: Span, signal: AbortSignal) => answer(api.POST('/v1/events/search', { body: { query: alertsOf(q), ...at(s), limit: NEWEST }, signal }));

const SEVERITIES = ['unknown', 'informational', 'low', 'medium', 'high', 'critical', 'fatal'] as const;
export const severity = (x: unknown) => SEVERITIES[Number(x)] ?? String(x);

/** The same with severities by their names. */
export function named(t: Table): Table {
  const i = t.columns.findIndex((c) => c.name === 'severity');
  const columns = t.columns.map((c) => (/^[0-6]$/.test(c.name) ? { ...c, name: severity(c.name) } : c));
  return { columns, rows: i < 0 ? t.rows : t.rows.map((r) => r.map((v, at) => (at === i ? severity(v) : v))) };
}

export type Sensor = { host: string; state: 'connected' | 'away'; version: string; last: string; /** SHA-256 of our rules that it has; empty: none. */ rules: string; /** Why it does not have them. */ trouble: string };

/** One row for each host: its newest word. */
export function sensors(t: Table): Sensor[] {
  const col = (name: string) => t.columns.findIndex((c) => c.name === name);
  const [host, activity, version, last, rules, trouble] = [col('device.hostname'), col('activity'), col('version'), col('last'), col('rules'), col('trouble')];
  const said = (x: unknown) => (typeof x === 'string' ? x : '');
  return t.rows.map((r) => ({ host: String(r[host] ?? ''), state: r[activity] === 'Start' ? ('connected' as const) : ('away' as const), version: String(r[version] ?? ''), last: String(r[last] ?? ''), rules: said(r[rules]), trouble: said(r[trouble]) })).toSorted((a, b) => a.host.localeCompare(b.host));
}
export const SENSOR_QUERY = `${SENSORS} | stats last(activity_name) as activity, last(app.version) as version, max(time) as last, last(unmapped.rules_sha256) as rules, last(unmapped.rules_trouble) as trouble by device.hostname`;
