import type { Schemas } from '../api/client';
import { answer, api } from '../api/client';
import type { Policy } from '../falco/rules';
import { hashes, type Named } from './packages';

export type Collection = { on?: boolean; every_ms?: number; records_per_second?: number; bytes_per_second?: number; paths?: string[]; [more: string]: unknown };
export type Difference = { path: string; before?: unknown; after?: unknown };

/** What agents can collect, and what is looked at how often where nobody says. */
export const COLLECTORS = [
  { name: 'processes', label: 'Processes', about: 'What is started and ends, by whom, with its hash', every: 2 },
  { name: 'sockets', label: 'Connections', about: 'What listens and what is connected to what', every: 5 },
  { name: 'services', label: 'Services', about: 'What is installed, started, stopped or fails', every: 30 },
  { name: 'inventory', label: 'Inventory', about: 'Packages and who is logged in', every: 60 },
  { name: 'files', label: 'Log files', about: 'Lines of files, also when they are rotated', every: 1, paths: 'Files, one a line; * stands for a part of a name' },
  { name: 'integrity', label: 'Watched files', about: 'What is made, changed and gone, with hashes before and after', every: 1, paths: 'Files and folders, one a line' },
  { name: 'audit', label: 'auditd', about: 'The audit log of the kernel', every: 1 },
  { name: 'journal', label: 'Journal', about: 'journald on Linux, the unified log on macOS', every: 1 },
  { name: 'eventlog', label: 'Windows event logs', about: 'Channels of Windows hosts', every: 10, paths: 'Channels, one a line, as Security' },
] as const;

/** What an agent sends at most where nobody says. */
export const LIMITS = { records: 500, kilobytes: 500 } as const;

export type Part = { on: boolean; every: string; records: string; kilobytes: string; paths: string };
export type Script = { name: string; text: string };
export type Draft = { parts: Record<string, Part>; scripts: Script[]; agent: Named[] };

const lines = (text: string) => text.split('\n').map((l) => l.trim()).filter(Boolean);

export function draftOf(p: Policy): Draft {
  const parts: Record<string, Part> = {};
  for (const c of COLLECTORS) {
    const one = (p.collectors as Record<string, Collection | undefined>)[c.name];
    parts[c.name] = { on: one?.on === true, every: String((one?.every_ms ?? c.every * 1000) / 1000), records: String(one?.records_per_second ?? LIMITS.records), kilobytes: String((one?.bytes_per_second ?? LIMITS.kilobytes * 1000) / 1000), paths: (one?.paths ?? []).join('\n') };
  }
  return { parts, scripts: (p.scripts ?? []).map(({ name, text }) => ({ name, text })), agent: p.agent };
}

/** A number that was said before, or is not the usual one. */
const said = (name: string, now: number, usual: number, before: unknown) => (before === undefined && now === usual ? {} : { [name]: now });

/** What it becomes. What is not edited here - the part for a Falco, what a newer platform knows - stays as it is. */
export function collectorsOf(p: Policy, d: Draft): Record<string, Collection> {
  const all: Record<string, Collection> = { ...(p.collectors as Record<string, Collection>) };
  for (const c of COLLECTORS) {
    const part = d.parts[c.name]!;
    const before = all[c.name];
    if (!before && !part.on) continue;
    const { paths: _paths, ...rest } = before ?? {};
    const paths = 'paths' in c ? lines(part.paths) : [];
    all[c.name] = { ...rest, on: part.on, ...said('every_ms', Math.round(Number(part.every) * 1000), c.every * 1000, before?.every_ms), ...said('records_per_second', Math.round(Number(part.records)), LIMITS.records, before?.records_per_second), ...said('bytes_per_second', Math.round(Number(part.kilobytes) * 1000), LIMITS.kilobytes * 1000, before?.bytes_per_second), ...(paths.length ? { paths } : {}) };
  }
  return all;
}

const plain = (x: unknown): x is Record<string, unknown> => typeof x === 'object' && x !== null && !Array.isArray(x);

/** What one has otherwise than the other, by place; as the platform says it of versions that are kept. */
export function differences(before: unknown, after: unknown, path = ''): Difference[] {
  if (plain(before) && plain(after)) return [...new Set([...Object.keys(before), ...Object.keys(after)])].toSorted().flatMap((k) => differences(before[k], after[k], `${path}/${k}`));
  return JSON.stringify(before) === JSON.stringify(after) ? [] : [{ path, before, after }];
}

/** Of a draft against what it was made from. */
export function changes(p: Policy, d: Draft): Difference[] {
  const versions = (all: readonly Named[]) => Object.fromEntries(all.map((a) => [a.platform, a.version]));
  const named = (all: readonly Script[]) => Object.fromEntries(all.map((s) => [s.name, s.text]));
  return [...differences(p.collectors, collectorsOf(p, d)), ...differences(named(draftOf(p).scripts), named(d.scripts), '/scripts'), ...differences(versions(p.agent), versions(d.agent), '/agent')];
}

export const bodyOf = (p: Policy, d: Draft, share: number, note: string): Schemas['NewAgentPolicy'] => ({ group: p.group, base: p.version, collectors: collectorsOf(p, d), ...(d.scripts.length ? { scripts: d.scripts } : {}), ...hashes(d.agent), share, note: note.trim() });
/** The content of one version, as it stands, as the next after another. */
export const again = (newest: Policy, content: Policy, share: number, note: string): Schemas['NewAgentPolicy'] => {
  const { scripts } = draftOf(content);
  return { group: newest.group, base: newest.version, collectors: content.collectors, ...(scripts.length ? { scripts } : {}), ...hashes(content.agent), share, note };
};
export const diffOf = (id: string, signal: AbortSignal) => answer(api.GET('/v1/agent-policies/{id}/diff', { params: { path: { id } }, signal }));

/** So many hosts a share picks, as the platform counts them. */
export const picked = (p: Policy, share: number) => p.hosts.stages.find((s) => s.share === share)?.hosts ?? (share === p.share ? p.hosts.chosen : p.hosts.of);
export const hostsOf = (p: Policy, share: number) => `${picked(p, share)} of ${p.hosts.of} ${p.hosts.of === 1 ? 'host' : 'hosts'}`;

export type Fault = { where: string; reason: string };
/** The faults of a place, and of what is below it. */
export const faultsOf = (all: readonly Fault[], place: string) => all.filter((f) => f.where === place || f.where.startsWith(`${place}/`));
export const SHARES = [{ share: 10, label: '10 %' }, { share: 25, label: '25 %' }, { share: 50, label: 'half' }, { share: 100, label: 'all' }] as const;
/** The next larger ones. */
export const wider = (share: number) => SHARES.filter((s) => s.share > share);
/** A value in a line. */
export const brief = (x: unknown) => (x === undefined ? 'nothing' : typeof x === 'string' ? (x.split('\n').length > 1 ? `${x.split('\n').length} lines` : x) : JSON.stringify(x));
