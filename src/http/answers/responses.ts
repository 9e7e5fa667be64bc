import { Problem } from './problem-schema.ts';
import type { Component } from './schema-parts.ts';

/** One response of a route, as @fastify/swagger reads it. */
export interface ResponseSchema {
  readonly description: string;
  readonly headers: Readonly<Record<string, HeaderSchema>>;
  readonly content: Readonly<Record<string, { readonly schema: object }>>;
}

export interface HeaderSchema {
  readonly type: 'string' | 'integer';
  readonly description: string;
  /** Moved to the header object by `openapi.ts`: a schema has no such keyword. */
  readonly 'x-required'?: boolean;
}

type Headers = Readonly<Record<string, HeaderSchema>>;

const rateLimitHeaders: Headers = {
  'ratelimit-limit': { type: 'integer', description: 'Requests allowed in a window.' },
  'ratelimit-remaining': { type: 'integer', description: 'Requests left in this window.' },
  'ratelimit-reset': { type: 'integer', description: 'Seconds until the window ends.' },
};
const retryAfter: HeaderSchema = {
  type: 'integer',
  description: 'Seconds after which to ask again.',
  'x-required': true,
};
export const acceptedHeaders: Headers = {
  Location: { type: 'string', description: 'Where the status of the request is.', 'x-required': true },
  'Retry-After': retryAfter,
  'Idempotent-Replayed': { type: 'string', description: '`true` when an earlier request is answered.' },
  'Preference-Applied': { type: 'string', description: 'The part of `Prefer` that was honoured.' },
};
export const waitedHeaders: Headers = {
  'Preference-Applied': { type: 'string', description: 'The part of `Prefer` that was honoured.' },
};

export function json(component: Component, description: string, headers: Headers = {}): ResponseSchema {
  return withContent('application/json', refTo(component), description, { ...headers, ...rateLimitHeaders });
}

export function text(description: string): ResponseSchema {
  return withContent('text/plain', { type: 'string' }, description, rateLimitHeaders);
}

export function eventStream(description: string): ResponseSchema {
  return withContent('text/event-stream', { type: 'string' }, description, rateLimitHeaders);
}

export const taggedHeaders: Headers = {
  ETag: { type: 'string', description: 'Names this state, for `If-None-Match`.', 'x-required': true },
};

/** To `If-None-Match`. */
export const notModified = {
  description: 'Nothing has changed since the answer that had this `ETag`.',
  type: 'null',
  headers: { ...taggedHeaders, ...rateLimitHeaders },
} as const;

/** An answer without a body, as that of a WebSocket. */
export function empty(description: string) {
  return { description, type: 'null' } as const;
}

/** A public route: nothing is counted, so nothing is said about limits. */
export function publicJson(component: Component, description: string): ResponseSchema {
  return withContent('application/json', refTo(component), description, {});
}

const PROBLEMS = {
  400: ['The input is wrong; `field` names what.', {}],
  401: [
    'No valid key.',
    { 'WWW-Authenticate': { type: 'string', description: 'How to authenticate.', 'x-required': true } },
  ],
  402: ['The budget is spent: `Retry-After` says when there is another one, if there will be.', {}],
  403: ['Not allowed: the key lacks the scope, or to write, or from this web origin.', {}],
  404: ['No such thing.', {}],
  408: ['The body did not arrive in time.', {}],
  409: ['It does not fit the present state of the session.', {}],
  410: ['The events behind this place are no longer kept.', {}],
  413: ['The prompt or the body is too large.', {}],
  415: ['The body is not application/json.', {}],
  422: ['The Idempotency-Key, or the `task_id`, came with another body before.', {}],
  426: [
    'This path speaks WebSocket only.',
    { Upgrade: { type: 'string', description: '`websocket`.', 'x-required': true } },
  ],
  429: ['Too many requests, or the queue is full.', { 'Retry-After': retryAfter }],
  500: ['A mistake of the gateway.', {}],
  502: ['The remote of the repository refused, or did not answer in time.', {}],
  501: ['This machine lacks what terminals need.', {}],
  503: [
    'Not now: the gateway shuts down, its disk or its database refuses, or the agent is not available.',
    { 'Retry-After': retryAfter },
  ],
  507: ['The disk is full: nothing was made.', {}],
} as const satisfies Record<number, readonly [string, Headers]>;

type ProblemStatus = keyof typeof PROBLEMS;

/** The problems that every route with a key can answer, and those given. */
export function problems(...statuses: readonly ProblemStatus[]): Readonly<Record<number, ResponseSchema>> {
  // What may be said of a body is said where there is one.
  const ofBody = statuses.includes(415) ? ([408] as const) : [];
  const all = [...new Set<ProblemStatus>([400, 401, 403, 429, 500, 503, ...ofBody, ...statuses])];
  return Object.fromEntries(all.map((status) => [status, toProblemResponse(status)]));
}

function toProblemResponse(status: ProblemStatus): ResponseSchema {
  const [description, headers] = PROBLEMS[status];
  return withContent('application/problem+json', refTo(Problem), description, {
    ...headers,
    ...rateLimitHeaders,
  });
}

function withContent(contentType: string, schema: object, description: string, headers: Headers): ResponseSchema {
  return { description, headers, content: { [contentType]: { schema } } };
}

function refTo({ $id }: Component): object {
  return { $ref: `${$id}#` };
}
