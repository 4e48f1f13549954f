import { infiniteQueryOptions, queryOptions, type QueryClient } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../api/client';
import type { IntelSearch } from './search';

export type Indicator = Schemas['Indicator'];
export type Content = Schemas['IndicatorContent'];

export const LIST = ['indicators'] as const;
export const indicators = ({ state, q }: IntelSearch) =>
  infiniteQueryOptions({
    queryKey: [...LIST, state, q],
    queryFn: ({ pageParam, signal }) => answer(api.GET('/v1/indicators', { params: { query: { state, q, limit: 100, cursor: pageParam } }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: 30_000,
  });
export const one = (id: string) => queryOptions({ queryKey: ['indicator', id], queryFn: ({ signal }) => answer(api.GET('/v1/indicators/{id}', { params: { path: { id } }, signal })) });
export const past = (id: string) => queryOptions({ queryKey: ['indicator-past', id], queryFn: ({ signal }) => answer(api.GET('/v1/indicators/{id}/past', { params: { path: { id } }, signal })), retry: false, staleTime: 60_000 });
export const known = (value: string) => queryOptions({ queryKey: ['intel', value], queryFn: ({ signal }) => answer(api.GET('/v1/intel/{type}/{value}', { params: { path: { type: kind(value), value: value.trim() } }, signal })), retry: false, staleTime: 60_000 });

export const put = (body: Content) => answer(api.POST('/v1/indicators', { body }));
export const revoke = (i: Indicator, revoked: boolean) => answer(api.PUT('/v1/indicators/{id}', { params: { path: { id: i.id } }, body: { revoked, version: i.version } }));
export const again = (client: QueryClient, id?: string) => Promise.all([client.invalidateQueries({ queryKey: LIST }), id ? client.invalidateQueries({ queryKey: ['indicator', id] }) : undefined]);

/** What a value looks like; the server has the last word. */
export function kind(value: string): string {
  const v = value.trim().replaceAll(/\[\.\]|\(\.\)/g, '.');
  if (/^[0-9a-f]{32}$|^[0-9a-f]{40}$|^[0-9a-f]{64}$/i.test(v)) return 'hash';
  if (/^\d{1,3}(\.\d{1,3}){3}$/.test(v) || /^[0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.]*$/i.test(v)) return 'ip';
  if (/[/]/.test(v)) return 'url';
  return v.includes('@') ? 'email' : 'domain';
}
