import type { Schemas } from '../api/client';
import { bytes, number } from '../ui/format';

export type Tenant = Schemas['Tenant'];
export type Quota = Schemas['TenantQuota'];
export type Template = Schemas['TenantTemplate'];
export type TemplateList = Schemas['TenantTemplateList'];

export function fits(t: Tenant, q: string | undefined): boolean {
  const word = q?.trim().toLowerCase() ?? '';
  return t.id.includes(word) || t.name.toLowerCase().includes(word);
}

const GB = 1_000_000_000;
const whole = (text: string, times = 1) => (text.trim() === '' ? null : Math.max(1, Math.round(Number(text) * times)));

/** Of the form's texts; empty is no limit. */
export const quotaOf = (perSecond: string, gigabytes: string, queries: string): Quota => ({ events_per_second: whole(perSecond), storage_bytes: whole(gigabytes, GB), queries: whole(queries) });

export const gigabytes = (bytes: number | null | undefined) => (bytes == null ? '' : String(bytes / GB));

/** How much of a limit is used, 0 to 1; undefined without one. */
export const share = (used: number, limit: number | null | undefined) => (limit == null ? undefined : Math.min(1, used / limit));

/** An id as it may be, made of a name. */
export const idOf = (name: string) => name.toLowerCase().normalize('NFKD').replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '').slice(0, 63).replace(/-+$/, '');

/** What a template gives, in words: what, and which. */
export function gives(t: Template): [string, string][] {
  const q = t.quota;
  const limits = [
    q.events_per_second == null ? '' : `${number(q.events_per_second)} events a second`,
    q.storage_bytes == null ? '' : `${bytes(q.storage_bytes)} of storage`,
    q.queries == null ? '' : `${number(q.queries)} ${q.queries === 1 ? 'query' : 'queries'} at once`,
  ].filter(Boolean);
  return [
    ['Quota', limits.join(', ') || 'no limits'],
    ['Roles', t.roles.map((r) => r.name).join(', ') || 'those that every tenant has'],
    ['Second factor', t.second_factor.length ? `for ${t.second_factor.join(', ')}` : 'not asked for'],
  ];
}
