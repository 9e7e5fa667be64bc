import type { FastifyReply } from 'fastify';
import type { Static } from 'typebox';
import { GatewayError } from '../../core/model/errors.ts';
import { hasEnded, type RequestRecord, type RequestState } from '../../core/model/request.ts';
import type { Submission } from '../../core/ports/gateway/requests.ts';
import type { App } from '../answers/app.ts';
import type { RouteDeps } from '../route-deps.ts';
import { hashJson } from '../answers/json/canonical.ts';
import { toStatusDocument } from './request-documents.ts';
import { parseWait } from '../answers/headers/prefer.ts';
import { acceptedHeaders, json, problems } from '../answers/responses.ts';
import { ExecuteBody, ExecuteHeaders, Accepted, Status } from './request-schemas.ts';
import { POLL_SECONDS, withPatience } from '../answers/waiting.ts';

const schema = {
  operationId: 'execute',
  summary: 'Hand work to the agent of a workspace',
  description:
    'Answers as soon as the request is on disk. The folder of a new workspace is created. Poll the `Location`, or wait with `Prefer: wait=N`.',
  tags: ['requests'],
  headers: ExecuteHeaders,
  body: ExecuteBody,
  response: {
    200: json(Status, 'With `Prefer: wait`: the request has ended.', {
      Location: acceptedHeaders['Location']!,
      'Idempotent-Replayed': acceptedHeaders['Idempotent-Replayed']!,
      'Preference-Applied': acceptedHeaders['Preference-Applied']!,
    }),
    202: json(Accepted, 'The request is accepted.', acceptedHeaders),
    ...problems(402, 404, 409, 413, 415, 422),
  },
} as const;

type ExecuteDeps = Pick<RouteDeps, 'requests' | 'settings' | 'closing'>;

export function addExecute(app: App, { requests, settings, closing }: ExecuteDeps): void {
  app.post('/execute', { schema }, async (request, reply) => {
    const { traceparent, 'idempotency-key': idempotencyKey } = request.headers;
    const asked = toSubmission(request.body, request.keyId, idempotencyKey);
    const submission = { ...asked, ...(traceparent !== undefined && { traceparent }) };
    const timeoutMs = submission.timeoutMs ?? settings.defaultTimeoutMs;
    const { request: accepted, replayed } = await requests.submit({ ...submission, timeoutMs });
    reply.header('location', `/status/${encodeURIComponent(accepted.id)}`);
    if (replayed) reply.header('idempotent-replayed', 'true');

    const wait = parseWait(request.headers.prefer);
    if (wait === null) return sendAccepted(reply, accepted);
    const latest = await withPatience({ ms: wait * 1000, reply, closing }, (signal) =>
      requests.waitForEnd(accepted.id, signal),
    );
    reply.header('preference-applied', `wait=${wait}`);
    if (!hasEnded(latest.state)) return sendAccepted(reply, latest);
    return reply.code(200).send(toStatusDocument(await requests.read(accepted.id), Date.now()));
  });
}

function sendAccepted(reply: FastifyReply, request: RequestRecord): FastifyReply {
  return reply
    .code(202)
    .header('retry-after', String(POLL_SECONDS))
    .send({
      requestId: request.id,
      workspace: request.workspace,
      source: request.source,
      status: request.state,
      message: toMessage(request.state),
    });
}

function toMessage(state: RequestState): string {
  return state === 'queued' ? 'Command queued for execution' : `Command accepted; it is ${state.replace('_', ' ')}`;
}

function toSubmission(
  body: Static<typeof ExecuteBody>,
  keyId: string | null,
  idempotencyKey: string | undefined,
): Submission {
  mustBeWellFormed('chatId', body.chatId);
  mustBeWellFormed('replyTo', body.replyTo);
  return {
    workspace: body.workspace,
    prompt: body.command,
    promptField: 'command',
    source: 'http',
    identity: { transport: 'http', user_id: keyId, channel_id: body.chatId ?? 'http-api', thread_id: null },
    priority: body.priority ?? 'normal',
    ...(body.timeoutMs === undefined ? {} : { timeoutMs: body.timeoutMs }),
    ...(body.agent === undefined ? {} : { agent: body.agent }),
    ...(body.replyTo === undefined ? {} : { replyTo: body.replyTo }),
    ...(body.chatId === undefined ? {} : { chatId: body.chatId }),
    ...(idempotencyKey === undefined
      ? {}
      : {
          idempotency: {
            owner: keyId ?? 'anonymous',
            key: idempotencyKey,
            bodyHash: hashJson(body),
            field: 'Idempotency-Key',
          },
        }),
  };
}

/** The store keeps UTF-8, in which a lone surrogate has no form. */
function mustBeWellFormed(field: string, value: string | undefined): void {
  if (value === undefined || value.isWellFormed()) return;
  throw new GatewayError('invalid_field', `${field} holds a lone surrogate: send well-formed Unicode`, { field });
}
