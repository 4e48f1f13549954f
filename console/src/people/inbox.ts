import { queryOptions } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../api/client';

export type Inbox = Schemas['Inbox'];
export type Entry = Schemas['InboxEntry'];

/** Asked for again when the live stream says so; every minute in case it does not run. */
const EVERY_MS = 60_000;
export const INBOX = ['inbox'] as const;
export const UNREAD = queryOptions({ queryKey: [...INBOX, 'unread'], queryFn: ({ signal }) => answer(api.GET('/v1/inbox', { params: { query: { limit: 0 } }, signal })), refetchInterval: EVERY_MS });
export const ENTRIES = queryOptions({ queryKey: [...INBOX, 'entries'], queryFn: ({ signal }) => answer(api.GET('/v1/inbox', { params: { query: { limit: 200 } }, signal })) });
export const read = (ids?: readonly string[]) => answer(api.POST('/v1/inbox/read', { body: ids ? { ids: [...ids] } : {} }));
export const setMail = (body: Schemas['InboxSetting']) => answer(api.PUT('/v1/inbox/setting', { body }));

/** "ann gave you case #3". */
export function sentence(e: Entry): string {
  const what = e.about === 'case' ? `case #${e.number}` : e.count === 1 ? 'an alert' : `${e.count} alerts`;
  switch (e.kind) {
    case 'assigned': return `${e.by} gave you ${what}`;
    case 'task': return `${e.by} gave you a task of ${what}`;
    case 'mentioned': return `${e.by} names you in ${what}`;
    case 'late': return `Something is late in ${what}`;
  }
}
