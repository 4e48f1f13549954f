import type { FieldValue } from '../api/client';

const two = (n: number) => (n < 10 ? `0${n}` : `${n}`);
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const count = new Intl.NumberFormat('en');
const short = new Intl.NumberFormat('en', { notation: 'compact', maximumFractionDigits: 1 });

export const number = (n: number) => count.format(n);
export const compact = (n: number) => (Math.abs(n) < 10_000 ? count.format(n) : short.format(n));

/** 07:59:29, or 20 Nov 07:59 when that is not today; plain arithmetic, as Intl is the dearest call of a scrolled frame. */
export function when(iso: string, today = new Date()): string {
  const d = new Date(iso);
  const clock = `${two(d.getHours())}:${two(d.getMinutes())}`;
  if (d.toDateString() === today.toDateString()) return `${clock}:${two(d.getSeconds())}`;
  return d.getFullYear() === today.getFullYear() ? `${two(d.getDate())} ${MONTHS[d.getMonth()]} ${clock}` : `${two(d.getDate())} ${MONTHS[d.getMonth()]} ${d.getFullYear()}`;
}

/** 21 Nov 2026 07:59:29.123 in the reader's zone. */
export function exact(iso: string): string {
  const d = new Date(iso);
  return `${d.getDate()} ${MONTHS[d.getMonth()]} ${d.getFullYear()} ${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}.${String(d.getMilliseconds()).padStart(3, '0')}`;
}

/** "12 s ago", "3 min ago", "2 h ago", "4 d ago". */
export function ago(iso: string, now: number): string {
  const s = Math.round((now - Date.parse(iso)) / 1000);
  if (s < 5) return 'just now';
  if (s < 90) return `${s} s ago`;
  if (s < 90 * 60) return `${Math.round(s / 60)} min ago`;
  if (s < 36 * 3600) return `${Math.round(s / 3600)} h ago`;
  return `${Math.round(s / 86_400)} d ago`;
}

export function bytes(n: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let u = 0;
  while (n >= 1000 && u < units.length - 1) {
    n /= 1000;
    u++;
  }
  return `${n >= 100 || u === 0 ? Math.round(n) : n.toFixed(1)} ${units[u]}`;
}

/** A host's own name; its domain is left to the tooltip. */
export const shortHost = (h: string) => (/^[\d.]+$|:/.test(h) ? h : (h.split('.')[0] ?? h));

/** windows/process_creation/sysmon, without the parts that are empty. */
export const logSource = (s: string | undefined) => s?.split('/').filter(Boolean).join('/') ?? '';

export const words = (s: string) => s.replaceAll('_', ' ');

/** A field's values, each as text. */
export function texts(v: FieldValue | undefined): string[] {
  if (v === undefined || v === null) return [];
  if (Array.isArray(v)) return v.map((x) => (typeof x === 'object' ? JSON.stringify(x) : String(x)));
  return [String(v)];
}

/** 21 Nov of an instant's day in UTC, with the year where it is not this one. */
export function day(iso: string): string {
  const d = new Date(iso);
  return `${d.getUTCDate()} ${MONTHS[d.getUTCMonth()]}${d.getUTCFullYear() === new Date().getUTCFullYear() ? '' : ` ${d.getUTCFullYear()}`}`;
}

/** 21 Nov 07:59 in the reader's zone, whatever day it is. */
export function moment(iso: string): string {
  const d = new Date(iso);
  return `${d.getDate()} ${MONTHS[d.getMonth()]}${d.getFullYear() === new Date().getFullYear() ? '' : ` ${d.getFullYear()}`} ${two(d.getHours())}:${two(d.getMinutes())}`;
}

/** Whoever did something, as people call them: parts of the platform by what they do. */
export const actor = (name: string) => (name.startsWith('system:') ? name.slice(7).replaceAll('-', ' ') : name);
