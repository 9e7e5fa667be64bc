import { once } from 'node:events';
import { get } from 'node:http';
import { text } from 'node:stream/consumers';
import headless from '@xterm/headless';
import { WebSocket } from 'ws';
import { until } from './until.ts';

export interface ConnectOptions {
  readonly headers?: Readonly<Record<string, string>>;
  readonly protocols?: readonly string[];
  /** Of the screen that the client draws; the query asks for the same. */
  readonly columns?: number;
  readonly rows?: number;
}

/** A program at the terminal of a session, which draws what it gets. */
export interface TerminalClient {
  readonly socket: WebSocket;
  /** The text frames, parsed, oldest first. */
  readonly messages: readonly Readonly<Record<string, unknown>>[];
  /** Bytes of output so far. */
  received(): number;
  send(keys: string): void;
  say(message: unknown): void;
  /** What stands on its screen. */
  screen(): Promise<string>;
  sees(wanted: string | RegExp): Promise<void>;
  /** Resolves with how the connection ended. */
  readonly ended: Promise<{ readonly code: number; readonly reason: string }>;
  close(): Promise<void>;
}

export async function connectTerminal(url: string, options: ConnectOptions = {}): Promise<TerminalClient> {
  const { columns = 200, rows = 51, headers = {}, protocols = [] } = options;
  const socket = new WebSocket(url.replace(/^http/, 'ws'), [...protocols], { headers: { ...headers } });
  const screen = new headless.Terminal({ cols: columns, rows, allowProposedApi: true });
  const messages: Record<string, unknown>[] = [];
  let received = 0;
  socket.on('message', (data: Buffer, isBinary) => {
    if (!isBinary) return void messages.push(JSON.parse(data.toString()) as Record<string, unknown>);
    received += data.length;
    return screen.write(data);
  });
  const ended = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  await once(socket, 'open');
  await until(() => messages[0]);
  const read = async (): Promise<string> => {
    await new Promise<void>((resolve) => screen.write('', resolve));
    const { active } = screen.buffer;
    const lines = Array.from({ length: screen.rows }, (_, at) => active.getLine(active.baseY + at));
    return lines.map((line) => line?.translateToString(true) ?? '').join('\n');
  };
  return {
    socket,
    messages,
    received: () => received,
    send: (keys) => socket.send(Buffer.from(keys)),
    say: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    screen: read,
    async sees(wanted) {
      await until(async () => {
        const shown = await read();
        return typeof wanted === 'string' ? shown.includes(wanted) : wanted.test(shown);
      });
    },
    ended,
    async close() {
      socket.close();
      await ended;
      screen.dispose();
    },
  };
}

export interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Asks for an upgrade that is refused. */
export async function refusedUpgrade(url: string, headers: Readonly<Record<string, string>> = {}): Promise<Refusal> {
  const upgrade = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' };
  const key = Buffer.alloc(16).toString('base64');
  const request = get(url, { headers: { ...upgrade, 'sec-websocket-key': key, ...headers } });
  return new Promise((resolve, reject) => {
    request.once('error', reject);
    request.once('upgrade', (_answer, socket) => {
      socket.destroy();
      reject(new Error('the upgrade was not refused'));
    });
    request.once('response', (answer) => {
      text(answer).then((body) => {
        const isJson = answer.headers['content-type']?.includes('json') === true;
        const parsed = isJson ? (JSON.parse(body) as Record<string, unknown>) : {};
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: parsed });
      }, reject);
    });
  });
}
