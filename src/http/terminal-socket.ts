import type { WebSocket } from '@fastify/websocket';
import type { AttachedTerminal } from '../core/ports/terminal.ts';
import { isTooLarge } from './websockets.ts';
import { parseClientMessage, type ServerMessage } from './terminal-messages.ts';

export interface TerminalPatience {
  /** Between two pings; who has not answered one by the next is gone. */
  readonly pingMs: number;
  /** So long a client may take nothing of what waits for it. */
  readonly stallMs: number;
}

export const PATIENCE: TerminalPatience = { pingMs: 30_000, stallMs: 60_000 };

/** Output that may wait in the gateway for one client, and how little must be left before more is read. */
const HIGH_WATER_BYTES = 262_144;
const LOW_WATER_BYTES = 65_536;

export interface TerminalSocketDeps {
  readonly socket: WebSocket;
  readonly terminal: AttachedTerminal;
  readonly opened: Omit<Extract<ServerMessage, { type: 'opened' }>, 'type'>;
  /** Aborts when the server closes. */
  readonly closing: AbortSignal;
  readonly patience: TerminalPatience;
}

/** Joins a client and a terminal until one of them is gone. */
export function joinTerminal({ socket, terminal, opened, closing, patience }: TerminalSocketDeps): void {
  const say = (message: ServerMessage): void => socket.send(JSON.stringify(message));
  const stop = (): void => socket.close(1001, 'the gateway stops: reconnect in a moment');
  const output = createOutput(socket, terminal, patience.stallMs);
  const stopPings = keepAlive(socket, patience.pingMs, output.isHeld);
  closing.addEventListener('abort', stop);
  socket.once('close', () => {
    stopPings();
    output.end();
    closing.removeEventListener('abort', stop);
  });
  socket.on('message', (data: Buffer, isBinary) => {
    if (isTooLarge(socket, data)) return;
    if (isBinary) return terminal.write(data);
    const message = parseClientMessage(data.toString());
    if (message.type === 'wrong') socket.close(message.code, message.reason);
    else terminal.resize(message.size);
  });
  void terminal.exited.then((reason) => {
    if (socket.readyState !== socket.OPEN) return;
    say({ type: 'exited', reason });
    socket.close(1000, reason);
  });
  say({ type: 'opened', ...opened });
  if (closing.aborted) stop();
  else terminal.onOutput(output.send);
}

interface Output {
  readonly send: (bytes: Uint8Array) => void;
  /** Too much waits for the client; nothing more is read. */
  readonly isHeld: () => boolean;
  end(): void;
}

/** Hands output to the client at its own pace. */
function createOutput(socket: WebSocket, terminal: AttachedTerminal, stallMs: number): Output {
  let stalled: NodeJS.Timeout | null = null;

  function hold(): void {
    clearTimeout(stalled ?? undefined);
    stalled = setTimeout(() => socket.close(1013, `nothing was read for ${stallMs} ms`), stallMs);
  }

  function release(): void {
    clearTimeout(stalled ?? undefined);
    stalled = null;
  }

  /** Something was taken: what is left may be little enough, and otherwise the patience begins anew. */
  function taken(error?: Error | null): void {
    if (stalled === null || error) return;
    if (socket.bufferedAmount > LOW_WATER_BYTES) return hold();
    release();
    terminal.resume();
  }

  return {
    send(bytes) {
      socket.send(bytes, { binary: true }, taken);
      if (stalled !== null || socket.bufferedAmount <= HIGH_WATER_BYTES) return;
      terminal.pause();
      hold();
    },
    isHeld: () => stalled !== null,
    end: release,
  };
}

/** Pings a client, and cuts it off when it is gone without a word. One that stalls has a deadline of its own. */
export function keepAlive(socket: WebSocket, pingMs: number, isHeld: () => boolean): () => void {
  let isAlive = true;
  socket.on('pong', () => (isAlive = true));
  const pings = setInterval(() => {
    if (isHeld()) return;
    if (!isAlive) return socket.terminate();
    isAlive = false;
    socket.ping();
  }, pingMs);
  return () => clearInterval(pings);
}
