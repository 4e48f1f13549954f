/** What the address of the search holds: `last` (a length such as 24h) or `from` and `to`. */
export type HuntSearch = { q?: string; last?: string; from?: string; to?: string; event?: string; tab?: 'ocsf' | 'raw'; view?: 'table' | 'chart'; side?: 'off'; /** A rule that is run exactly; `q` narrows it. */ rule?: string; /** A rule whose text `q` is. */ of?: string; /** The saved search that was opened. */ saved?: string; /** Fields that are shown beside the time; none: a line that says what happened. */ cols?: string[] };

export const PRESETS = [
  ['15m', 'Last 15 minutes'],
  ['1h', 'Last hour'],
  ['4h', 'Last 4 hours'],
  ['24h', 'Last 24 hours'],
  ['7d', 'Last 7 days'],
  ['30d', 'Last 30 days'],
  ['90d', 'Last 90 days'],
  ['365d', 'Last year'],
] as const;
export const DEFAULT_LAST = '24h';

const UNIT: Record<string, number> = { m: 60_000, h: 3_600_000, d: 86_400_000 };
const LENGTH = /^(\d{1,4})([mhd])$/;
const instant = (x: unknown) => (typeof x === 'string' && !Number.isNaN(Date.parse(x)) ? x : undefined);

const id = (x: unknown) => (typeof x === 'string' && x !== '' ? x.slice(0, 128) : typeof x === 'number' ? String(x) : undefined);

/** As many columns as a saved search may have. */
const MOST_COLUMNS = 64;
const names = (x: unknown) => {
  const some = Array.isArray(x) ? [...new Set(x.filter((n): n is string => typeof n === 'string' && n !== '').map((n) => n.slice(0, 400)))].slice(0, MOST_COLUMNS) : [];
  return some.length > 0 ? some : undefined;
};

export function readSearch(s: Record<string, unknown>): HuntSearch {
  const from = instant(s.from);
  const to = instant(s.to);
  return {
    q: s.q === undefined || s.q === '' ? undefined : (typeof s.q === 'string' ? s.q : JSON.stringify(s.q)).slice(0, 16_384),
    last: !from && typeof s.last === 'string' && LENGTH.test(s.last) ? s.last : undefined,
    from,
    to: from ? to : undefined,
    event: typeof s.event === 'string' ? s.event : undefined,
    tab: s.tab === 'ocsf' || s.tab === 'raw' ? s.tab : undefined,
    view: s.view === 'table' || s.view === 'chart' ? s.view : undefined,
    side: s.side === 'off' ? 'off' : undefined,
    rule: id(s.rule),
    of: id(s.of),
    saved: id(s.saved),
    cols: names(s.cols),
  };
}

/** The instants that a search asks for, taken at `now`. */
export function span(s: Pick<HuntSearch, 'last' | 'from' | 'to'>, now: number): { from: string; to: string } {
  if (s.from) return { from: new Date(s.from).toISOString(), to: s.to ? new Date(s.to).toISOString() : new Date(now).toISOString() };
  const m = LENGTH.exec(s.last ?? DEFAULT_LAST);
  const length = m ? Number(m[1]) * UNIT[m[2]!]! : UNIT.d!;
  return { from: new Date(now - length).toISOString(), to: new Date(now).toISOString() };
}

const two = (n: number) => String(n).padStart(2, '0');

/** For an `<input type="datetime-local">`, in the reader's zone, to the second. */
export function toLocalInput(iso: string): string {
  const d = new Date(iso);
  return `${d.getFullYear()}-${two(d.getMonth() + 1)}-${two(d.getDate())}T${two(d.getHours())}:${two(d.getMinutes())}:${two(d.getSeconds())}`;
}

export function label(s: Pick<HuntSearch, 'last' | 'from' | 'to'>): string {
  if (!s.from) return PRESETS.find(([v]) => v === (s.last ?? DEFAULT_LAST))?.[1] ?? `Last ${s.last}`;
  const show = (iso: string) => toLocalInput(iso).replace('T', ' ');
  return s.to ? `${show(s.from)} – ${show(s.to)}` : `Since ${show(s.from)}`;
}

const DAY_MS = 86_400_000;

/** A span that has `time` in it: the usual one where that is enough, else half a day to each side. */
export function near(time: string, now = Date.now()): Pick<HuntSearch, 'from' | 'to'> {
  const t = Date.parse(time);
  if (now - t < DAY_MS * 0.95 && t <= now) return {};
  return { from: new Date(t - DAY_MS / 2).toISOString(), to: new Date(t + DAY_MS / 2).toISOString() };
}
