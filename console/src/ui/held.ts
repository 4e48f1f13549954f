import { useState } from 'react';

type Held<T> = { rows: readonly (T & { gone?: boolean })[]; fresh: number; show: () => void };

/**
 * Rows where the reader left them: what changes changes in its row, what is new waits until it is asked for, what is no longer
 * among them stays and says so.
 *
 * @param key of the question; another one begins anew
 * @param hold whether somebody reads it; otherwise new rows come by themselves
 */
export function useHeld<T extends { id: string }>(rows: readonly T[] | undefined, key: string, hold: boolean): Held<T> {
  const [kept, setKept] = useState<{ key: string; rows: readonly T[] }>({ key, rows: rows ?? [] });
  const now = new Map(rows?.map((r) => [r.id, r]));
  const anew = rows !== undefined && (kept.key !== key || kept.rows.length === 0 || !hold);
  if (anew && (kept.key !== key || !same(kept.rows, rows))) setKept({ key, rows });
  const before = anew ? rows : kept.key === key ? kept.rows : [];
  const at = new Set(before.map((r) => r.id));
  // What follows the last row moves none: older ones that were asked for, or the newest of a list that begins with the oldest.
  const behind = anew || rows === undefined ? [] : rows.slice(rows.findLastIndex((r) => at.has(r.id)) + 1).filter((r) => !at.has(r.id));
  const shown = behind.length > 0 ? [...before, ...behind] : before;
  if (behind.length > 0) setKept({ key, rows: shown });
  behind.forEach((r) => at.add(r.id));
  return {
    rows: shown.map((r) => now.get(r.id) ?? (rows === undefined ? r : { ...r, gone: true })),
    fresh: [...now.keys()].filter((id) => !at.has(id)).length,
    show: () => { if (rows) setKept({ key, rows }); },
  };
}

const same = (a: readonly unknown[], b: readonly unknown[]) => a.length === b.length && a.every((x, i) => x === b[i]);
