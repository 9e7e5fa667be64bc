import { GatewayError } from '../../core/model/errors.ts';
import { hasEnded } from '../../core/model/request.ts';
import type { App } from '../answers/app.ts';
import { whoOf } from '../door/caller.ts';
import type { RouteDeps } from '../route-deps.ts';
import { toStatusDocument } from './request-documents.ts';
import { sendUnlessKnown } from '../answers/headers/entity-tag.ts';
import { parseWait } from '../answers/headers/prefer.ts';
import { json, notModified, problems, taggedHeaders, text, waitedHeaders } from '../answers/responses.ts';
import { RequestParams, WaitHeaders, Status } from './request-schemas.ts';
import { EmptyBody } from '../answers/schema-parts.ts';
import { withPatience } from '../answers/waiting.ts';

type StatusDeps = Pick<RouteDeps, 'requests' | 'closing'>;

export function addStatusRoutes(app: App, deps: StatusDeps): void {
  addReadStatus(app, deps);
  addReadOutput(app, deps);
  addCancel(app, deps);
}

const readStatusSchema = {
  operationId: 'readStatus',
  summary: 'Read what became of a request',
  description:
    'With `Prefer: wait=N` the answer waits for the end of the request. With `If-None-Match` it is 304 when nothing has changed but the time that has passed.',
  tags: ['requests'],
  params: RequestParams,
  headers: WaitHeaders,
  response: {
    200: json(Status, 'The request as it stands.', { ...waitedHeaders, ...taggedHeaders }),
    304: notModified,
    ...problems(404),
  },
} as const;

function addReadStatus(app: App, { requests, closing }: StatusDeps): void {
  app.get('/status/:requestId', { schema: readStatusSchema }, async (request, reply) => {
    const { requestId } = request.params;
    const wait = parseWait(request.headers.prefer);
    if (wait !== null) {
      await withPatience({ ms: wait * 1000, reply, closing }, (signal) => requests.waitForEnd(requestId, signal));
      reply.header('preference-applied', `wait=${wait}`);
    }
    return sendUnlessKnown(request, reply, toStatusDocument(await requests.read(requestId), Date.now()));
  });
}

const readOutputSchema = {
  operationId: 'readOutput',
  summary: 'Read the answer as text',
  description:
    'Also what was said before a turn was stopped. Empty when the request ended without text; 404 while it is active.',
  tags: ['requests'],
  params: RequestParams,
  response: { 200: text('The text of the agent.'), ...problems(404) },
} as const;

function addReadOutput(app: App, { requests }: StatusDeps): void {
  app.get('/status/:requestId/output', { schema: readOutputSchema }, async (request, reply) => {
    const { request: record } = await requests.read(request.params.requestId);
    if (record.text === null && !hasEnded(record.state)) {
      throw new GatewayError('not_found', `no output yet: the request is ${record.state}`);
    }
    return reply
      .code(200)
      .type('text/plain; charset=utf-8')
      .send(record.text ?? '');
  });
}

const cancelSchema = {
  operationId: 'cancelRequest',
  summary: 'Cancel a request',
  description:
    'In any state, and as often as you like: an ended request is answered as it is, a running one is interrupted and ends soon.',
  tags: ['requests'],
  params: RequestParams,
  body: EmptyBody,
  response: { 200: json(Status, 'The request as it stands.'), ...problems(404, 413, 415) },
} as const;

function addCancel(app: App, { requests }: StatusDeps): void {
  app.post('/status/:requestId/cancel', { schema: cancelSchema }, async (request, reply) => {
    const { requestId } = request.params;
    await requests.cancel(requestId, whoOf(request));
    return reply.code(200).send(toStatusDocument(await requests.read(requestId), Date.now()));
  });
}
