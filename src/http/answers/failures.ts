import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import type { Socket } from 'node:net';
import { GatewayError } from '../../core/model/errors.ts';
import type { Log } from '../../core/ports/log.ts';
import { ruleOf } from './validation.ts';
import { SECURITY_HEADERS } from './headers/security.ts';
import { createProblem, ProblemError, toProblem, type Problem } from './problem.ts';

/** Answers every error with a problem document; what nobody expected is logged and told without its details. */
export function createFailureHandler(log: Log): (error: unknown, request: FastifyRequest, reply: FastifyReply) => void {
  return (error, request, reply) => {
    const problem =
      recognise(error) ?? createProblem('internal', 'Something went wrong inside the gateway: see its log');
    if (problem.code === 'internal') {
      log.error({ err: error, method: request.method, route: request.routeOptions.url }, 'http.failed');
    }
    sendProblem(reply, problem);
  };
}

function sendProblem(reply: FastifyReply, problem: Problem): void {
  if (problem.retryAfter !== undefined) reply.header('retry-after', String(problem.retryAfter));
  if (problem.status === 401) reply.header('www-authenticate', 'Bearer realm="gatehouse"');
  if (problem.status === 426) reply.header('upgrade', 'websocket');
  // As bytes: to a string Fastify adds a charset, which this media type does not have.
  reply
    .code(problem.status)
    .type('application/problem+json')
    .send(Buffer.from(JSON.stringify(problem)));
}

/** Answers bytes that are no HTTP request; there is no reply object for them yet. */
export function answerClientError(error: Error & { readonly code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const problem =
    error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
      ? createProblem('request_timeout', 'the request did not arrive in time')
      : createProblem('malformed_request', 'the request is not valid HTTP, or its headers are too large');
  endWith(socket, problem);
}

/** Answers a WebSocket handshake that is none: what ws says itself is HTML. */
export function answerHandshake(socket: Socket): void {
  if (socket.destroyed) return;
  endWith(socket, createProblem('malformed_request', 'the handshake of the WebSocket is not valid'), {
    'sec-websocket-version': '13',
  });
}

function endWith(socket: Socket, problem: Problem, more: Readonly<Record<string, string>> = {}): void {
  const body = JSON.stringify(problem);
  const headers = {
    ...{ connection: 'close', ...SECURITY_HEADERS, ...more },
    'content-type': 'application/problem+json',
    'content-length': String(Buffer.byteLength(body)),
  };
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  socket.end(`HTTP/1.1 ${problem.status} ${problem.title}\r\n${lines.join('')}\r\n${body}`);
}

function recognise(error: unknown): Problem | null {
  if (error instanceof GatewayError) return toProblem(error);
  if (error instanceof ProblemError) return error.problem;
  return isFastifyError(error) ? recogniseFastify(error) : null;
}

function isFastifyError(error: unknown): error is FastifyError {
  return typeof error === 'object' && error !== null && 'code' in error && 'message' in error;
}

function recogniseFastify(error: FastifyError): Problem | null {
  if (error.validation !== undefined) return toFieldProblem(error);
  switch (error.code) {
    case 'FST_ERR_CTP_INVALID_JSON_BODY':
      return createProblem('malformed_json', 'the body is not valid JSON');
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return createProblem('unsupported_media_type', 'send the body as application/json');
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return createProblem('payload_too_large', 'the body is over 2 MiB: put the text into a file of the workspace');
    case 'FST_ERR_CTP_INVALID_CONTENT_LENGTH':
      return createProblem('malformed_request', 'the body is not as long as Content-Length says');
    case 'FST_ERR_BAD_URL':
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return createProblem('malformed_request', 'the path is not a valid URL path, or too long');
    default:
      // Such as a client that goes away in the middle of its body: its own doing, so nobody has to look.
      return isCallersFault(error) ? createProblem('malformed_request', 'the request could not be read') : null;
  }
}

function isCallersFault({ statusCode = 500 }: FastifyError): boolean {
  return statusCode >= 400 && statusCode < 500;
}

function toFieldProblem(error: FastifyError): Problem {
  const errors = error.validation ?? [];
  // A key that no schema knows is also reported as a value that `false` refuses; the former says what to do.
  const first = errors.find(({ keyword }) => keyword !== 'boolean') ?? errors[0];
  const where = error.validationContext ?? 'body';
  const name = first === undefined ? undefined : readField(first);
  // Node hands headers over in lower case.
  const field = where === 'headers' ? name?.replaceAll(/\b[a-z]/g, (letter) => letter.toUpperCase()) : name;
  if (first === undefined || field === undefined) {
    const wrong = first?.keyword === 'type' ? 'must be a JSON object' : (first?.message ?? 'is wrong');
    return createProblem('invalid_field', `the ${where} ${wrong}`);
  }
  return createProblem('invalid_field', toSentence(field, first), { field });
}

type Validation = NonNullable<FastifyError['validation']>[number];

function readField({ instancePath, params }: Validation): string | undefined {
  const named = firstOf(params['requiredProperties']) ?? firstOf(params['additionalProperties']);
  return named ?? (instancePath.slice(1) || undefined);
}

function firstOf(names: unknown): string | undefined {
  return Array.isArray(names) && typeof names[0] === 'string' ? names[0] : undefined;
}

/** What callers send as such: numbers are whole. */
const TYPES: Readonly<Record<string, string>> = {
  boolean: 'true or false',
  number: 'a whole number',
  integer: 'a whole number',
  string: 'text',
  object: 'a JSON object',
  array: 'a list',
};

const EMPTY = { minLength: 'send its text', minItems: 'send at least one' } as const;

function toSentence(field: string, { keyword, params, message }: Validation): string {
  switch (keyword) {
    case 'required':
      return `missing: ${listNames(params['requiredProperties'])}`;
    case 'additionalProperties':
      return `${field} is not a known field`;
    case 'enum':
      return `${field} must be one of ${listNames(params['allowedValues'])}`;
    case 'pattern':
      return `${field}: ${ruleOf(params['pattern']) ?? 'is not of the form that is documented'}`;
    case 'minLength':
    case 'minItems':
      return params['limit'] === 1 ? `${field} is empty: ${EMPTY[keyword]}` : `${field} ${message ?? 'is too short'}`;
    case 'type':
      return `${field} must be ${TYPES[String(params['type'])] ?? String(params['type'])}`;
    default:
      return `${field} ${message ?? 'is wrong'}`;
  }
}

function listNames(names: unknown): string {
  return Array.isArray(names) ? names.join(', ') : '';
}
