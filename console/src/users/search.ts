/** What the address of the screen holds. */
export type UsersSearch = {
  tab?: 'roles' | 'providers';
  /** The user, role or provider that is chosen. */
  at?: string;
  /** Words of a name. */
  q?: string;
  role?: string;
  new?: 'user' | 'role' | 'provider';
};

const text = (x: unknown) => (typeof x === 'string' && x !== '' ? x.slice(0, 128) : undefined);

export const readSearch = (s: Record<string, unknown>): UsersSearch => ({
  tab: s.tab === 'roles' || s.tab === 'providers' ? s.tab : undefined,
  at: text(s.at),
  q: text(s.q),
  role: text(s.role),
  new: s.new === 'user' || s.new === 'role' || s.new === 'provider' ? s.new : undefined,
});
