import type { QueryClient } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../api/client';

export type Channel = Schemas['NotificationChannel'];
export type Kind = Channel['kind'];

export const CHANNELS = { queryKey: ['notifications'], queryFn: ({ signal }: { signal: AbortSignal }) => answer(api.GET('/v1/notifications', { signal })), refetchInterval: 10_000 };
export const again = (client: QueryClient) => client.invalidateQueries({ queryKey: CHANNELS.queryKey });

/** What a form holds; the secret is empty until somebody types one. */
export type Draft = { name: string; kind: Kind; target: string; secret: string; least: Channel['min_severity']; perHour: string; enabled: boolean };

export const fresh = (kind: Kind): Draft => ({ name: KINDS[kind].name, kind, target: '', secret: '', least: 'high', perHour: '30', enabled: true });
export const draftOf = (c: Channel): Draft => ({ name: c.name, kind: c.kind, target: c.kind === 'slack' ? '' : c.target, secret: '', least: c.min_severity, perHour: String(c.per_hour), enabled: c.enabled });

const content = (d: Draft) => ({ name: d.name.trim(), kind: d.kind, min_severity: d.least, per_hour: Number(d.perHour), enabled: d.enabled, ...(d.kind === 'slack' ? {} : { target: d.target.trim() }), ...(d.secret ? { secret: d.secret } : {}) });
const at = (c: Channel) => ({ params: { path: { id: c.id } } });
export const save = (d: Draft, before?: Channel) => answer(before ? api.PUT('/v1/notifications/channels/{id}', { ...at(before), body: { ...content(d), version: before.version } }) : api.POST('/v1/notifications/channels', { body: content(d) }));
export const remove = (c: Channel) => answer(api.DELETE('/v1/notifications/channels/{id}', at(c)));
export const test = (c: Channel) => answer(api.POST('/v1/notifications/channels/{id}/test', at(c)));
export const replay = () => answer(api.POST('/v1/notifications/replay'));

type Words = { name: string; target?: string; placeholder?: string; needsTarget?: boolean; secret?: string; needsSecret?: boolean; hint: string };

/** What each kind is called and wants. */
export const KINDS: Record<Kind, Words> = {
  slack: { name: 'Slack', secret: 'Address of the incoming webhook', needsSecret: true, hint: 'Slack, Mattermost and Rocket.Chat make such an address for one channel. Whoever knows it can write there, so it is kept secret.' },
  pagerduty: { name: 'PagerDuty', target: 'Service address', placeholder: 'https://events.pagerduty.com', secret: 'Routing key', needsSecret: true, hint: 'Of an integration of the kind Events API v2. An alert is one incident, however often it is sent.' },
  email: { name: 'E-mail', target: 'Recipients', placeholder: 'soc@example.org, oncall@example.org', needsTarget: true, hint: 'Sent by the server that the operator has set.' },
  webhook: { name: 'Webhook', target: 'Address', placeholder: 'https://…', needsTarget: true, secret: 'Signing key', hint: 'JSON by POST. With a key each message has Marsad-Signature: t=TIME,v1=HMAC-SHA256 of TIME.BODY.' },
};
