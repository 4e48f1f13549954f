import type { MarsadEvent } from '../api/client';
import { texts } from '../ui/format';
import { what } from './what';

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
export const userOf = (e: MarsadEvent) => first(e, 'actor.user.name', 'user.name', 'actor.user.email_addr', 'actor.user.uid', 'user.uid', 'process.user.name', 'evidences.actor.user.name');

/** What an event has under a name of the search language, for a column of its own. */
export function shownOf(e: MarsadEvent, name: string): string {
  for (const path of [name, `unmapped.${name}`]) if (Object.hasOwn(e.fields, path)) return texts(e.fields[path]).join(', ');
  if (name === 'host') return hostOf(e);
  if (name === 'user') return userOf(e);
  if (name === 'log_source') return e.log_source;
  if (name === 'origin') return e.origin;
  if (name === 'received_at') return e.received_at;
  return first(e, ...(Object.hasOwn(ALIASES, name) ? ALIASES[name]! : []));
}

/** Where short names look first; the search itself may find the value in further places. */
const ALIASES: Record<string, string[]> = {
  ip: ['src_endpoint.ip', 'dst_endpoint.ip', 'device.ip'], src: ['src_endpoint.ip'], dst: ['dst_endpoint.ip'], port: ['dst_endpoint.port', 'src_endpoint.port'],
  process: ['process.name'], image: ['process.file.path'], cmd: ['process.cmd_line'], parent: ['process.parent_process.name'], parent_cmd: ['process.parent_process.cmd_line'],
  file: ['file.path', 'file.name'], domain: ['query.hostname'], url: ['http_request.url.url_string'], event_id: ['metadata.event_code'], product: ['metadata.product.name'], operation: ['api.operation'], container: ['container.name'], class: ['class_name'],
};

/** One line that says what an event is. */
export function summary(e: MarsadEvent): string {
  const uid = first(e, 'class_uid');
  const activity = first(e, 'activity_id');
  const command = first(e, 'process.cmd_line');
  if (command && (uid !== '1007' || activity === '1' || activity === '')) return command;
  const operation = first(e, 'api.operation');
  if (operation) return join(operation, first(e, 'api.service.name'), from(e), outcome(e));
  const message = first(e, 'message', 'script.script_content.value', 'finding_info.title');
  if (message) return message;
  const act = first(e, 'activity_name') || what(uid, activity);
  const logon = uid === '3002' ? LOGON[first(e, 'logon_type_id')] : undefined;
  const object = registry(e) || first(e, 'query.hostname', 'http_request.url.url_string', 'file.path', 'module.file.path', 'job.name', 'win_service.name', 'group.name', 'process.file.path', 'process.name');
  const said = join(logon ? `${act} (${logon})` : act, object, first(e, 'win_service.cmd_line'), to(e), from(e), by(e, object), outcome(e), first(e, 'status_detail'));
  if (said && said !== act) return said;
  return join(said, ...Object.entries(e.fields).slice(0, 8).map(([k, v]) => `${k}=${texts(v).join(',')}`));
}

const LOGON: Record<string, string> = { 2: 'interactive', 3: 'network', 4: 'batch', 5: 'service', 7: 'unlock', 8: 'network, clear text', 9: 'other credentials', 10: 'remote', 11: 'cached' };
const registry = (e: MarsadEvent) => {
  const path = first(e, 'reg_value.path', 'reg_key.path');
  const name = first(e, 'reg_value.name');
  const data = first(e, 'reg_value.data');
  return path && `${path}${name ? `\\${name}` : ''}${data ? ` = ${data}` : ''}`;
};
/** Where it went; to the host itself says nothing. */
const to = (e: MarsadEvent) => {
  const remote = first(e, 'dst_endpoint.hostname', 'dst_endpoint.ip');
  const port = first(e, 'dst_endpoint.port');
  return remote && remote !== first(e, 'device.hostname') ? `to ${remote}${port ? `:${port}` : ''}` : '';
};
const by = (e: MarsadEvent, object: string) => {
  const name = first(e, 'actor.process.name', 'process.name');
  return name && !object.toLowerCase().endsWith(name.toLowerCase()) ? `by ${name}` : '';
};
const join = (...parts: string[]) => parts.filter(Boolean).join(' · ');
const from = (e: MarsadEvent) => {
  const ip = first(e, 'src_endpoint.ip');
  return ip ? `from ${ip}` : '';
};
const OUTCOME: Record<string, string> = { 1: 'success', 2: 'failure' };
const outcome = (e: MarsadEvent) => first(e, 'status') || (OUTCOME[first(e, 'status_id')] ?? '');
