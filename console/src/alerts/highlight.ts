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

const whole = (value: string): Part[] => [{ text: value, hit: true }];

/**
 * Where in `value` the pattern is, in parts that join to `value` again. A pattern that cannot be found as text (an expression,
 * an address range) marks all of the value: the rule did match it.
 */
export function highlight(value: string, pattern: string | undefined): Part[] {
  if (value === '' || !pattern) return whole(value);
  const low = value.toLowerCase();
  for (const candidate of [pattern, pattern.replaceAll('\\\\', '\\')]) {
    const pieces = literals(candidate);
    const spans: [number, number][] = [];
    const last = pieces.length === 1 && candidate.startsWith('*') && !candidate.endsWith('*');
    let from = 0;
    for (const piece of pieces) {
      const at = last ? low.lastIndexOf(piece.toLowerCase()) : low.indexOf(piece.toLowerCase(), from);
      if (at < 0) break;
      spans.push([at, at + piece.length]);
      from = at + piece.length;
    }
    if (pieces.length > 0 && spans.length === pieces.length) return cut(value, spans);
  }
  return whole(value);
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
    if (from < at) continue;
    if (from > at) parts.push({ text: value.slice(at, from), hit: false });
    parts.push({ text: value.slice(from, to), hit: true });
    at = to;
  }
  if (at < value.length) parts.push({ text: value.slice(at), hit: false });
  return parts;
}
