import { queryOptions, type QueryClient } from '@tanstack/react-query';
import { answer, api, type Schemas } from '../api/client';

export type Connector = Schemas['Connector'];
export type Connection = Schemas['Connection'];
export type Input = Schemas['ConnectorInput'];
export type Tested = Schemas['ConnectionTest'];

export const CONNECTORS = queryOptions({ queryKey: ['connectors'], staleTime: 300_000, queryFn: ({ signal }) => answer(api.GET('/v1/connectors', { signal })) });
export const CONNECTIONS = queryOptions({ queryKey: ['connections'], refetchInterval: 30_000, queryFn: ({ signal }) => answer(api.GET('/v1/connections', { signal })) });

/** Who carries what out is another thing now, too. */
export const again = (client: QueryClient) => Promise.all(['connections', 'actions-catalogue', 'action-catalogue'].map((key) => client.invalidateQueries({ queryKey: [key] })));

/** What a form holds, as it was typed; secrets are empty until somebody types them. */
export type Draft = { name: string; config: Record<string, string>; secrets: Record<string, string>; enabled: boolean };
export type Faults = Record<string, string>;
type Config = Record<string, unknown>;

const shown = (value: unknown, input: Input) => (value === undefined || value === null ? '' : Array.isArray(value) ? value.map(String).join('\n') : input.type === 'json' ? JSON.stringify(value, null, 2) : String(value));

export function draftOf(connector: Connector, before: Connection | undefined, taken: readonly string[]): Draft {
  const config = Object.fromEntries(connector.config.map((c) => [c.name, shown((before?.config as Config | undefined)?.[c.name], c)]));
  return { name: before?.name ?? free(connector.name, taken), config, secrets: Object.fromEntries(connector.secrets.map((s) => [s.name, ''])), enabled: before?.enabled ?? true };
}

/** `okta`, then `okta-2`: names of connections are unique, whatever their case. */
export function free(name: string, taken: readonly string[]): string {
  const lower = new Set(taken.map((t) => t.toLowerCase()));
  let n = 1;
  while (lower.has(n === 1 ? name.toLowerCase() : `${name}-${n}`.toLowerCase())) n++;
  return n === 1 ? name : `${name}-${n}`;
}

