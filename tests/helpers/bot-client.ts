import { once } from 'node:events';
import { WebSocket } from 'ws';
import { proveFrame } from './openapi-fetch.ts';
import { until } from './until.ts';

/** A program at the bot's WebSocket. */
export interface BotClient {
  readonly socket: WebSocket;
  /** Parsed, oldest first. */
  readonly frames: readonly BotFrame[];
  send(message: unknown): void;
  /** Waits for a frame. */
  gets(wanted: Readonly<Record<string, unknown>>): Promise<BotFrame>;
  /** Resolves with the close code. */
  readonly ended: Promise<number>;
  close(): Promise<void>;
  /** As when the machine of the client loses its power. */
  vanish(): Promise<void>;
}

export type BotFrame = Readonly<Record<string, unknown>> & { readonly type: string; readonly requestId: string };

export async function connectBot(baseUrl: string, key: string): Promise<BotClient> {
  const socket = new WebSocket(`${baseUrl.replace(/^http/, 'ws')}/ws`, { headers: { 'x-api-key': key } });
  const frames: BotFrame[] = [];
  socket.on('message', (data: Buffer) => void frames.push(JSON.parse(data.toString()) as BotFrame));
  const ended = new Promise<number>((resolve) => socket.once('close', resolve));
  await once(socket, 'open');
  return {
    socket,
    frames,
    send: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    async gets(wanted) {
      const isWanted = (frame: BotFrame): boolean =>
        Object.entries(wanted).every(([name, value]) => frame[name] === value);
      const found = await until(() => frames.find(isWanted));
      proveFrame('BotFrame', found);
      return found;
    },
    ended,
    async close() {
      socket.close();
      await ended;
    },
    async vanish() {
      socket.terminate();
      await ended;
    },
  };
}
