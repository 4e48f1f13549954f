import type { QueryClient } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../api/client';
import { DEFAULT_LAST, type HuntSearch } from '../search/range';

export type View = Schemas['View'];
export type ViewContent = Schemas['ViewContent'];

export const VIEWS = { queryKey: ['views'], queryFn: ({ signal }: { signal: AbortSignal }) => answer(api.GET('/v1/views', { signal })), staleTime: 30_000 };
export const again = (client: QueryClient) => client.invalidateQueries({ queryKey: VIEWS.queryKey });

export const create = (body: ViewContent) => answer(api.POST('/v1/views', { body }));
export const remove = (v: View) => answer(api.DELETE('/v1/views/{id}', { params: { path: { id: v.id } } }));
export const update = (v: View, change: Partial<ViewContent>) => answer(api.PUT('/v1/views/{id}', { params: { path: { id: v.id } }, body: { ...content(v), ...change, version: v.version } }));

/** What is kept of a view, without what the server makes of it. */
export const content = (v: View): ViewContent => ({ name: v.name, description: v.description, query: v.query, rule: v.rule, last: v.last, from: v.from, to: v.to, columns: v.columns, display: v.display, shared: v.shared });

/** What a search is, to be kept; with its time range or without. */
export function kept(s: HuntSearch, ranged: boolean): Pick<ViewContent, 'query' | 'rule' | 'last' | 'from' | 'to' | 'columns' | 'display'> {
  const absolute = ranged && s.from !== undefined;
  return {
    query: s.q ?? '',
    rule: s.rule ?? null,
    last: ranged && !absolute ? (s.last ?? DEFAULT_LAST) : null,
    from: absolute ? new Date(s.from!).toISOString() : null,
    to: absolute ? new Date(s.to ?? Date.now()).toISOString() : null,
    columns: s.cols ?? [],
    display: s.view ?? 'events',
  };
}

/** The address that shows a view. */
export function toSearch(v: View): HuntSearch {
  return {
    saved: v.id,
    q: v.query || undefined,
    rule: v.rule ?? undefined,
    last: v.last && v.last !== DEFAULT_LAST ? v.last : undefined,
    from: v.from ?? undefined,
    to: v.to ?? undefined,
    cols: v.columns.length > 0 ? v.columns : undefined,
    view: v.display === 'events' ? undefined : v.display,
  };
}

/** Whether the search is another one than the view keeps; a view without a range fits any. */
export function differs(v: View, s: HuntSearch): boolean {
  const ranged = v.last !== null || v.from !== null;
  const now = kept(s, ranged);
  const same = (a: string | null | undefined, b: string | null | undefined) => (a && b && a !== b && !Number.isNaN(Date.parse(a)) ? Date.parse(a) === Date.parse(b) : (a ?? null) === (b ?? null));
  return now.query !== v.query || !same(now.rule, v.rule) || now.last !== v.last || !same(now.from, v.from) || !same(now.to, v.to) || now.display !== v.display || now.columns?.join('\n') !== v.columns.join('\n');
}

/** An address that names a view and nothing of what it keeps: the view says the rest. */
export const bare = (s: HuntSearch) => s.saved !== undefined && s.q === undefined && s.rule === undefined && s.last === undefined && s.from === undefined && s.view === undefined && s.cols === undefined;
