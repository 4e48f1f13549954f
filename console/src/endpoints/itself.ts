import type { Table } from '../search/table';

const MOST = 20;

/** Warnings and worse among the status lines of a host. */
export const statusQuery = (id: string) => `device.uid = '${id}' unmapped.log_type = 'status' severity_id >= 2 | stats count, max(time) as last, max(severity_id) as severity by message | head ${MOST}`;
/** The newest word about each query that was or is left out. */
export const denylistedQuery = (id: string) => `device.uid = '${id}' metadata.log_name = 'pack_osquery-health_denylisted' | stats last(unmapped.action) as action, max(time) as last by unmapped.columns.name`;

export type Complaint = { message: string; severity: number; count: number; time: string };
export type Denylisted = { name: string; time: string };

const columns = (t: Table, ...names: string[]) => names.map((n) => t.columns.findIndex((c) => c.name === n));

export function complaints(t: Table): Complaint[] {
  const [message = 0, count = 0, last = 0, severity = 0] = columns(t, 'message', 'count', 'last', 'severity');
  return t.rows.map((r) => ({ message: String(r[message] ?? ''), count: Number(r[count]), time: String(r[last] ?? ''), severity: Number(r[severity]) })).toSorted((a, b) => b.time.localeCompare(a.time));
}

/** A row that was removed says that it is asked again. */
export function denylisted(t: Table): Denylisted[] {
  const [name = 0, action = 0, last = 0] = columns(t, 'unmapped.columns.name', 'action', 'last');
  return t.rows.filter((r) => r[action] !== 'removed').map((r) => ({ name: String(r[name] ?? ''), time: String(r[last] ?? '') }));
}
