/** What the address of the hunts holds: one that is looked at, or one that is about to be started. */
export type HuntsSearch = {
  hunt?: string;
  /** Which rule's days and hits are shown, of a hunt with several. */
  rule?: string;
  new?: 'yes';
  /** Ids of rules to start with, by commas. */
  rules?: string;
  /** A hunt whose rule text is started from. */
  like?: string;
  last?: string;
  from?: string;
  to?: string;
};

const text = (x: unknown, most: number) => (typeof x === 'string' && x !== '' ? x.slice(0, most) : typeof x === 'number' ? String(x) : undefined);
const instant = (x: unknown) => (typeof x === 'string' && !Number.isNaN(Date.parse(x)) ? x : undefined);

export function readSearch(s: Record<string, unknown>): HuntsSearch {
  const from = instant(s.from);
  return {
    hunt: text(s.hunt, 64),
    rule: text(s.rule, 128),
    new: s.new === 'yes' ? 'yes' : undefined,
    rules: text(s.rules, 8_000),
    like: text(s.like, 64),
    last: !from && typeof s.last === 'string' && /^\d{1,4}[hd]$/.test(s.last) ? s.last : undefined,
    from,
    to: from ? instant(s.to) : undefined,
  };
}
