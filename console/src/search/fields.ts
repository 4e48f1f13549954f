import type { MarsadEvent } from '../api/client';
import { texts } from '../ui/format';

/** Fields that are offered before any event was seen. */
export const COMMON: readonly [path: string, what: string][] = [
  ['host', 'device.hostname'],
  ['user', 'who acted, or whom it was done to'],
  ['ip', 'source, destination or own address'],
  ['src', 'source address'],
  ['dst', 'destination address'],
  ['port', 'source or destination port'],
  ['process', 'name of the process'],
  ['image', 'path of the process'],
  ['cmd', 'command line'],
  ['parent', 'name of the parent process'],
  ['parent_cmd', 'command line of the parent'],
  ['file', 'path or name of the file'],
  ['hash', 'any hash'],
  ['domain', 'DNS name'],
  ['url', 'URL'],
  ['event_id', "the vendor's event code"],
  ['product', 'the product that reported it'],
  ['operation', 'cloud API call'],
  ['container', 'container'],
  ['severity', 'informational to fatal'],
  ['class', 'OCSF class'],
  ['activity_name', 'what happened'],
  ['actor.process.cmd_line', 'command line of the acting process'],
  ['actor.process.file.path', 'image of the acting process'],
  ['actor.user.name', 'who acted'],
  ['api.operation', 'cloud API call'],
  ['api.service.name', 'cloud service'],
  ['class_name', 'OCSF class'],
  ['cloud.account.uid', 'cloud account'],
  ['cloud.region', 'cloud region'],
  ['container.name', 'container'],
  ['device.hostname', 'host'],
  ['dst_endpoint.ip', 'destination address'],
  ['dst_endpoint.port', 'destination port'],
  ['file.path', 'file'],
  ['http_request.url.url_string', 'URL'],
  ['message', 'the message'],
  ['process.cmd_line', 'command line'],
  ['process.file.path', 'image of the process'],
  ['process.name', 'name of the process'],
  ['process.parent_process.file.path', 'image of the parent'],
  ['query.hostname', 'DNS name'],
  ['src_endpoint.ip', 'source address'],
  ['status', 'outcome'],
  ['user.name', 'whom it was done to'],
];

const first = (e: MarsadEvent, ...paths: string[]) => {
  for (const p of paths) {
    const t = texts(e.fields[p])[0];
    if (t) return t;
  }
  return '';
};

export const hostOf = (e: MarsadEvent) => first(e, 'device.hostname', 'device.name', 'container.name', 'cloud.account.uid', 'src_endpoint.hostname', 'unmapped.Computer', 'device.ip');
export const userOf = (e: MarsadEvent) => first(e, 'actor.user.name', 'user.name', 'actor.user.email_addr', 'actor.user.uid', 'user.uid', 'process.user.name');

/** One line that says what an event is. */
export function summary(e: MarsadEvent): string {
  const command = first(e, 'process.cmd_line');
  if (command) return command;
  const operation = first(e, 'api.operation');
  if (operation) return [operation, first(e, 'api.service.name'), arrow(first(e, 'src_endpoint.ip'))].filter(Boolean).join(' · ');
  const message = first(e, 'message');
  if (message) return message;
  const activity = first(e, 'activity_name', 'type_name', 'class_name', 'unmapped.EventID');
  const object = first(e, 'query.hostname', 'http_request.url.url_string', 'file.path', 'reg_key.path', 'module.file.path', 'process.file.path', 'process.name', 'dst_endpoint.ip');
  const source = first(e, 'src_endpoint.ip');
  const said = [activity, object, source === object ? '' : arrow(source), first(e, 'status')].filter(Boolean).join(' · ');
  if (said) return said;
  return Object.entries(e.fields).slice(0, 6).map(([k, v]) => `${k}=${texts(v).join(',')}`).join('  ');
}

const arrow = (ip: string) => (ip ? `from ${ip}` : '');
