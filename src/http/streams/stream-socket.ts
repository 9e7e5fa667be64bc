import type { WebSocket } from '@fastify/websocket';
import { GatewayError } from '../../core/model/errors.ts';
import { endsRequest, type EventRecord } from '../../core/model/event.ts';
import type { Log } from '../../core/ports/log.ts';
import { toFrame } from './event-frames.ts';
import { toProblem } from '../answers/problem.ts';
import { createGate } from '../sockets/gate.ts';
import { createOutput, keepAlive, type Patience } from '../sockets/socket-output.ts';
import { parseFirstFrame } from './stream-messages.ts';
import type { StreamWish } from './stream-schemas.ts';
import { isTooLarge } from '../sockets/websockets.ts';

/** What a client follows; `events` is null when nothing comes any more. */
export interface Followed {
  readonly wish: StreamWish;
  readonly events: AsyncIterable<readonly EventRecord[]> | null;
}

export interface StreamSocketDeps {
  readonly socket: WebSocket;
  /** What the query asked for; null: the first frame will say. */
  readonly followed: Followed | null;
  readonly follow: (wish: StreamWish) => Promise<Followed>;
  /** Aborts when the server closes. */
  readonly closing: AbortSignal;
  readonly patience: Patience;
  readonly log: Log;
}

/** Sends a client the events that it asks for, as long as both are there. */
export function joinStream(deps: StreamSocketDeps): void {
  const { socket, closing, patience } = deps;
  const stop = (): void => socket.close(1001, 'the gateway stops: reconnect in a moment');
  const gate = createGate();
  const output = createOutput(socket, gate, { stallMs: patience.stallMs, binary: false });
  const stopPings = keepAlive(socket, patience.pingMs, output.isHeld);
  const late = setTimeout(() => socket.close(1008, 'the first frame must say what to follow'), patience.stallMs);
  closing.addEventListener('abort', stop);
  socket.once('close', () => {
    stopPings();
    output.end();
    gate.resume();
    clearTimeout(late);
    closing.removeEventListener('abort', stop);
  });

  async function send({ wish, events }: Followed): Promise<void> {
    let last: EventRecord | null = null;
    for await (const batch of events ?? []) {
      for (const event of batch) {
        if (socket.readyState !== socket.OPEN) return;
        output.send(toFrame(event).json);
        last = event;
        await gate.opened();
      }
    }
    const hasEnded = wish.requestId !== undefined && (last === null ? events === null : endsRequest(last));
    if (hasEnded) socket.close(1000, 'the request has ended');
    else stop();
  }

  function begin(followed: Promise<Followed>): void {
    clearTimeout(late);
    followed.then(send).catch((error: unknown) => refuse(deps, error));
  }

  let isBegun = deps.followed !== null;
  socket.on('message', (data: Buffer, isBinary) => {
    if (isTooLarge(socket, data)) return;
    if (isBegun) return socket.close(1008, 'nothing is expected from the client any more');
    const frame = parseFirstFrame(isBinary ? '' : data.toString());
    if (frame.kind === 'wrong') return socket.close(frame.code, frame.reason);
    isBegun = true;
    return begin(deps.follow(frame.wish));
  });
  if (closing.aborted) stop();
  else if (deps.followed !== null) begin(Promise.resolve(deps.followed));
}

/** The same problem as before the upgrade, as the last frame; its status is part of the close code. */
function refuse({ socket, log }: StreamSocketDeps, error: unknown): void {
  if (error instanceof GatewayError && error.code !== 'internal') {
    const problem = toProblem(error);
    socket.send(JSON.stringify({ ...problem, type: 'error' }));
    return socket.close(4000 + problem.status, problem.code);
  }
  log.error({ err: error }, 'stream.failed');
  return socket.close(1011, 'a mistake of the gateway');
}
