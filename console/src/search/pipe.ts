/** The part of a query before its first stage: what events are looked at. */
export function filterOf(query: string): string {
  const at = firstPipe(query);
  return (at < 0 ? query : query.slice(0, at)).trim();
}

/** From the first `|` on, or nothing. */
export function stagesOf(query: string): string {
  const at = firstPipe(query);
  return at < 0 ? '' : query.slice(at).trim();
}

/** The query with another filter before its stages. */
export function withFilter(query: string, filter: string): string {
  return [filter, stagesOf(query)].filter(Boolean).join(' ');
}

/** A `|` in quotes is none. */
function firstPipe(query: string): number {
  const masked = query.replace(/"(?:\\.|[^"\\])*"?|'(?:''|[^'])*'?|`(?:``|[^`])*`?/g, (m) => ' '.repeat(m.length));
  return masked.indexOf('|');
}
