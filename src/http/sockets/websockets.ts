import websocket, { type WebSocket } from '@fastify/websocket';
import { readIds } from '../answers/logged-ids.ts';
import type { FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import type { Log } from '../../core/ports/log.ts';
import { GatewayError } from '../../core/model/errors.ts';
import type { App } from '../answers/app.ts';
import { answerHandshake } from '../answers/failures.ts';
import { KEY_PROTOCOL } from '../door/auth.ts';
import { BODY_MAX_BYTES } from '../answers/json/body.ts';

/** Of one frame that a client sends, where a route needs no more: see `isTooLarge`. */
const FRAME_MAX_BYTES = 65_536;
/** A peer that does not answer a close frame is cut off then. */
const CLOSE_GRACE_MS = 2_000;

export async function acceptWebSockets(app: App, log: Log): Promise<void> {
  const options = {
    // The WebSocket server knows no routes: this is for the one that takes whole prompts.
    maxPayload: BODY_MAX_BYTES,
    perMessageDeflate: false,
    closeTimeout: CLOSE_GRACE_MS,
    handleProtocols: chooseProtocol,
  };
  await app.register(websocket, {
    options,
    errorHandler: (error, socket, request) => {
      // The socket itself has told a client what it did wrong, and is closing.
      if (socket.readyState !== socket.OPEN) return;
      log.error({ err: error, route: request.routeOptions.url }, 'http.websocket_failed');
      socket.close(1011, 'a mistake of the gateway');
    },
  });
  app.websocketServer.on('wsClientError', (_error: Error, socket: Socket) => answerHandshake(socket));
  logConnections(app, log);
  refuseElsewhere(app);
  // The connection of a refused upgrade ends with its answer.
  app.addHook('onSend', (request, reply, _payload, done) => {
    if (request.ws) reply.header('connection', 'close');
    done();
  });
}

/** A line when it opens and one when it ends: what never was an answer is in no line of requests. */
function logConnections(app: App, log: Log): void {
  const upgraded = new WeakMap<IncomingMessage, FastifyRequest>();
  app.addHook('onRequest', (request, _reply, done) => {
    if (request.ws) upgraded.set(request.raw, request);
    done();
  });
  app.websocketServer.on('connection', (socket: WebSocket, raw: IncomingMessage) => {
    const request = upgraded.get(raw);
    const ids = request === undefined ? {} : readIds(request);
    const fields = { route: request?.routeOptions.url ?? null, keyId: request?.keyId ?? null, ...ids };
    const openedAt = performance.now();
    log.info(fields, 'http.websocket_opened');
    socket.once('close', (code: number) =>
      log.info({ ...fields, code, ms: Math.round(performance.now() - openedAt) }, 'http.websocket_closed'),
    );
  });
}

/** The plugin opens one on every path, pages that need no key too, and closes it then. */
function refuseElsewhere(app: App): void {
  const open = new Set<string | undefined>();
  app.addHook('onRoute', ({ url, websocket: isSocket, wsHandler }) => {
    if (isSocket === true || wsHandler !== undefined) open.add(url);
  });
  app.addHook('preValidation', (request, _reply, done) => {
    const { url } = request.routeOptions;
    if (!request.ws || url === undefined || open.has(url)) return done();
    return done(new GatewayError('not_found', 'there is no WebSocket on this path'));
  });
}

/** True: the connection is being closed. */
export function isTooLarge(socket: WebSocket, data: Buffer): boolean {
  if (data.length <= FRAME_MAX_BYTES) return false;
  socket.close(1009, `a frame has at most ${FRAME_MAX_BYTES} bytes`);
  return true;
}

/** Many HTTP clients offer to go on in HTTP/2; Node answers those as if they had not. */
export function shouldUpgrade({ headers }: IncomingMessage): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket';
}

/** The first that is not a key: a key is never said back. */
function chooseProtocol(offered: ReadonlySet<string>): string | false {
  return [...offered].find((protocol) => !protocol.startsWith(KEY_PROTOCOL)) ?? false;
}
