import { useEffect, useSyncExternalStore } from 'react';
import { queryOptions, useQuery, useQueryClient } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../api/client';
import { live } from '../live/context';
import type { Live } from '../live/live';

export type Person = Schemas['PresentPeople']['people'][number];
export type Of = 'alert' | 'case';

/** What the server keeps a word for is 20 s. */
const SAY_EVERY_MS = 8_000;
const TOGETHER_MS = 250;
const TYPING_MS = 12_000;
const TAB = crypto.randomUUID();

const say = (of: Of, id: string, state: Schemas['Looking']['state'], more: { keepalive?: boolean } = {}) => {
  const init = { params: { path: { id } }, body: { tab: TAB, state }, ...more };
  return answer(of === 'case' ? api.PUT('/v1/cases/{id}/presence', init) : api.PUT('/v1/alerts/{id}/presence', init));
};

/** What is being written in this window, and since when nothing was typed. */
const typing = {
  at: undefined as string | undefined,
  timer: 0,
  readers: new Set<() => void>(),
  subscribe: (tell: () => void) => (typing.readers.add(tell), () => void typing.readers.delete(tell)),
  get: () => typing.at,
  become(at: string | undefined) {
    window.clearTimeout(typing.timer);
    if (at) typing.timer = window.setTimeout(() => typing.become(undefined), TYPING_MS);
    if (typing.at === at) return;
    typing.at = at;
    typing.readers.forEach((tell) => tell());
  },
};

/** Says that a comment is being written, until nothing was typed for a while. */
export const writes = (of: Of, id: string, isWriting: boolean) => typing.become(isWriting ? `${of} ${id}` : undefined);

const presentAt = (of: Of, id: string) =>
  queryOptions({ queryKey: ['present', of, id], queryFn: () => say(of, id, typing.at === `${of} ${id}` ? 'writing' : 'looking'), refetchInterval: SAY_EVERY_MS, gcTime: 0, retry: false });

/** Who else looks at it, while one looks oneself: the page says so, and takes it back when it is hidden or closed. */
export function usePresence(of: Of, id: string, stream: Live = live): readonly Person[] {
  const client = useQueryClient();
  const writing = useSyncExternalStore(typing.subscribe, typing.get) === `${of} ${id}`;
  const people = useQuery(presentAt(of, id));
  useEffect(() => {
    void client.invalidateQueries({ queryKey: ['present', of, id] });
  }, [client, of, id, writing]);
  useEffect(() => {
    let timer = 0;
    const again = () => { timer = 0; void client.invalidateQueries({ queryKey: ['present', of, id] }); };
    const stop = stream.read((m) => {
      if (m.kind === 'presence' && m.of === of && m.id === id) timer ||= window.setTimeout(again, TOGETHER_MS);
    });
    // Who is signed out meanwhile has left anyway.
    const leave = () => void say(of, id, 'left', { keepalive: true }).catch(() => {});
    const seen = () => (document.visibilityState === 'hidden' ? leave() : again());
    document.addEventListener('visibilitychange', seen);
    window.addEventListener('pagehide', leave);
    return () => { stop(); window.clearTimeout(timer); document.removeEventListener('visibilitychange', seen); window.removeEventListener('pagehide', leave); leave(); };
  }, [client, of, id, stream]);
  return people.data?.people ?? [];
}

/** Those who are there, as the page knows them by now. */
export function usePresent(of: Of, id: string): readonly Person[] {
  return useQuery({ ...presentAt(of, id), enabled: false }).data?.people ?? [];
}

/** "Dana", "Dana of Nordwind". */
export const nameOf = (p: Person) => (p.provider ? `${p.name} of ${p.provider}` : p.name);

/** "Dana is here", "Dana and Bo are here, Cid is writing". */
export function told(people: readonly Person[]): string {
  const list = (some: readonly Person[], doing: string) => {
    const names = some.map(nameOf);
    if (names.length === 0) return [];
    const all = names.length < 3 ? names.join(' and ') : `${names.slice(0, 2).join(', ')} and ${names.length - 2} more`;
    return [`${all} ${names.length === 1 ? 'is' : 'are'} ${doing}`];
  };
  return [...list(people.filter((p) => p.state === 'looking'), 'here'), ...list(people.filter((p) => p.state === 'writing'), 'writing')].join(', ');
}

/** Two letters for a face. */
export function initials(name: string): string {
  const [a, b] = name.replace(/@.*$/, '').split(/[\s._-]+/).filter(Boolean);
  return (b ? a![0]! + b[0]! : (a ?? name).slice(0, 2)).toUpperCase();
}
