import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { GatewayError, type ErrorCode, type Retry } from '../core/model/errors.ts';
import type { Log } from '../core/ports/log.ts';

/** RFC 9457, with the top-level `error` that the clients of seed 003 read. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly error: string;
  readonly code: string;
  readonly field?: string;
}

/** The only map from a code to a status. */
const STATUS: Readonly<Record<ErrorCode, readonly [number, string]>> = {
  invalid_field: [400, 'Bad Request'],
  prompt_too_large: [413, 'Content Too Large'],
  unauthorized: [401, 'Unauthorized'],
  not_found: [404, 'Not Found'],
  idempotency_mismatch: [422, 'Unprocessable Content'],
  agent_mismatch: [409, 'Conflict'],
  session_busy: [409, 'Conflict'],
  no_screen: [409, 'Conflict'],
  queue_full: [429, 'Too Many Requests'],
  draining: [503, 'Service Unavailable'],
  agent_unavailable: [503, 'Service Unavailable'],
  internal: [500, 'Internal Server Error'],
};

export function sendProblem(
  reply: FastifyReply,
  code: ErrorCode,
  detail: string,
  extra: { field?: string | undefined; retry?: Retry } = {},
): FastifyReply {
  const [status, title] = STATUS[code];
  if (typeof extra.retry === 'object') void reply.header('retry-after', Math.ceil(extra.retry.afterMs / 1000));
  return send(reply, { status, title, detail, code, field: extra.field });
}

/** Turns whatever a route threw into a problem document. */
export function toErrorHandler(log: Log) {
  return (error: FastifyError | GatewayError, request: FastifyRequest, reply: FastifyReply): FastifyReply => {
    if (error instanceof GatewayError) {
      return sendProblem(reply, error.code, error.message, { field: error.field, retry: error.retry });
    }
    if (error.validation !== undefined) {
      const [field, detail] = describe(error);
      return sendProblem(reply, 'invalid_field', detail, { field });
    }
    const status = error.statusCode ?? 500;
    switch (status) {
      case 413:
        return sendProblem(reply, 'prompt_too_large', 'The body is too large: a command has at most 262144 bytes', {
          field: 'command',
        });
      case 415:
        return send(reply, {
          status,
          title: 'Unsupported Media Type',
          detail: 'Send the body as application/json',
          code: 'unsupported_media_type',
          field: 'content-type',
        });
      case 429:
        return send(reply, { status, title: 'Too Many Requests', detail: error.message, code: 'rate_limited' });
      default:
        break;
    }
    if (status >= 400 && status < 500) return sendProblem(reply, 'invalid_field', error.message, { field: 'body' });
    log.error({ error: error.stack ?? String(error), route: request.routeOptions.url }, 'http.failed');
    return sendProblem(reply, 'internal', 'The gateway failed; its log says how');
  };
}

function send(
  reply: FastifyReply,
  of: { status: number; title: string; detail: string; code: string; field?: string | undefined },
): FastifyReply {
  const problem: Problem = {
    type: `urn:gatehouse:problem:${of.code}`,
    title: of.title,
    status: of.status,
    detail: of.detail,
    error: of.status === 401 ? 'Unauthorized' : of.detail,
    code: of.code,
    ...(of.field !== undefined && { field: of.field }),
  };
  return reply.code(of.status).type('application/problem+json').serializer(JSON.stringify).send(problem);
}

/** The field that is wrong, as the caller spells it, and what is wrong with it. */
function describe(error: FastifyError): readonly [string, string] {
  const first = error.validation?.[0];
  const params = (first?.params ?? {}) as {
    additionalProperty?: string;
    missingProperty?: string;
    additionalProperties?: string[];
    requiredProperties?: string[];
  };
  const below =
    first?.instancePath
      .split('/')
      .filter((part) => part !== '')
      .join('.') ?? '';
  const unknown = params.additionalProperty ?? params.additionalProperties?.[0];
  const missing = params.missingProperty ?? params.requiredProperties?.[0];
  const named = unknown ?? missing ?? '';
  const field = [below, named].filter((part) => part !== '').join('.') || (error.validationContext ?? 'body');
  if (unknown !== undefined) return [field, `${field} is not a field of this request`];
  if (missing !== undefined) return [field, `Missing required fields: ${field}`];
  return [field, `${field} ${first?.message ?? 'is not valid'}`];
}
