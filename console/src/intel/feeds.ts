import { queryOptions } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../api/client';

export type Feed = Schemas['IntelFeed'];
export type FeedContent = Schemas['IntelFeedContent'];
export type Service = Schemas['IntelSource'];
export type Import = Schemas['IndicatorImport'];
export type Format = Import['format'];

export const FEEDS = queryOptions({ queryKey: ['intel-feeds'], queryFn: ({ signal }) => answer(api.GET('/v1/intel-feeds', { signal })), refetchInterval: 10_000 });
export const addFeed = (body: FeedContent) => answer(api.POST('/v1/intel-feeds', { body }));
export const changeFeed = (f: Feed, change: Partial<FeedContent>) =>
  answer(api.PUT('/v1/intel-feeds/{id}', { params: { path: { id: f.id } }, body: { name: f.name, url: f.url, format: f.format, minutes: f.minutes, tlp: f.tlp, confidence: f.confidence, enabled: f.enabled, ...change, version: f.version } }));
export const endFeed = (f: Feed) => answer(api.DELETE('/v1/intel-feeds/{id}', { params: { path: { id: f.id } } }));
export const fetchFeed = (f: Feed) => answer(api.POST('/v1/intel-feeds/{id}/fetch', { params: { path: { id: f.id } } }));

export const SERVICES = queryOptions({ queryKey: ['intel-sources'], queryFn: ({ signal }) => answer(api.GET('/v1/intel-sources', { signal })) });
export const setService = (source: string, body: Schemas['IntelSourceContent']) => answer(api.PUT('/v1/intel-sources/{source}', { params: { path: { source } }, body }));
export const testService = (source: string) => answer(api.POST('/v1/intel-sources/{source}/test', { params: { path: { source } } }));

export const bringIn = (body: Import) => answer(api.POST('/v1/indicators/import', { body }));

/** What a text is, by how it begins; the server has the last word on every line. */
export function formatOf(text: string, name = ''): Format {
  const head = text.slice(0, 4096).trimStart();
  if (/^[{[]/.test(head)) return 'stix';
  if (/\.csv$/i.test(name)) return 'csv';
  const line = head.split('\n').find((l) => l.trim() !== '' && !/^\s*(;|\/\/)/.test(l)) ?? '';
  return /^#?[^,\s]+(?: [^,]*)?,/.test(line) ? 'csv' : 'list';
}
