import { Type } from 'typebox';
import type { FastifyReply } from 'fastify';
import { GatewayError } from '../../core/model/errors.ts';
import { hasEnded, type RequestRecord } from '../../core/model/request.ts';
import type { GatewayApi } from '../../core/ports/gateway.ts';
import type { App } from '../app.ts';
import { digestBody } from '../canonical.ts';
import { parseWait } from '../prefer.ts';
import { acceptedHeaders, json, problems, text } from '../responses.ts';
import { Accepted, ExecuteBody, RequestParams, Status } from '../schemas.ts';
import { toStatusDocument } from '../status-document.ts';

/** Seconds after which a poll is worth it. */
const POLL_AFTER_S = 1;
const IDEMPOTENCY_KEY = /^[\x21-\x7e]{1,255}$/;

const PreferHeader = Type.Optional(
  Type.String({ description: 'wait=N: wait up to N seconds (60 at most) for the end.' }),
);

export function addRequestRoutes(app: App, gateway: GatewayApi): void {
  app.post(
    '/execute',
    {
      schema: {
        operationId: 'execute',
        summary: 'Run a prompt in the session of a workspace',
        description: 'Answers after the request is on disk. The folder of a new workspace is created.',
        tags: ['requests'],
        headers: Type.Object({
          'idempotency-key': Type.Optional(
            Type.String({ description: 'For 24 hours the same key and body bring back the same request.' }),
          ),
          prefer: PreferHeader,
        }),
        body: ExecuteBody,
        response: {
          200: json('It ended while the caller waited (`Prefer: wait`).', Status, acceptedHeaders),
          202: json('Accepted: it is on disk.', Accepted, acceptedHeaders),
          ...problems(400, 401, 409, 413, 415, 422, 429, 500, 503),
        },
      },
    },
    async (request, reply) => {
      const { body } = request;
      const wait = parseWait(request.headers.prefer);
      const key = request.headers['idempotency-key'];
      if (key !== undefined && !IDEMPOTENCY_KEY.test(key)) {
        throw new GatewayError('invalid_field', 'Idempotency-Key is 1 to 255 visible ASCII characters', {
          field: 'Idempotency-Key',
        });
      }
      const submitted = await gateway.submit({
        workspace: body.workspace,
        prompt: body.command,
        promptField: 'command',
        source: 'http',
        identity: { transport: 'http', user_id: request.keyId, channel_id: body.chatId ?? 'http-api', thread_id: null },
        priority: (body.priority ?? 'normal') as 'high' | 'normal' | 'background',
        ...(body.timeoutMs !== undefined && { timeoutMs: body.timeoutMs }),
        ...(body.agent !== undefined && { agent: body.agent as 'claude' }),
        ...(body.replyTo !== undefined && { replyTo: body.replyTo }),
        ...(key !== undefined && {
          idempotency: { owner: request.keyId ?? 'anonymous', key, bodyHash: digestBody(body) },
        }),
      });
      if (submitted.replayed) void reply.header('Idempotent-Replayed', 'true');
      const { id, workspace } = submitted.request;
      void reply.header('Location', `/status/${id}`);
      const now = await waited(submitted.request, wait, reply);
      if (wait !== null && hasEnded(now.state)) return reply.code(200).send(toStatusDocument(now, null, Date.now()));
      void reply.header('Retry-After', POLL_AFTER_S);
      const message = submitted.replayed ? 'Accepted before with this Idempotency-Key' : 'Command queued for execution';
      return reply
        .code(202)
        .send({ requestId: id, workspace, status: submitted.replayed ? now.state : 'queued', message });
    },
  );

  app.get(
    '/status/:requestId',
    {
      schema: {
        operationId: 'readStatus',
        summary: 'Where a request stands',
        tags: ['requests'],
        params: RequestParams,
        headers: Type.Object({ prefer: PreferHeader }),
        response: { 200: json('The request.', Status), ...problems(400, 401, 404, 429, 500) },
      },
    },
    async (request, reply) => {
      const { requestId } = request.params;
      const first = await gateway.readRequest(requestId);
      await waited(first.request, parseWait(request.headers.prefer), reply);
      const { request: found, position } = await gateway.readRequest(requestId);
      return reply.send(toStatusDocument(found, position, Date.now()));
    },
  );

  app.get(
    '/status/:requestId/output',
    {
      schema: {
        operationId: 'readOutput',
        summary: 'The answer as text, also a partial one',
        tags: ['requests'],
        params: RequestParams,
        response: { 200: text('The answer.'), ...problems(400, 401, 404, 429, 500) },
      },
    },
    async (request, reply) => {
      const { request: found } = await gateway.readRequest(request.params.requestId);
      if (found.text === null)
        throw new GatewayError('not_found', `No output yet: the request is ${found.state}`, {
          retry: hasEnded(found.state) ? 'never' : 'later',
        });
      return reply.type('text/plain; charset=utf-8').send(found.text);
    },
  );

  app.post(
    '/status/:requestId/cancel',
    {
      schema: {
        operationId: 'cancel',
        summary: 'Cancel a request in any state; repeating it changes nothing',
        description: 'A queued request ends at once. A running one is interrupted; its end follows soon.',
        tags: ['requests'],
        params: RequestParams,
        response: { 200: json('The request as it stands now.', Status), ...problems(400, 401, 404, 415, 429, 500) },
      },
    },
    async (request, reply) => {
      const found = await gateway.cancel(request.params.requestId);
      return reply.send(toStatusDocument(found, null, Date.now()));
    },
  );

  /** Waits for the end as long as the caller wants to, and stays. */
  async function waited(request: RequestRecord, seconds: number | null, reply: FastifyReply): Promise<RequestRecord> {
    if (seconds === null) return request;
    void reply.header('Preference-Applied', `wait=${seconds}`);
    const gone = new AbortController();
    const leave = (): void => gone.abort();
    reply.raw.once('close', leave);
    app.closing.addEventListener('abort', leave, { once: true });
    try {
      return await gateway.waitForEnd(request.id, AbortSignal.any([gone.signal, AbortSignal.timeout(seconds * 1000)]));
    } finally {
      reply.raw.off('close', leave);
      app.closing.removeEventListener('abort', leave);
    }
  }
}
