const SHOWN = ['sampled', 'model', 'escalate', 'auto_close', 'human_review'] as const;

/** What the address holds. */
export type DecisionSearch = { show?: (typeof SHOWN)[number]; try?: string };
export const readSearch = (s: Record<string, unknown>): DecisionSearch => ({ show: SHOWN.find((x) => x === s.show), try: typeof s.try === 'string' ? s.try.slice(0, 40) : undefined });
