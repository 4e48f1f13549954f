import createClient, { type Middleware } from 'openapi-fetch';
import type { components, paths } from './schema';

export type Schemas = components['schemas'];
export type Alert = Schemas['Alert'];
export type AlertDetail = Schemas['AlertDetail'];
export type AlertPage = Schemas['AlertPage'];
export type AlertStatus = Schemas['AlertStatus'];
export type Severity = Schemas['Severity'];
export type Verdict = Schemas['Verdict'];
export type Transition = Schemas['Transition'];
export type Entity = Schemas['Entity'];
export type Match = Schemas['Match'];
export type Evidence = Schemas['Evidence'];
export type MarsadEvent = Schemas['Event'];
export type EventDetail = Schemas['EventDetail'];
export type Histogram = Schemas['Histogram'];
export type Session = Schemas['Session'];
export type Source = Schemas['Source'];
export type DeadLetter = Schemas['DeadLetter'];
export type FieldValue = MarsadEvent['fields'][string];

/** A request that did not succeed, in the server's own words; `status` 0 means that no answer came. */
export class Refused extends Error {
  constructor(
    readonly status: number,
    readonly title: string,
    detail: string,
    readonly errors: { where: string; reason: string }[] = [],
    readonly retryAfter?: number,
    readonly requestId?: string,
    /** Which problem, as the contract names it: `wrong-code`. */
    readonly type?: string,
  ) {
    super(detail);
    this.name = 'Refused';
  }
}

let csrf: string | undefined;
let signedOut: () => void = () => {};

/** The value that changes must carry; sign-in gives it. */
export function setCsrf(value: string | undefined) {
  csrf = value;
}

/** Called when an answer says that the session is over. */
export function onSignedOut(listener: () => void) {
  signedOut = listener;
}

const session: Middleware = {
  onRequest({ request }) {
    if (csrf && request.method !== 'GET') request.headers.set('X-Marsad-Csrf', csrf);
    return request;
  },
  onResponse({ response, schemaPath }) {
    if (response.status === 401 && schemaPath !== '/v1/auth/login' && schemaPath !== '/v1/auth/passkey-sign-in' && schemaPath !== '/v1/auth/session') signedOut();
  },
};

export const api = createClient<paths>({ baseUrl: globalThis.location?.origin ?? '/', querySerializer: { array: { style: 'form', explode: false } }, fetch: (request) => globalThis.fetch(request) });
api.use(session);

type Answer<T> = { data?: T; error?: unknown; response: Response };

/** The answer's body, or `Refused`. */
export async function answer<T>(call: Promise<Answer<T>>): Promise<T> {
  let got: Answer<T>;
  try {
    got = await call;
  } catch (e) {
    if (e instanceof DOMException && e.name === 'AbortError') throw e;
    throw new Refused(0, 'No answer', 'The server did not answer. Check that Marsad runs and that this machine can reach it.');
  }
  if (got.response.ok) return got.data as T;
  throw refusal(got.response, got.error);
}

function refusal(response: Response, body: unknown): Refused {
  const p = (typeof body === 'object' && body !== null ? body : {}) as Partial<Schemas['Problem']>;
  const retry = Number(response.headers.get('Retry-After'));
  return new Refused(
    response.status,
    p.title ?? `Status ${response.status}`,
    p.detail ?? p.title ?? `The server answered with status ${response.status}.`,
    p.errors ?? [],
    Number.isFinite(retry) && retry > 0 ? retry : undefined,
    p.request_id,
    p.type?.replace('urn:marsad:problem:', ''),
  );
}

export const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low', 'informational'];
export const STATUSES: readonly AlertStatus[] = ['new', 'in_progress', 'snoozed', 'resolved', 'dismissed'];
