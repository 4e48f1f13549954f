import type { Refused } from '../api/client';

const PLACE = /^query:(\d+)(?:-(\d+))?$/;

/** The columns that the server names, the first character being 1. */
export function wrongPlace(p: Refused | undefined): { from: number; to?: number } | undefined {
  const at = p?.errors.map((e) => PLACE.exec(e.where)).find((m) => m);
  return at ? { from: Number(at[1]), ...(at[2] ? { to: Number(at[2]) } : {}) } : undefined;
}

export function explain(p: Refused): string {
  const said = p.errors.map((e) => {
    const at = PLACE.exec(e.where);
    return `${at ? `Column ${at[1]}` : e.where}: ${e.reason}`;
  });
  return said.length > 0 ? said.join('\n') : p.message;
}
