/** A cron expression of five fields: what it says in words, and when it is due. The platform decides; this is for reading along. */
export type Cron = { minutes: number[]; hours: number[]; days: number[]; months: number[]; weekdays: number[]; anyDay: boolean; anyWeekday: boolean; text: string[] };

const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];
const short = (names: readonly string[]) => names.map((n) => n.slice(0, 3).toLowerCase());
const FIELDS: readonly [name: string, from: number, to: number, names: readonly string[]][] = [
  ['minute', 0, 59, []],
  ['hour', 0, 23, []],
  ['day of the month', 1, 31, []],
  ['month', 1, 12, ['', ...short(MONTHS)]],
  ['day of the week', 0, 7, short(DAYS)],
];

/** The expression, or why it is none. */
export function parse(expression: string): Cron | string {
  const text = expression.trim().split(/\s+/);
  if (text.length !== 5) return `Five fields are needed: minute, hour, day of the month, month, day of the week. These are ${expression.trim() === '' ? 0 : text.length}.`;
  const read: number[][] = [];
  for (const [i, [name, from, to, names]] of FIELDS.entries()) {
    const values = field(text[i]!, from, to, names);
    if (values === undefined) return `The ${name} “${text[i]}” cannot be read: numbers from ${from} to ${to}, with , - / or *.`;
    read.push(values);
  }
  const [minutes, hours, days, months, week] = read as [number[], number[], number[], number[], number[]];
  return { minutes, hours, days, months, weekdays: [...new Set(week.map((d) => d % 7))].sort((a, b) => a - b), anyDay: text[2] === '*', anyWeekday: text[4] === '*', text };
}

function field(text: string, from: number, to: number, names: readonly string[]): number[] | undefined {
  const out = new Set<number>();
  const value = (s: string) => (/^\d+$/.test(s) ? Number(s) : s === '' ? -1 : names.indexOf(s.toLowerCase()));
  for (const part of text.split(',')) {
    const m = /^(\*|[\w]+)(?:-([\w]+))?(?:\/(\d+))?$/.exec(part);
    if (!m) return undefined;
    const step = m[3] === undefined ? 1 : Number(m[3]);
    const first = m[1] === '*' ? from : value(m[1]!);
    const last = m[1] === '*' || (m[2] === undefined && m[3] !== undefined) ? to : m[2] === undefined ? first : value(m[2]);
    if ((m[1] === '*' && m[2] !== undefined) || step < 1 || first < from || last > to || first > last) return undefined;
    for (let n = first; n <= last; n += step) out.add(n);
  }
  return [...out].sort((a, b) => a - b);
}

const two = (n: number) => String(n).padStart(2, '0');
const and = (words: readonly string[]) => (words.length < 2 ? (words[0] ?? '') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`);

/** "Every 15 minutes", "Monday to Friday at 07:00". */
export function describe(c: Cron): string {
  const [minute, hour, , month] = c.text as [string, string, string, string, string];
  const on = dayWords(c);
  const within = month === '*' ? '' : ` in ${and(c.months.map((m) => MONTHS[m - 1]!))}`;
  const every = /^\*(?:\/(\d+))?$/.exec(minute);
  if (every && hour === '*') return `${every[1] && every[1] !== '1' ? `Every ${every[1]} minutes` : 'Every minute'}${on === '' ? '' : `, ${lower(on)}`}${within}`;
  if (every) return `${every[1] && every[1] !== '1' ? `Every ${every[1]} minutes` : 'Every minute'} from ${and(ranges(c.hours).map(([a, b]) => `${two(a)}:00 to ${two(b)}:59`))}${on === '' ? '' : `, ${lower(on)}`}${within}`;
  const steps = /^\*\/(\d+)$/.exec(hour);
  const past = c.minutes.length === 1 && c.minutes[0] === 0 ? 'on the hour' : `at ${and(c.minutes.map((m) => `:${two(m)}`))}`;
  if (hour === '*') return `Every hour ${past}${on === '' ? '' : `, ${lower(on)}`}${within}`;
  if (steps && c.hours.length > 3) return `Every ${steps[1]} hours ${past}${on === '' ? '' : `, ${lower(on)}`}${within}`;
  const times = c.hours.flatMap((h) => c.minutes.map((m) => `${two(h)}:${two(m)}`));
  const at = times.length <= 6 ? and(times) : `${and(c.minutes.map((m) => `:${two(m)}`))} of ${and(ranges(c.hours).map(([a, b]) => (a === b ? `${two(a)} h` : `${two(a)} to ${two(b)} h`)))}`;
  return `${on === '' ? 'Every day' : on} at ${at}${within}`;
}
const lower = (s: string) => (/^(On|The|Every)\b/.test(s) ? s[0]!.toLowerCase() + s.slice(1) : s);

function dayWords(c: Cron): string {
  const week = c.anyWeekday ? '' : and(ranges(c.weekdays).map(([a, b]) => (a === b ? DAYS[a]! : `${DAYS[a]}${b === a + 1 ? ' and ' : ' to '}${DAYS[b]}`)));
  const month = c.anyDay ? '' : `On day ${and(ranges(c.days).map(([a, b]) => (a === b ? String(a) : `${a} to ${b}`)))} of the month`;
  return week && month ? `${month} and ${week}` : week || month;
}

function ranges(sorted: readonly number[]): [number, number][] {
  const out: [number, number][] = [];
  for (const n of sorted) {
    const last = out.at(-1);
    if (last && last[1] === n - 1) last[1] = n;
    else out.push([n, n]);
  }
  return out;
}

const LOOK_DAYS = 366 * 5;

/** The next times in a zone, as instants; a local time that a change of clocks leaves out is passed over. */
export function next(c: Cron, zone: string, after: number, count: number): number[] {
  const clock = new Intl.DateTimeFormat('en-CA', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' });
  const local = (t: number) => {
    const p = Object.fromEntries(clock.formatToParts(t).map((x) => [x.type, Number(x.value)]));
    return Date.UTC(p.year!, p.month! - 1, p.day, p.hour, p.minute);
  };
  const instant = (wall: number) => {
    let t = wall - (local(wall) - wall);
    t = wall - (local(t) - t);
    return local(t) === wall ? t : undefined;
  };
  const start = new Date(local(after));
  const out: number[] = [];
  for (let i = 0; i < LOOK_DAYS && out.length < count; i++) {
    const day = new Date(Date.UTC(start.getUTCFullYear(), start.getUTCMonth(), start.getUTCDate() + i));
    const inMonth = c.days.includes(day.getUTCDate());
    const inWeek = c.weekdays.includes(day.getUTCDay());
    const fits = c.anyDay || c.anyWeekday ? inMonth && inWeek : inMonth || inWeek;
    if (!fits || !c.months.includes(day.getUTCMonth() + 1)) continue;
    for (const h of c.hours) for (const m of c.minutes) {
      const t = instant(day.getTime() + (h * 60 + m) * 60_000);
      if (t !== undefined && t > after && out.length < count) out.push(t);
    }
  }
  return out;
}
