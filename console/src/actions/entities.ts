import type { Entity } from '../api/client';
import type { ActionKind } from './respond';

/** What an entity is called where actions take it: the kind that they are about, and the parameter. */
const TAKEN: Partial<Record<Entity['type'], { about: string; first: string; parameter: string }>> = {
  ip: { about: 'ip', first: 'block_ip', parameter: 'ip' },
  domain: { about: 'domain', first: 'block_domain', parameter: 'domain' },
  host: { about: 'host', first: 'isolate_host', parameter: 'host' },
  user: { about: 'user', first: 'disable_user', parameter: 'user' },
  account: { about: 'user', first: 'disable_user', parameter: 'user' },
  container: { about: 'instance', first: 'suspend_instance', parameter: 'instance' },
  file: { about: 'file', first: 'quarantine_file', parameter: 'path' },
  process: { about: 'process', first: 'kill_process', parameter: 'host' },
  hash: { about: 'file', first: 'quarantine_file', parameter: 'hash' },
};
const INTEL: Partial<Record<Entity['type'], string>> = { ip: 'ipv4-addr', domain: 'domain', url: 'url', hash: 'hash', email: 'email' };

/** The actions that can be taken on an entity, the plainest one first. */
export function fitting(kinds: readonly ActionKind[], e: Pick<Entity, 'type'>): ActionKind[] {
  const taken = TAKEN[e.type];
  const fit = kinds.filter((k) => (taken && k.about === taken.about) || (k.about === 'indicator' && INTEL[e.type]));
  return fit.sort((a, b) => Number(b.action === taken?.first) - Number(a.action === taken?.first));
}

/** What the form of an action begins with: the entity, and what the other entities say about where it is. */
export function prefilled(kind: ActionKind, e: Pick<Entity, 'type' | 'value'> | undefined, others: readonly Pick<Entity, 'type' | 'value'>[], about: { id: string; kind: 'alert' | 'case'; title: string } | undefined): Record<string, string> {
  const out: Record<string, string> = {};
  const names = new Set(kind.parameters.map((p) => p.name));
  const set = (name: string, value: string | undefined) => { if (value !== undefined && names.has(name) && out[name] === undefined) out[name] = value; };
  if (e) {
    if (kind.about === 'indicator') { set('type', e.type === 'ip' && e.value.includes(':') ? 'ipv6-addr' : INTEL[e.type]); set('value', e.value); }
    const taken = TAKEN[e.type];
    if (taken && e.type !== 'process') set(taken.parameter, e.value);
  }
  set('host', others.find((o) => o.type === 'host')?.value);
  set('user', others.find((o) => o.type === 'user')?.value);
  if (about?.kind === 'case') set('case', about.id);
  if (about?.kind === 'alert') set('alert', about.id);
  set('title', about?.title);
  set('reason', about?.title);
  return out;
}

/** What was typed as the kind of value that the action takes; undefined: it was left out. Throws a sentence when it is none. */
export function typed(type: string, text: string): unknown {
  const t = text.trim();
  if (t === '') return undefined;
  if (type === 'integer' || type === 'float' || type === 'long') {
    const n = Number(t);
    if (!Number.isFinite(n) || (type !== 'float' && !Number.isInteger(n))) throw new Error(`“${t}” is no ${type === 'float' ? 'number' : 'whole number'}`);
    return n;
  }
  if (type === 'bool') return t === 'true';
  if (type === 'list' || type === 'dictionary') {
    let value: unknown;
    try { value = JSON.parse(t); } catch { throw new Error(type === 'list' ? 'A list is written ["a", "b"]' : 'A dictionary is written {"name": "value"}'); }
    if (type === 'list' ? !Array.isArray(value) : typeof value !== 'object' || value === null || Array.isArray(value)) throw new Error(type === 'list' ? 'A list is written ["a", "b"]' : 'A dictionary is written {"name": "value"}');
    return value;
  }
  return t;
}

/** Which of a playbook's external variables the entities are likely to give: the server knows by which field each was named. */
const GIVEN: Record<string, Entity['type']> = { __host__: 'host', __user__: 'user', __source_ip__: 'ip', __destination_ip__: 'ip', __address__: 'ip', __domain__: 'domain', __url__: 'url', __email__: 'email', __file__: 'file', __file_hash__: 'hash', __process__: 'process', __pid__: 'process', __command__: 'process', __container__: 'container', __account__: 'account' };
const ALWAYS = new Set(['__alert_id__', '__case_id__', '__title__', '__severity__', '__rule__']);

export const comesFromAbout = (name: string) => ALWAYS.has(name);
/** Whether an entity is there that it can come from. */
export const isKnown = (name: string, entities: readonly Pick<Entity, 'type' | 'value'>[]) => comesFromAbout(name) || entities.some((e) => e.type === GIVEN[name]);
/** How well what is known fits what a playbook asks for: names that stay without a value. */
export const lacking = (names: readonly string[], entities: readonly Pick<Entity, 'type' | 'value'>[]) => names.filter((n) => !isKnown(n, entities));
