import { SEVERITIES, STATUSES, type Alert, type AlertStatus, type Severity } from '../api/client';

/** What the address of the queue holds. No status means the open ones. */
export type QueueSearch = {
  status?: string;
  severity?: string;
  q?: string;
  entity?: string;
  rule?: string;
  tag?: string;
  from?: string;
  to?: string;
  alert?: string;
  tab?: EvidenceTab;
};
export type EvidenceTab = 'fields' | 'ocsf' | 'raw';

export type Filter = { status: AlertStatus[]; severity: Severity[]; q?: string; entity?: string; rule_id?: string; tag?: string; from?: string; to?: string };

export const OPEN: readonly AlertStatus[] = ['new', 'in_progress'];
const text = (x: unknown) => (typeof x === 'string' && x !== '' ? x : typeof x === 'number' ? String(x) : undefined);
const instant = (x: unknown) => (typeof x === 'string' && !Number.isNaN(Date.parse(x)) ? x : undefined);
/** Those words of a list with commas that are known. */
export const list = <T extends string>(x: unknown, of: readonly T[]) => {
  const chosen = typeof x === 'string' ? of.filter((o) => x.split(',').includes(o)) : [];
  return chosen.length > 0 ? chosen.join(',') : undefined;
};

export function readSearch(s: Record<string, unknown>): QueueSearch {
  return {
    status: list(s.status, STATUSES),
    severity: list(s.severity, SEVERITIES),
    q: text(s.q)?.slice(0, 200),
    entity: text(s.entity)?.slice(0, 512),
    rule: text(s.rule)?.slice(0, 128),
    tag: text(s.tag)?.slice(0, 64),
    from: instant(s.from),
    to: instant(s.to),
    alert: text(s.alert),
    tab: s.tab === 'ocsf' || s.tab === 'raw' ? s.tab : undefined,
  };
}

export function toFilter(s: QueueSearch): Filter {
  return {
    status: s.status ? (s.status.split(',') as AlertStatus[]) : [...OPEN],
    severity: s.severity ? (s.severity.split(',') as Severity[]) : [],
    q: s.q,
    entity: s.entity,
    rule_id: s.rule,
    tag: s.tag,
    from: s.from,
    to: s.to,
  };
}

/** The same question that the server answers, for alerts that arrive on the stream. */
export function fits(a: Alert, f: Filter): boolean {
  const title = a.title.toLowerCase();
  const t = Date.parse(a.time);
  return (
    (f.status.length === 0 || f.status.includes(a.status)) &&
    (f.severity.length === 0 || f.severity.includes(a.severity)) &&
    (f.rule_id === undefined || a.rule_id === f.rule_id) &&
    (f.tag === undefined || a.tags.includes(f.tag.toLowerCase())) &&
    (f.entity === undefined || a.entities.some((e) => e.value.toLowerCase() === f.entity?.toLowerCase())) &&
    (f.q === undefined || f.q.toLowerCase().split(/\s+/).every((w) => title.includes(w))) &&
    (f.from === undefined || t >= Date.parse(f.from)) &&
    (f.to === undefined || t < Date.parse(f.to))
  );
}
