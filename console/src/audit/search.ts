/** Which entries are shown. */
export type AuditFilters = {
  /** The beginning of actions, with its dot: `alert.` */
  action?: string;
  /** Who, whole. */
  actor?: string;
  /** On what: whole, or with a colon at its end all that begin so. */
  object?: string;
};

/** What the address of the audit log holds: what is shown of it, and whether its receiver is being looked at. */
export type AuditSearch = AuditFilters & { stream?: 'yes' };

const text = (x: unknown) => (typeof x === 'string' && x !== '' ? x.slice(0, 200) : undefined);

export const readSearch = (s: Record<string, unknown>): AuditSearch => ({ action: text(s.action), actor: text(s.actor), object: text(s.object), stream: s.stream === 'yes' ? 'yes' : undefined });
