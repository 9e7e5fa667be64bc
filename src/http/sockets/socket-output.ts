import type { WebSocket } from '@fastify/websocket';

export interface Patience {
  /** Between two pings; who has not answered one by the next is gone. */
  readonly pingMs: number;
  /** So long a client may keep the gateway waiting: take nothing of what is sent, or not say what it wants. */
  readonly stallMs: number;
}

export const PATIENCE: Patience = { pingMs: 30_000, stallMs: 60_000 };

/** Output that may wait in the gateway for one client, and how little must be left before more is read. */
const HIGH_WATER_BYTES = 262_144;
const LOW_WATER_BYTES = 65_536;

/** Where output comes from. */
export interface Source {
  pause(): void;
  resume(): void;
}

export interface Output {
  readonly send: (data: Uint8Array) => void;
  /** Too much waits for the client; nothing more is read. */
  readonly isHeld: () => boolean;
  end(): void;
}

/** Hands output to the client at its own pace, in binary or in text frames. */
export function createOutput(
  socket: WebSocket,
  source: Source,
  { stallMs, binary }: { readonly stallMs: number; readonly binary: boolean },
): Output {
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
    source.resume();
  }

  return {
    send(data) {
      socket.send(data, { binary }, taken);
      if (stalled !== null || socket.bufferedAmount <= HIGH_WATER_BYTES) return;
      source.pause();
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
