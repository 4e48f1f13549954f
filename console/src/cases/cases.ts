import { queryOptions } from '@tanstack/react-query';
import { Refused, answer, api, type Entity, type Schemas, type Severity } from '../api/client';
import type { CaseStatus, CasesSearch, Tab } from './address';
import { refetching } from './live';

export type Case = Schemas['Case'];
export type CaseDetail = Schemas['CaseDetail'];
export type CasePage = Schemas['CasePage'];
export type Linked = CaseDetail['alerts'][number];
export type Link = CaseDetail['links'][number];

/** Somebody changed the same meanwhile; what it is now. */
export class Meanwhile extends Error {
  constructor(readonly now: CaseDetail) {
    super(`Somebody was quicker: it is ${now.severity}, of ${now.assignee ?? 'nobody'}, called “${now.title}”`);
  }
}

/** Changes one thing unless somebody changed that very thing since `d` was read; what else has changed does not matter. */
export async function change<F extends 'title' | 'severity' | 'assignee'>(d: CaseDetail, field: F, value: NonNullable<Schemas['CaseUpdate'][F]>): Promise<Case> {
  for (let version = d.version; ; ) {
    try {
      return await acts.edit(d.id, { [field]: value, version });
    } catch (e) {
      if (!(e instanceof Refused && e.status === 409)) throw e;
      const now = await answer(api.GET('/v1/cases/{id}', { params: path(d.id) }));
      if (now[field] !== d[field] || now.version === version) throw new Meanwhile(now);
      version = now.version;
    }
  }
}

export const ACTIVE: readonly CaseStatus[] = ['open', 'investigating', 'contained'];
export const TABS: readonly { value: Tab; label: string }[] = [
  { value: 'story', label: 'Story' },
  { value: 'timeline', label: 'Timeline' },
  { value: 'alerts', label: 'Alerts' },
  { value: 'evidence', label: 'Evidence' },
  { value: 'entities', label: 'Entities' },
  { value: 'response', label: 'Response' },
  { value: 'notes', label: 'Tasks and notes' },
  { value: 'report', label: 'Report' },
];

/** What a case may become: the server's table. */
export const NEXT: Record<CaseStatus, readonly CaseStatus[]> = {
  open: ['investigating', 'contained', 'resolved', 'closed', 'false_positive'],
  investigating: ['open', 'contained', 'resolved', 'closed', 'false_positive'],
  contained: ['investigating', 'resolved', 'closed', 'false_positive'],
  resolved: ['open', 'investigating', 'closed', 'false_positive'],
  closed: ['open', 'investigating'],
  false_positive: ['open', 'investigating'],
};

const list = <T extends string>(s: string | undefined) => s?.split(',').filter(Boolean) as T[] | undefined;

/** Without a word about the status, those that are at work. */
export const pageOf = (s: CasesSearch) =>
  queryOptions({
    queryKey: ['cases', s.view, s.status, s.severity, s.q],
    queryFn: ({ signal }) => answer(api.GET('/v1/cases', { params: { query: { view: s.view, status: list<CaseStatus>(s.status) ?? [...ACTIVE], severity: list<Severity>(s.severity), q: s.q, limit: 200 } }, signal })),
    refetchInterval: refetching,
  });

export const caseOf = (id: string) => queryOptions({ queryKey: ['case', id], queryFn: ({ signal }) => answer(api.GET('/v1/cases/{id}', { params: { path: { id } }, signal })), refetchInterval: refetching });
export const PEOPLE = queryOptions({ queryKey: ['case-people'], queryFn: ({ signal }) => answer(api.GET('/v1/cases/assignees', { signal })), staleTime: 60_000 });
export const relatedTo = (id: string) => queryOptions({ queryKey: ['case-related', id], queryFn: ({ signal }) => answer(api.GET('/v1/cases/{id}/related', { params: { path: { id } }, signal })), staleTime: 30_000 });
export const evidenceOf = (id: string) => queryOptions({ queryKey: ['case-evidence', id], queryFn: ({ signal }) => answer(api.GET('/v1/cases/{id}/evidence', { params: { path: { id } }, signal })) });

const path = (id: string) => ({ path: { id } });
export const acts = {
  edit: (id: string, body: Schemas['CaseUpdate']) => answer(api.PATCH('/v1/cases/{id}', { params: path(id), body })),
  move: (id: string, body: Schemas['CaseTransition']) => answer(api.POST('/v1/cases/{id}/transition', { params: path(id), body })),
  comment: (id: string, comment: string) => answer(api.POST('/v1/cases/{id}/comments', { params: path(id), body: { comment } })),
  task: (id: string, title: string) => answer(api.POST('/v1/cases/{id}/tasks', { params: path(id), body: { title } })),
  done: (id: string, task: string, done: boolean) => answer(api.PUT('/v1/cases/{id}/tasks', { params: path(id), body: { task, done } })),
  observable: (id: string, body: Schemas['CaseObservableContent']) => answer(api.POST('/v1/cases/{id}/observables', { params: path(id), body })),
  link: (id: string, body: Schemas['CaseAlertChange']) => answer(api.POST('/v1/cases/{id}/alerts', { params: path(id), body })),
  merge: (id: string, body: Schemas['CaseMerge']) => answer(api.POST('/v1/cases/{id}/merge', { params: path(id), body })),
  split: (id: string, body: Schemas['CaseSplit']) => answer(api.POST('/v1/cases/{id}/split', { params: path(id), body })),
  undo: (id: string) => answer(api.POST('/v1/cases/{id}/undo', { params: path(id), body: {} })),
  prove: (id: string, body: Schemas['CaseEvidenceContent']) => answer(api.POST('/v1/cases/{id}/evidence', { params: path(id), body })),
  verify: (id: string) => answer(api.GET('/v1/cases/{id}/evidence/verify', { params: path(id) })),
  give: (id: string, reason: string) => answer(api.POST('/v1/cases/{id}/evidence/export', { params: path(id), body: { reason } })),
  report: (id: string) => answer<string>(api.GET('/v1/cases/{id}/report', { params: path(id), parseAs: 'text' }) as Promise<{ data?: string; response: Response }>),
};

