/** What the address of the page holds: words of an id or a name, and whether a new one is being made. */
export type TenantSearch = { q?: string; new?: 'tenant' };

export const readSearch = (s: Record<string, unknown>): TenantSearch => ({
  q: typeof s.q === 'string' && s.q !== '' ? s.q.slice(0, 100) : undefined,
  new: s.new === 'tenant' ? 'tenant' : undefined,
});
