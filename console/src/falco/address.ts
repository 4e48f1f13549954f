import { readSearch as readSpan, type HuntSearch } from '../search/range';

/** By what alerts are grouped, and the field that it is. */
export const GROUPS = [
  { value: 'rule', label: 'Rule', field: 'finding_info.title' },
  { value: 'severity', label: 'Severity', field: 'severity' },
  { value: 'namespace', label: 'Namespace', field: 'resources.namespace' },
  { value: 'pod', label: 'Pod', field: 'resources.name' },
  { value: 'image', label: 'Image', field: 'evidences.container.image.path' },
  { value: 'host', label: 'Host', field: 'device.hostname' },
  { value: 'tag', label: 'Tag', field: 'unmapped.tags' },
] as const;
export type Group = (typeof GROUPS)[number]['value'];

export const SHAPES = [{ value: 'bars', label: 'Bars' }, { value: 'pie', label: 'Pie' }, { value: 'treemap', label: 'Treemap' }] as const;
export type Shape = (typeof SHAPES)[number]['value'];

/** What the address holds: the time, what narrows the alerts, and how they are shown. */
export type FalcoSearch = Pick<HuntSearch, 'q' | 'last' | 'from' | 'to'> & { by?: Group; as?: Shape; area?: boolean; paused?: boolean; /** The rules are being looked at. */ rules?: boolean };

/** So far back without another word. */
export const USUAL = '1h';

const one = <T extends string>(x: unknown, of: readonly { value: T }[]) => of.find((o) => o.value === x)?.value;

export function readSearch(s: Record<string, unknown>): FalcoSearch {
  const { q, last, from, to } = readSpan(s);
  return { q, last, from, to, by: one(s.by, GROUPS), as: one(s.as, SHAPES), area: s.area === true || s.area === 'true' ? true : undefined, paused: s.paused === true || s.paused === 'true' ? true : undefined, rules: s.rules === true || s.rules === 'true' ? true : undefined };
}