const MOST_EVENTS = 20;

/** An alert with the events that it rests on, as they are now: taken into the chain of custody. */
export async function keepAlert(id: string, alert: string) {
  const detail = await answer(api.GET('/v1/alerts/{id}', { params: path(alert) }));
  const events = await Promise.all(detail.evidence.slice(0, MOST_EVENTS).map((e) => answer(api.GET('/v1/events/{id}', { params: path(e.event_id) })).catch((x: unknown) => ({ id: e.event_id, missing: x instanceof Error ? x.message : String(x) }))));
  const content = new TextEncoder().encode(JSON.stringify({ alert: detail, events }, null, 2));
  return acts.prove(id, { name: `alert-${alert}.json`, media_type: 'application/json', note: `${detail.title}, with ${events.length === 1 ? '1 event' : `${events.length} events`}`, content: await base64({ arrayBuffer: async () => content.buffer }) });
}

/** "in 12 min", "3 h late". */
export function left(due: string, now: number): string {
  const s = Math.round((Date.parse(due) - now) / 1000);
  const a = Math.abs(s);
  const said = a < 90 ? `${a} s` : a < 90 * 60 ? `${Math.round(a / 60)} min` : a < 36 * 3600 ? `${Math.round(a / 3600)} h` : `${Math.round(a / 86_400)} d`;
  return s < 0 ? `${said} late` : `in ${said}`;
}

export type Named = { type: Entity['type']; value: string; field: string; alerts: string[] };

/** Who and what a case is about: each once, what most alerts name first. */
export function named(alerts: readonly Linked[]): Named[] {
  const by = new Map<string, Named>();
  for (const { alert } of alerts)
    for (const e of alert.entities) {
      const key = `${e.type} ${e.value.toLowerCase()}`;
      const one = by.get(key) ?? { type: e.type, value: e.value, field: e.field, alerts: [] };
      if (!one.alerts.includes(alert.id)) one.alerts.push(alert.id);
      by.set(key, one);
    }
  return [...by.values()].toSorted((a, b) => b.alerts.length - a.alerts.length || Number(a.type === 'hash') - Number(b.type === 'hash') || a.type.localeCompare(b.type) || a.value.localeCompare(b.value));
}

export const SHOWN_ALERTS = 80;
export const SHOWN_LANES = 14;
export type Picture = { columns: readonly Linked[]; lanes: readonly Named[]; at: readonly (readonly number[])[]; arcs: readonly { from: number; to: number; link: Link }[]; hidden: number };

/**
 * The story as a picture: alerts from left to right as they happened, a lane for each of those who are named most, a dot where
 * an alert names one, an arc where two alerts were found to belong together.
 */
export function picture(detail: Pick<CaseDetail, 'alerts' | 'links'>): Picture {
  const columns = detail.alerts.slice(0, SHOWN_ALERTS);
  const lanes = named(columns).filter((n) => n.type !== 'hash' && n.type !== 'file').slice(0, SHOWN_LANES);
  const column = new Map(columns.map((c, i) => [c.alert.id, i]));
  const arcs = detail.links.flatMap((link) => {
    const from = column.get(link.earlier);
    const to = column.get(link.later);
    return from === undefined || to === undefined ? [] : [{ from, to, link }];
  });
  return { columns, lanes, at: columns.map((c) => lanes.flatMap((n, i) => (n.alerts.includes(c.alert.id) ? [i] : []))), arcs, hidden: detail.alerts.length - columns.length };
}

export type Moment = { at: string; what: string; detail: string; by?: string; alert?: string; severity?: Severity };

/** What happened and what was done about it, as one list. */
export function timeline(d: CaseDetail): Moment[] {
  return [
    ...d.alerts.map(({ alert }) => ({ at: alert.first_time, what: alert.title, detail: alert.count > 1 ? `fired ${alert.count} times` : '', alert: alert.id, severity: alert.severity })),
    ...d.history.map((h) => ({ at: h.at, what: h.action.replaceAll('_', ' '), detail: h.detail, by: h.actor })),
  ].toSorted((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

/** A file as base64. */
export async function base64(file: { arrayBuffer: () => Promise<ArrayBuffer> }): Promise<string> {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = '';
  for (let i = 0; i < bytes.length; i += 0x8000) text += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return btoa(text);
}

/** Has the browser save it. */
export function save(name: string, content: string, type: string) {
  const url = URL.createObjectURL(new Blob([content], { type }));
  const a = document.createElement('a');
  a.href = url;
  a.download = name;
  a.click();
  URL.revokeObjectURL(url);
}
