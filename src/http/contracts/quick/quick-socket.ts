import type { FastifyRequest } from 'fastify';
import { GatewayError } from '../../../core/model/errors.ts';
import type { EventRecord } from '../../../core/model/event.ts';
import type { QuickStatus } from '../../../core/ports/quick/quick.ts';
import type { App } from '../../answers/app.ts';
import { createProblem, ProblemError } from '../../answers/problem.ts';
import { empty, problems } from '../../answers/responses.ts';
import { untilGone } from '../../answers/waiting.ts';
import type { RouteDeps } from '../../route-deps.ts';
import { serveQuickClient } from './quick-client.ts';
import { toIdentity } from './quick-documents.ts';
import { QuickParams, QuickSocketQuery } from './quick-schemas.ts';

type QuickSocketDeps = Pick<RouteDeps, 'quick' | 'requests' | 'events' | 'log' | 'closing' | 'patience' | 'rateLimit'>;

const schema = {
  operationId: 'joinQuickSession',
  summary: 'Follow a quick session over a WebSocket, and type into it',
  description:
    'Text frames with JSON: `connected`, `statusChange`, `assistantText`, `toolUse`, `result`, `error` from the gateway, `{type: "user_input", content}` from the client. Each frame that tells of an event has its `seq`; `?after=` goes on behind it. Frames and close codes: docs/quick.md.',
  tags: ['quick'],
  params: QuickParams,
  querystring: QuickSocketQuery,
  response: { 101: empty('The connection is open.'), ...problems(403, 404, 410, 426) },
} as const;

export function addQuickSocket(app: App, deps: QuickSocketDeps): void {
  const { quick, requests, events, closing, patience, log, rateLimit } = deps;
  const followed = new WeakMap<FastifyRequest, AsyncIterable<readonly EventRecord[]>>();

  async function follow({ raw: { socket } }: FastifyRequest, workspace: string, after: number | undefined) {
    const found = await events.follow({ workspace }, after, untilGone(socket, closing));
    if (found === null) throw new GatewayError('not_found', `There is no quick session ${workspace}`);
    return found;
  }

  app.route({
    method: 'GET',
    url: '/quick/ws/sessions/:id',
    exposeHeadRoute: false,
    schema,
    preHandler: async (request) => {
      if (!request.ws) throw new ProblemError(createProblem('upgrade_required', 'open a WebSocket on this path'));
      const { id } = await quick.read(request.params.id);
      followed.set(request, await follow(request, id, request.query.after));
    },
    handler: () => {
      throw new Error('a quick session was followed without a WebSocket');
    },
    wsHandler: (socket, request) => {
      const { keyId, params } = request;
      serveQuickClient({
        socket,
        events: followed.get(request) ?? nothing(),
        requests,
        status: () => readStatus(deps, params.id),
        send: async ({ content, traceparent }) =>
          void (await quick.send(params.id, content, toIdentity(keyId), traceparent)),
        keyId,
        spend: () => rateLimit.spend(request),
        ...{ closing, patience, log },
      });
    },
  });
}

/** Null: it ends at this moment. */
async function readStatus({ quick }: Pick<QuickSocketDeps, 'quick'>, id: string): Promise<QuickStatus | null> {
  try {
    return (await quick.read(id)).status;
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'not_found') return null;
    throw error;
  }
}

async function* nothing(): AsyncGenerator<readonly EventRecord[]> {}
