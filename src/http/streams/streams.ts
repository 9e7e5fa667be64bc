import type { FastifyRequest } from 'fastify';
import { GatewayError } from '../../core/model/errors.ts';
import type { App } from '../answers/app.ts';
import { reachOf } from '../door/caller.ts';
import type { RouteDeps } from '../route-deps.ts';
import { sendEvents, STREAM_HEADERS } from './event-source.ts';
import { createProblem, ProblemError } from '../answers/problem.ts';
import { empty, eventStream, json, problems } from '../answers/responses.ts';
import { untilGone } from '../answers/waiting.ts';
import { RequestParams } from '../requests/request-schemas.ts';
import { EmptyBody } from '../answers/schema-parts.ts';
import { EventsHeaders, EventsQuery, StreamQuery, type StreamWish, StreamTicket } from './stream-schemas.ts';
import { joinStream, type Followed } from './stream-socket.ts';

type StreamDeps = Pick<RouteDeps, 'events' | 'closing' | 'patience' | 'log' | 'tickets'>;

export function addEventStreams(app: App, deps: StreamDeps): void {
  addRequestEvents(app, deps);
  addStream(app, deps);
  addTickets(app, deps);
}

const tags = ['streams'];

const eventsSchema = {
  operationId: 'followRequest',
  summary: 'Follow a request, as server-sent events',
  description:
    'All events of the request from the first one on, or behind `Last-Event-ID` or `after`: what is stored, then what comes. Each has its number as `id`, its type as `event`, and as `data` a JSON document with both. The stream ends behind the end of the request; 204 when that was before. Types and examples: docs/streams.md.',
  tags,
  params: RequestParams,
  querystring: EventsQuery,
  headers: EventsHeaders,
  response: {
    200: eventStream('The events.'),
    204: empty('The request ended at this place or before: do not come again.'),
    ...problems(404, 410),
  },
} as const;

function addRequestEvents(app: App, { events, closing, patience, log }: StreamDeps): void {
  app.get('/status/:requestId/events', { schema: eventsSchema }, async (request, reply) => {
    const { requestId } = request.params;
    // A browser that comes again names the last one and repeats its URL.
    const last = request.headers['last-event-id'] ?? '';
    const after = Number(last === '' ? (request.query.after ?? 0) : last);
    // While the gateway drains this ends at once: to a 503 browsers would not come again.
    const found = await events.follow({ requestId }, after, untilGone(reply.raw, closing)).catch((error: unknown) => {
      throw last === '' ? error : inHeader(error);
    });
    if (found === null) return reply.code(204).send(null);
    if (request.method === 'HEAD') return reply.code(200).headers(STREAM_HEADERS).send();
    return sendEvents(reply, found, patience).catch((error: unknown) => log.error({ err: error }, 'stream.failed'));
  });
}

/** A place that was not sent as `after` is named as it was sent. */
function inHeader(error: unknown): unknown {
  if (!(error instanceof GatewayError) || error.field !== 'after') return error;
  return new GatewayError(error.code, error.message, { field: 'Last-Event-ID', retry: error.retry, cause: error });
}

const streamSchema = {
  operationId: 'openStream',
  summary: 'Follow events over a WebSocket',
  description:
    'Those of one request, of one workspace, or all; from now on, or behind `after`. Each text frame is one event as a JSON document. A query that names none of the three leaves it to the first frame of the client: `{"requestId"?, "workspace"?, "after"?}`. Frames, close codes and limits: docs/streams.md.',
  tags,
  querystring: StreamQuery,
  response: { 101: empty('The stream is open.'), ...problems(403, 404, 410, 426) },
} as const;

function addStream(app: App, { events, closing, patience, log }: StreamDeps): void {
  const followed = new WeakMap<FastifyRequest, Followed>();

  async function follow(request: FastifyRequest, wish: StreamWish): Promise<Followed> {
    const { after, ...named } = wish;
    const filter = { ...named, reach: reachOf(request) };
    return { wish, events: await events.follow(filter, after, untilGone(request.raw.socket, closing)) };
  }

  app.route({
    method: 'GET',
    url: '/stream',
    exposeHeadRoute: false,
    schema: streamSchema,
    preHandler: async (request) => {
      // Before the upgrade, so that a refusal is an answer with a status. Browsers show none of it: they may ask in the
      // first frame instead.
      if (!request.ws) throw new ProblemError(createProblem('upgrade_required', 'open a WebSocket on this path'));
      const { ticket: _used, ...wish } = request.query;
      if (Object.keys(wish).length > 0) followed.set(request, await follow(request, wish));
    },
    handler: () => {
      throw new Error('a stream was opened without a WebSocket');
    },
    wsHandler: (socket, request) =>
      joinStream({
        socket,
        followed: followed.get(request) ?? null,
        follow: (wish) => follow(request, wish),
        closing,
        patience,
        log,
      }),
  });
}

const ticketSchema = {
  operationId: 'createStreamTicket',
  summary: 'Get a ticket for one WebSocket',
  description:
    'For browsers, which cannot set headers there: `?ticket=` opens `/stream`, `/ws` or a terminal once, within 30 seconds, as its key would.',
  tags,
  body: EmptyBody,
  response: { 201: json(StreamTicket, 'The ticket.'), ...problems(413, 415) },
} as const;

function addTickets(app: App, { tickets }: StreamDeps): void {
  app.post('/stream-tickets', { schema: ticketSchema }, async (request, reply) =>
    reply.code(201).send(tickets.issue(request.caller)),
  );
}
