import type { WebSocket } from '@fastify/websocket';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { IncomingMessage } from 'node:http';
import type { Log } from '../../core/ports/log.ts';
import type { App } from '../answers/app.ts';
import type { Callers } from './auth.ts';
import type { Caller } from './caller.ts';

export interface LostKeys {
  /** Ends what is open of this request when its key is revoked, rotated or expires. */
  watch(request: FastifyRequest, reply: FastifyReply, caller: Caller): void;
}

/** Nothing else tells of a key that another process at the same database took away. What is promised is a second. */
const LOOK_EVERY_MS = 300;
/** An answer that is under way when its key goes, as that to whoever gives up its own, has until the next look. */
const LOOKS_OF_GRACE = 1;
/** The code is 4000 and the status, as that of other refusals. */
const CLOSED = { code: 4401, reason: 'the key is no longer valid' } as const;

interface Open {
  readonly caller: Caller;
  readonly request: FastifyRequest;
  looks: number;
}

export function endOfLostKeys(app: App, callers: Callers, log: Log): LostKeys {
  const open = new Set<Open>();
  const sockets = new WeakMap<IncomingMessage, WebSocket>();
  let isLooking = false;

  async function look(): Promise<void> {
    const lost = new Map<string, boolean>();
    for (const one of open) {
      const { keyId } = one.caller;
      const mark = `${keyId} ${one.caller.key?.sha256}`;
      if (!lost.has(mark)) lost.set(mark, !(await callers.isStill(one.caller)));
      if (lost.get(mark) === true) end(one);
    }
  }

  function end(one: Open): void {
    const socket = sockets.get(one.request.raw);
    if (socket !== undefined) socket.close(CLOSED.code, CLOSED.reason);
    else if (one.looks >= LOOKS_OF_GRACE) one.request.raw.socket.destroy();
    else {
      one.looks += 1;
      return;
    }
    open.delete(one);
    log.info({ keyId: one.caller.keyId, route: one.request.routeOptions.url ?? null }, 'http.cut_off');
  }

  app.websocketServer.on('connection', (socket: WebSocket, raw: IncomingMessage) => sockets.set(raw, socket));
  const looks = setInterval(() => {
    if (isLooking || open.size === 0) return;
    isLooking = true;
    look()
      .catch((error: unknown) => log.warn({ error: String(error) }, 'http.keys_not_read'))
      .finally(() => (isLooking = false));
  }, LOOK_EVERY_MS);
  looks.unref();
  app.addHook('onClose', async () => clearInterval(looks));

  return {
    watch(request, reply, caller) {
      if (caller.key === null) return;
      const one: Open = { caller, request, looks: 0 };
      open.add(one);
      const forget = (): void => void open.delete(one);
      if (request.ws) request.raw.socket.once('close', forget);
      else reply.raw.once('close', forget);
    },
  };
}
