export type Part = { text: string; hit: boolean };

/** The literal pieces of a pattern as a rule writes it: wildcards cut, escapes taken back. */
export function literals(pattern: string): string[] {
  const out: string[] = [];
  let cur = '';
  for (let i = 0; i < pattern.length; i++) {
    const c = pattern[i];
    const next = pattern[i + 1];
    if (c === '\\' && (next === '*' || next === '?' || next === '\\')) {
      cur += next;
      i++;
    } else if (c === '*' || c === '?') {
      if (cur) out.push(cur);
      cur = '';
    } else cur += c;
  }
  if (cur) out.push(cur);
  return out;
}

/** What a rule's pattern asks: the field by the rule's own name, Sigma's modifiers and the value. */
export type Asked = { field: string; how: readonly string[]; value: string };
const MODIFIERS = new Set(['all', 'base64', 'base64offset', 'cased', 'cidr', 'contains', 'endswith', 'exists', 'expand', 'fieldref', 'gt', 'gte', 'i', 'lt', 'lte', 'm', 'neq', 're', 's', 'startswith', 'utf16', 'utf16be', 'utf16le', 'wide', 'windash']);

/** Reads `TargetImage: endswith \\lsass.exe`; a pattern that is written otherwise is all value. */
export function asked(pattern: string): Asked {
  const named = /^([^\s:]+): (.*)$/s.exec(pattern);
  let value = named?.[2] ?? pattern;
  const how: string[] = [];
  for (let word = /^([a-z0-9]+) (?=.)/s.exec(value); word && MODIFIERS.has(word[1]!); word = /^([a-z0-9]+) (?=.)/s.exec(value)) {
    how.push(word[1]!);
    value = value.slice(word[0].length);
  }
  return { field: named?.[1] ?? '', how, value };
}

const LONGEST_FOR_EXPRESSION = 4000;

/** Where the pattern is in the value; undefined where it cannot be found as text (an encoded value, an address range). */
function found(value: string, pattern: string): [number, number][] | undefined {
  const q = asked(pattern);
  if (q.how.includes('re')) return value.length > LONGEST_FOR_EXPRESSION ? undefined : foundByExpression(value, q);
  const low = value.toLowerCase();
  for (const candidate of [q.value, q.value.replaceAll('\\\\', '\\'), pattern]) {
    const pieces = literals(candidate);
    const spans: [number, number][] = [];
    const last = pieces.length === 1 && (q.how.includes('endswith') || (candidate.startsWith('*') && !candidate.endsWith('*')));
    let from = 0;
    for (const piece of pieces) {
      const at = last ? low.lastIndexOf(piece.toLowerCase()) : low.indexOf(piece.toLowerCase(), from);
      if (at < 0) break;
      spans.push([at, at + piece.length]);
      from = at + piece.length;
    }
    if (pieces.length > 0 && spans.length === pieces.length) return spans;
  }
  return undefined;
}

function foundByExpression(value: string, q: Asked): [number, number][] | undefined {
  const flags = /^\(\?([a-z]+)\)/.exec(q.value);
  try {
    const m = new RegExp(flags ? q.value.slice(flags[0].length) : q.value, q.how.includes('i') || flags?.[1]?.includes('i') ? 'i' : '').exec(value);
    return m && m[0] !== '' ? [[m.index, m.index + m[0].length]] : undefined;
  } catch {
    return undefined; // written for another engine; the rule did match, only where is not known here
  }
}

/**
 * Where in `value` the patterns are, in parts that join to `value` again. A pattern that cannot be found as text marks all of the
 * value: the rule did match it.
 */
export function highlight(value: string, ...patterns: readonly (string | undefined)[]): Part[] {
  const spans = patterns.map((p) => (p ? found(value, p) : undefined));
  if (value === '' || spans.length === 0 || spans.every((s) => s === undefined)) return [{ text: value, hit: true }];
  return cut(value, spans.flatMap((s) => s ?? []));
}

/** Every place in `text` where one of `needles` is. */
export function highlightAll(text: string, needles: readonly string[]): Part[] {
  const low = text.toLowerCase();
  const spans: [number, number][] = [];
  for (const n of needles) {
    if (n.length < 3) continue;
    const needle = n.toLowerCase();
    for (let at = low.indexOf(needle), k = 0; at >= 0 && k < 20; at = low.indexOf(needle, at + needle.length), k++) spans.push([at, at + needle.length]);
  }
  return cut(text, spans);
}

function cut(value: string, spans: [number, number][]): Part[] {
  const parts: Part[] = [];
  let at = 0;
  for (const [from, to] of spans.toSorted((a, b) => a[0] - b[0] || b[1] - a[1])) {
    if (to <= at) continue;
    const start = Math.max(from, at);
    if (start > at) parts.push({ text: value.slice(at, start), hit: false });
    const before = parts.at(-1);
    if (before?.hit) before.text += value.slice(start, to);
    else parts.push({ text: value.slice(start, to), hit: true });
    at = to;
  }
  if (at < value.length) parts.push({ text: value.slice(at), hit: false });
  return parts;
}
