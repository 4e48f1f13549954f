import { SEVERITIES, type Schemas } from '../api/client';

export type RuleSummary = Schemas['RuleSummary'];
export type RuleDetail = Schemas['RuleDetail'];
export type RuleStatus = Schemas['RuleStatus'];
export const RULE_STATUSES: readonly RuleStatus[] = ['stable', 'test', 'experimental', 'deprecated', 'unsupported'];

/** What the address of the rules holds. */
export type RulesSearch = { q?: string; level?: string; status?: string; rule?: string };

const list = <T extends string>(x: unknown, of: readonly T[]) => {
  const chosen = typeof x === 'string' ? of.filter((o) => x.split(',').includes(o)) : [];
  return chosen.length > 0 ? chosen.join(',') : undefined;
};
const text = (x: unknown, most: number) => (typeof x === 'string' && x !== '' ? x.slice(0, most) : typeof x === 'number' ? String(x) : undefined);

export const readSearch = (s: Record<string, unknown>): RulesSearch => ({ q: text(s.q, 200), level: list(s.level, SEVERITIES), status: list(s.status, RULE_STATUSES), rule: text(s.rule, 128) });

/** windows / process_creation, as a rule names the events that it is for. */
export const ruleSource = (r: Pick<RuleSummary, 'log_source' | 'kind'>) => [r.log_source.product, r.log_source.category, r.log_source.service].filter(Boolean).join(' / ') || (r.kind === 'correlation' ? 'other rules' : 'any event');

const TECHNIQUE = /^attack\.(t\d{4}(?:\.\d{3})?)$/i;
const TACTIC = /^attack\.([a-z][a-z_-]+)$/i;

/** T1059.001 of attack.t1059.001. */
export const techniques = (tags: readonly string[]) => tags.flatMap((t) => TECHNIQUE.exec(t)?.[1]?.toUpperCase() ?? []);
/** "defense evasion" of attack.defense-evasion. */
export const tactics = (tags: readonly string[]) => tags.flatMap((t) => (TECHNIQUE.test(t) ? [] : (TACTIC.exec(t)?.[1]?.replaceAll(/[-_]/g, ' ') ?? [])));
export const otherTags = (tags: readonly string[]) => tags.filter((t) => !TECHNIQUE.test(t) && !TACTIC.test(t));

export const techniqueLink = (t: string) => `https://attack.mitre.org/techniques/${t.replace('.', '/')}/`;
