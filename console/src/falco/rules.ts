import { answer, api, type Schemas } from '../api/client';
import { hashes } from '../policies/packages';

export type Policy = Schemas['AgentPolicy'];
export type Falco = { on?: boolean; address?: string; certificates?: string; folder?: string; every_ms?: number; rules?: string; disable?: string[]; enable?: string[] };

/** Of each group the newest. */
export const newestOf = (signal: AbortSignal) => answer(api.GET('/v1/agent-policies', { signal }));
export const versionsOf = (group: string, signal: AbortSignal) => answer(api.GET('/v1/agent-policies', { params: { query: { group } }, signal }));

export const falcoOf = (p: Policy) => (p.collectors as { falco?: Falco }).falco;

/** One name a line; what is there twice counts once. */
export const names = (text: string) => [...new Set(text.split('\n').map((l) => l.trim()).filter(Boolean))];

export type Form = { listens: boolean; rules: string; disable: string; enable: string };
export const formOf = (p: Policy | undefined): Form => {
  const f = p && falcoOf(p);
  return { listens: f?.on === true, rules: f?.rules ?? '', disable: (f?.disable ?? []).join('\n'), enable: (f?.enable ?? []).join('\n') };
};

/** The same policy with other rules; what else it says stays as it is. */
export function changed(p: Policy, form: Form, note: string): Schemas['NewAgentPolicy'] {
  const { rules: _rules, disable: _disable, enable: _enable, ...rest } = falcoOf(p) ?? {};
  const [off, on] = [names(form.disable), names(form.enable)];
  const falco = { ...rest, on: form.listens, ...(form.rules.trim() ? { rules: `${form.rules.trimEnd()}\n` } : {}), ...(off.length ? { disable: off } : {}), ...(on.length ? { enable: on } : {}) };
  const scripts = (p.scripts ?? []).map(({ name, text }) => ({ name, text }));
  return { group: p.group, base: p.version, collectors: { ...p.collectors, falco }, ...(scripts.length ? { scripts } : {}), ...hashes(p.agent), share: p.share, note: note.trim() };
}

export const giveOut = (body: Schemas['NewAgentPolicy']) => answer(api.POST('/v1/agent-policies', { body }));
