import type { WebSocket } from '@fastify/websocket';
import { GatewayError } from '../../../core/model/errors.ts';
import type { EventRecord } from '../../../core/model/event.ts';
import type { RequestsApi } from '../../../core/ports/gateway/requests.ts';
import type { Log } from '../../../core/ports/log.ts';
import { createProblem, ProblemError, toProblem, type Problem } from '../../answers/problem.ts';
import { createGate } from '../../sockets/gate.ts';
import { takeInOrder } from '../../sockets/in-order.ts';
import { createOutput, keepAlive, type Patience } from '../../sockets/socket-output.ts';
import { createFrames, type FrameSources, parseInput, type QuickFrame, type QuickInput } from './quick-frames.ts';

export interface QuickClientDeps {
  readonly socket: WebSocket;
  /** Of the session; ends when the client goes, and when the gateway stops. */
  readonly events: AsyncIterable<readonly EventRecord[]>;
  readonly requests: Pick<RequestsApi, 'read'>;
  readonly status: FrameSources['status'];
  /** Sends what the client typed. */
  readonly send: (input: QuickInput) => Promise<void>;
  /** Counts a frame as a request. Rejects with the problem when there were too many. */
  readonly keyId: string | null;
  readonly spend: () => Promise<void>;
  /** Aborts when the server closes. */
  readonly closing: AbortSignal;
  readonly patience: Patience;
  readonly log: Log;
}

/** So many frames in a row that are refused are answered. */
const REFUSED_MAX = 100;

/** Tells a client what happens in its session, and takes what it types, as long as both are there. */
export function serveQuickClient(deps: QuickClientDeps): void {
  const { socket, closing, patience, log } = deps;
  const gate = createGate();
  const output = createOutput(socket, gate, { stallMs: patience.stallMs, binary: false });
  const stopPings = keepAlive(socket, patience.pingMs, output.isHeld);
  const stop = (): void => socket.close(1001, 'the gateway stops: reconnect in a moment');
  const say = (frame: QuickFrame): void => {
    if (socket.readyState === socket.OPEN) output.send(Buffer.from(JSON.stringify(frame)));
  };
  closing.addEventListener('abort', stop);
  socket.once('close', () => {
    stopPings();
    output.end();
    gate.resume();
    closing.removeEventListener('abort', stop);
  });
  takeInOrder(socket, createTake(deps, say));
  say({ type: 'connected' });
  if (closing.aborted) return stop();
  tell(deps, say, () => gate.opened()).catch((error: unknown) => {
    log.error({ err: error }, 'quick.failed');
    socket.close(1011, 'a mistake of the gateway');
  });
}

async function tell(
  { socket, events, requests, status }: QuickClientDeps,
  say: (frame: QuickFrame) => void,
  opened: () => Promise<void>,
): Promise<void> {
  const frames = createFrames({ request: async (id) => (await requests.read(id)).request, status });
  for await (const batch of events) {
    for (const event of batch) {
      for (const frame of await frames.of(event)) say(frame);
      if (event.type === 'quick.deleted') return socket.close(1000, 'the session is gone');
      await opened();
    }
  }
  return socket.close(1001, 'the gateway stops: reconnect in a moment');
}

function createTake({ socket, spend, send, keyId, log }: QuickClientDeps, say: (frame: QuickFrame) => void) {
  /** In a row. */
  let refused = 0;

  return async (text: string | null): Promise<void> => {
    try {
      await spend();
      const input = parseInput(text);
      if (input === null) throw new GatewayError('invalid_field', 'send {"type": "user_input", "content": "…"}');
      await send(input);
      refused = 0;
    } catch (error) {
      refused += 1;
      const { code, detail } = recognise(error, log);
      log.info({ route: '/quick/ws/sessions/:id', keyId, code }, 'http.frame_refused');
      say({ type: 'error', content: detail });
      if (refused >= REFUSED_MAX) socket.close(1008, 'too many frames were refused');
    }
  };
}

function recognise(error: unknown, log: Log): Problem {
  if (error instanceof GatewayError) return toProblem(error);
  if (error instanceof ProblemError) return error.problem;
  log.error({ err: error }, 'quick.failed');
  return createProblem('internal', 'Something went wrong inside the gateway: see its log');
}
