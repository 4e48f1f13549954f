const PATH = /^[A-Za-z_@][\w@.-]*$/;

/** A literal of the search language: in single quotes nothing has a meaning of its own, and a quote is doubled. */
export const quote = (s: string) => `'${s.replaceAll("'", "''")}'`;

/** The field as a query names it: in backquotes where it has to be. */
export const fieldName = (field: string) => (PATH.test(field) ? field : `\`${field.replaceAll('`', '``')}\``);

/** `field = 'value'`, or its opposite. */
export function clause(field: string, value: string, include: boolean): string {
  return `${fieldName(field)} ${include ? '=' : '!='} ${quote(value)}`;
}

/** `query and clause`; the query is put in parentheses where "or" would reach further than it should. */
export function combine(query: string, add: string): string {
  const q = query.trim();
  if (q === '') return add;
  if (q.includes(add)) return q;
  const bare = q.replace(/"(?:\\.|[^"\\])*"|'(?:''|[^'])*'|`(?:``|[^`])*`/g, '');
  return `${/\bor\b/i.test(bare) ? `(${q})` : q} and ${add}`;
}