const ADDRESS = /^[A-Za-z0-9._%+'-]{1,64}@[A-Za-z0-9.-]{1,253}$/;
const DOMAIN = /^([a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?\.){1,20}[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/i;
const HASH = /^([0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{64}|[0-9a-f]{128})$/i;

/** What is wrong with one value, as the server would say it; only what can be known without asking. */
export function faultOf(input: Input, text: string): string | undefined {
  const value = text.trim();
  if (value === '') return input.required && input.default === null ? 'It has to be given.' : undefined;
  for (const one of input.list ? listed(value) : [value]) {
    const fault = faultOfOne(input, one);
    if (fault) return fault;
  }
  return undefined;
}

function faultOfOne(input: Input, value: string): string | undefined {
  if (input.allowed.length > 0 && !input.allowed.includes(value)) return `It is one of ${input.allowed.join(', ')}.`;
  switch (input.type) {
    case 'url': return urlFault(value);
    case 'email': if (!ADDRESS.test(value)) return 'It is not an e-mail address.'; break;
    case 'domain': if (!DOMAIN.test(value)) return 'It is not a name such as example.com.'; break;
    case 'hash': if (!HASH.test(value)) return 'It is not a hash.'; break;
    case 'integer': if (!/^-?\d{1,18}$/.test(value)) return 'It is not a whole number.'; break;
    case 'boolean': if (value !== 'true' && value !== 'false') return 'It is true or false.'; break;
    case 'json': try { JSON.parse(value); } catch { return 'It is not JSON.'; } break;
    default:
  }
  return input.pattern && !fits(input.pattern, value) ? `It does not look like ${input.pattern}` : undefined;
}

/** The server's patterns are of another engine: one that this one cannot read is left to the server. */
function fits(pattern: string, value: string): boolean {
  try {
    return new RegExp(`^(?:${pattern})$`, 'u').test(value);
  } catch {
    return true;
  }
}

function urlFault(value: string): string | undefined {
  if (!URL.canParse(value) || !/^https?:\/\//.test(value)) return 'It is an address such as https://example.com.';
  const url = new URL(value);
  return url.username || url.password ? 'A name and a password do not belong into the address.' : undefined;
}

const listed = (text: string) => text.split(/[\n,]/).map((x) => x.trim()).filter(Boolean);

/** The settings as they are sent: what is not given is left out, so that what the connector says of it holds. */
export function configOf(connector: Connector, draft: Draft): Config {
  const out: Config = {};
  for (const c of connector.config) {
    const text = (draft.config[c.name] ?? '').trim();
    if (text === '') continue;
    out[c.name] = c.list ? listed(text).map((x) => typed(c, x)) : typed(c, text);
  }
  return out;
}

const typed = (c: Input, text: string): unknown => (c.type === 'integer' ? Number(text) : c.type === 'boolean' ? text === 'true' : c.type === 'json' ? JSON.parse(text) : text);

export const secretsOf = (draft: Draft) => Object.fromEntries(Object.entries(draft.secrets).filter(([, v]) => v !== ''));

const sorted = (config: Config) => JSON.stringify(Object.entries(config).sort(([a], [b]) => (a < b ? -1 : 1)));
/** Whether a secret would go where it was not given for. */
export const moved = (connector: Connector, draft: Draft, before: Connection | undefined) => before !== undefined && settled(connector, draft) && sorted(configOf(connector, draft)) !== sorted(before.config as Config);

const settled = (connector: Connector, draft: Draft) => connector.config.every((c) => !faultOf(c, draft.config[c.name] ?? ''));

/** What is wrong with a form, by the field; empty: it can be sent. */
export function faultsOf(connector: Connector, draft: Draft, before: Connection | undefined): Faults {
  const faults: Faults = {};
  const name = draft.name.trim();
  if (name === '') faults.name = 'It has to have a name.';
  else if (name.length > 100) faults.name = 'A name has 100 characters at most.';
  for (const c of connector.config) {
    const fault = faultOf(c, draft.config[c.name] ?? '');
    if (fault) faults[`config.${c.name}`] = fault;
  }
  const elsewhere = moved(connector, draft, before);
  for (const s of connector.secrets) {
    if (draft.secrets[s.name]) continue;
    const set = before?.secrets.includes(s.name) ?? false;
    if (set && elsewhere) faults[`secrets.${s.name}`] = 'The settings have changed: give it again, so that it goes only where you want it.';
    else if (!set && s.required) faults[`secrets.${s.name}`] = 'It has to be given.';
  }
  return faults;
}

const body = (connector: Connector, draft: Draft) => ({ connector: connector.name, name: draft.name.trim(), config: configOf(connector, draft), secrets: secretsOf(draft), enabled: draft.enabled });
const at = (id: string) => ({ params: { path: { id } } });

export const tryOut = (connector: Connector, draft: Draft, before: Connection | undefined) => answer(api.POST('/v1/connectors/{name}/test', { params: { path: { name: connector.name } }, body: { config: configOf(connector, draft), secrets: secretsOf(draft), connection: before?.id ?? null } }));
export const save = (connector: Connector, draft: Draft, before: Connection | undefined) => answer(before ? api.PUT('/v1/connections/{id}', { ...at(before.id), body: body(connector, draft) }) : api.POST('/v1/connections', { body: body(connector, draft) }));
export const test = (c: Connection) => answer(api.POST('/v1/connections/{id}/test', at(c.id)));
export const remove = (c: Connection) => answer(api.DELETE('/v1/connections/{id}', at(c.id)));
export const turn = (c: Connection, enabled: boolean) => answer(api.PUT('/v1/connections/{id}', { ...at(c.id), body: { connector: c.connector, name: c.name, config: c.config, secrets: {}, enabled } }));

/** The actions that it carries out, in its own words. */
export const carries = (c: Connector) => [...new Map(c.operations.flatMap((o) => (o.action ? [[o.action, o.title] as const] : []))).entries()].map(([action, title]) => ({ action, title }));

/** Those in which all words are found: in the title, what it says, and what it does. */
export function found(all: readonly Connector[], words: string): Connector[] {
  const parts = words.trim().toLowerCase().split(/\s+/).filter(Boolean);
  return all.filter((c) => {
    const text = `${c.name} ${c.title} ${c.description} ${c.operations.map((o) => `${o.title} ${o.action ?? ''} ${(o.action ?? '').replaceAll('_', ' ')}`).join(' ')}`.toLowerCase();
    return parts.every((p) => text.includes(p));
  });
}
