import { answer, api, type Schemas } from '../api/client';

export type Pack = Schemas['OsqueryPack'];
export type PackText = Schemas['OsqueryPackText'];
export type Group = Schemas['OsqueryGroup'];
export type Finding = Schemas['OsqueryPackFinding'];

export const PACKS = { queryKey: ['osquery-packs'], queryFn: ({ signal }: { signal: AbortSignal }) => answer(api.GET('/v1/osquery-packs', { signal })) };
export const GROUPS = { queryKey: ['osquery-groups'], queryFn: ({ signal }: { signal: AbortSignal }) => answer(api.GET('/v1/osquery-groups', { signal })) };
export const find = (pack: string, signal: AbortSignal) => answer(api.GET('/v1/osquery-packs/{pack}', { params: { path: { pack } }, signal }));
export const check = (name: string, text: string, signal: AbortSignal) => answer(api.POST('/v1/osquery-packs/check', { body: { name, text }, signal }));
export const put = (pack: string, body: Schemas['NewOsqueryPack']) => answer(api.PUT('/v1/osquery-packs/{pack}', { params: { path: { pack } }, body }));
export const remove = (pack: string) => answer(api.DELETE('/v1/osquery-packs/{pack}', { params: { path: { pack } } }));
export const assign = (body: Schemas['NewOsqueryAssignment']) => answer(api.POST('/v1/osquery-groups', { body }));
export const configOf = (group: string, signal: AbortSignal) => answer(api.GET('/v1/osquery-groups/config', { params: { query: { group } }, signal }));

/** As a pack may be called; the server has the last word. */
export const NAME = '[a-z0-9][a-z0-9_\\-]{0,63}';

/** What a new one begins with. */
export const FIRST = 'title: Ours\ndescription: What it looks for, and why.\nplatform: linux\nqueries:\n  open_shares:\n    query: SELECT path, device, type FROM mounts WHERE type IN (\'nfs\', \'cifs\')\n    interval: 1800\n    description: T1135\n';

/** Seconds in the largest unit that is whole. */
export const every = (s: number) => (s % 86_400 === 0 ? `${s / 86_400} d` : s % 3_600 === 0 ? `${s / 3_600} h` : s % 60 === 0 ? `${s / 60} min` : `${s} s`);

/** What changes for a group, in words; empty: nothing. */
export function change(before: readonly string[], after: readonly string[]): string {
  const more = after.filter((p) => !before.includes(p));
  const less = before.filter((p) => !after.includes(p));
  return [more.length > 0 ? `gets ${more.join(', ')}` : '', less.length > 0 ? `loses ${less.join(', ')}` : ''].filter(Boolean).join('; ');
}
