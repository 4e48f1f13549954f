import type { Schemas } from '../api/client';
import type { HuntsSearch } from './search';

export type Hunt = Schemas['Hunt'];
export type RuleHits = Schemas['RuleHits'];

export const underWay = (h: Hunt) => h.state === 'waiting' || h.state === 'running';
export const ruleIds = (s: HuntsSearch) => [...new Set((s.rules ?? '').split(',').map((r) => r.trim()).filter(Boolean))];

const DAY_MS = 86_400_000;
const MOST_BARS = 62;

export type Bar = { from: string; to: string; hits: number };

/** Hits per day (UTC, as the platform counts them), days without any among them; several days a bar where there are many. */
export function bars(h: Pick<Hunt, 'from' | 'to' | 'rules'>, rule?: string): Bar[] {
  const counts = new Map<string, number>();
  for (const r of h.rules) if (rule === undefined || r.rule_id === rule) for (const d of r.days) counts.set(d.day, (counts.get(d.day) ?? 0) + d.hits);
  const first = Math.floor(Date.parse(h.from) / DAY_MS);
  const last = Math.floor((Date.parse(h.to) - 1) / DAY_MS);
  const width = Math.max(1, Math.ceil((last - first + 1) / MOST_BARS));
  const out: Bar[] = [];
  for (let day = first; day <= last; day += width) {
    let hits = 0;
    for (let d = day; d < day + width; d++) hits += counts.get(iso(d).slice(0, 10)) ?? 0;
    out.push({ from: later(iso(day), h.from), to: earlier(iso(day + width), h.to), hits });
  }
  return out;
}
const iso = (day: number) => new Date(day * DAY_MS).toISOString();
const later = (a: string, b: string) => (a > b ? a : b);
const earlier = (a: string, b: string) => (a < b ? a : b);

/** Hits a day over the whole range; a range below a day counts as one. */
export const perDay = (hits: number, h: Pick<Hunt, 'from' | 'to'>) => hits / Math.max(1, (Date.parse(h.to) - Date.parse(h.from)) / DAY_MS);

export type Sample = { at: number; progress: number };

/** Milliseconds until the end, from how fast it was while it was watched; nothing until that can be told. */
export function timeLeft(first: Sample | undefined, now: Sample): number | undefined {
  if (!first || now.progress - first.progress < 0.01 || now.at - first.at < 500) return undefined;
  return ((1 - now.progress) * (now.at - first.at)) / (now.progress - first.progress);
}

/** About 40 s, about 3 min. */
export function about(ms: number): string {
  const s = Math.max(1, Math.round(ms / 1000));
  return s < 90 ? `about ${s} s` : s < 5400 ? `about ${Math.round(s / 60)} min` : `about ${Math.round(s / 3600)} h`;
}

const MOST_RAISED = 10_000;

/** What raising would do, in words for the one who decides. */
export function raising(h: Hunt): string[] {
  const rules = h.rules.length;
  const count = Math.min(h.hits, MOST_RAISED).toLocaleString('en');
  return [
    `The hunt runs once more over the same time and makes ${h.hits > MOST_RAISED ? 'at most ' : 'up to '}${count} ${h.hits === 1 ? 'alert' : 'alerts'} of ${rules === 1 ? 'one rule' : `${rules} rules`} in the queue, in everybody's.`,
    'What the live stream has raised already is not raised again: an alert of the same thing has the same id.',
    'Alerts that are there stay; taking them back means closing them.',
    ...(h.hits > MOST_RAISED ? [`It found ${h.hits.toLocaleString('en')}; no hunt raises more than ${MOST_RAISED.toLocaleString('en')}. Tune the rule first.`] : []),
  ];
}

/** The same question again, to be raised or changed. */
export const again = (h: Hunt, raise: boolean): Schemas['HuntRequest'] => ({ ...(h.rule ? { rule: h.rule } : h.rule_ids.length > 0 ? { rule_ids: h.rule_ids } : {}), from: h.from, to: h.to, raise });
