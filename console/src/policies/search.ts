/** What the address holds: a group, and whether its policy is being edited. */
export type PoliciesSearch = { group?: string; edit?: boolean };

export const readSearch = (s: Record<string, unknown>): PoliciesSearch => ({ group: typeof s.group === 'string' && s.group !== '' ? s.group.slice(0, 100) : typeof s.group === 'number' ? String(s.group) : undefined, edit: s.edit === true || s.edit === 'true' ? true : undefined });
