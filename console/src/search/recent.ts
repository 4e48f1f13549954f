const KEY = 'marsad-queries';
const KEEP = 12;

export function recent(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter((q): q is string => typeof q === 'string').slice(0, KEEP) : [];
  } catch {
    return []; // somebody else wrote there
  }
}

export function remember(q: string): void {
  if (q.trim() === '') return;
  localStorage.setItem(KEY, JSON.stringify([q, ...recent().filter((r) => r !== q)].slice(0, KEEP)));
}
