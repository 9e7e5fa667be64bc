import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { WebSocket } from 'ws';

/** One event, as both kinds of stream tell it. */
export interface StreamedEvent {
  readonly seq: number;
  readonly type: string;
  readonly requestId: string | null;
  readonly workspace: string;
  readonly at: number;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface EventReader {
  /** Oldest first. */
  readonly events: readonly StreamedEvent[];
  /** Milliseconds since 1970, with fractions, at which each of them had come. */
  readonly seenAt: readonly number[];
  /** Resolves when the stream is over, whoever ended it. */
  readonly ended: Promise<void>;
  /** Goes away without a word. */
  cut(): void;
}

export interface SseReader extends EventReader {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** The raw text so far. */
  text(): string;
  /** Stops reading, as a program that hangs does. */
  pause(): void;
}

const now = (): number => performance.timeOrigin + performance.now();

/** Resolves when the answer begins. */
export async function readSse(url: string, headers: Readonly<Record<string, string>> = {}): Promise<SseReader> {
  const request = get(url, { headers: { ...headers }, agent: false });
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  const events: StreamedEvent[] = [];
  const seenAt: number[] = [];
  let text = '';
  let rest = '';
  response.setEncoding('utf8');
  response.on('data', (chunk: string) => {
    text += chunk;
    const blocks = (rest + chunk).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const event = parseBlock(block);
      if (event === null) continue;
      events.push(event);
      seenAt.push(now());
    }
  });
  response.on('error', () => {});
  const ended = new Promise<void>((resolve) => response.once('close', () => resolve()));
  return {
    status: response.statusCode ?? 0,
    headers: response.headers,
    events,
    seenAt,
    text: () => text,
    ended,
    cut: () => request.destroy(),
    pause: () => response.pause(),
  };
}

function parseBlock(block: string): StreamedEvent | null {
  const fields = new Map(block.split('\n').map((line) => [line.split(': ', 1)[0], line.slice(line.indexOf(': ') + 2)]));
  const data = fields.get('data');
  if (data === undefined) return null;
  const event = JSON.parse(data) as StreamedEvent;
  if (fields.get('id') !== String(event.seq) || fields.get('event') !== event.type)
    throw new Error(`the id or the name of an event is not its own: ${block}`);
  return event;
}

export interface StreamReader extends EventReader {
  readonly socket: WebSocket;
  /** Frames that are no events. */
  readonly messages: readonly Readonly<Record<string, unknown>>[];
  say(message: unknown): void;
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
}

/** Resolves when the WebSocket is open. */
export async function connectStream(
  url: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<StreamReader> {
  const socket = new WebSocket(url.replace(/^http/, 'ws'), { headers: { ...headers }, perMessageDeflate: false });
  const events: StreamedEvent[] = [];
  const seenAt: number[] = [];
  const messages: Record<string, unknown>[] = [];
  socket.on('message', (data: Buffer) => {
    const document = JSON.parse(data.toString()) as StreamedEvent & Record<string, unknown>;
    if (document.seq === undefined) return void messages.push(document);
    events.push(document);
    return void seenAt.push(now());
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.once('close', (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  await once(socket, 'open');
  socket.on('error', () => {});
  return {
    socket,
    events,
    seenAt,
    messages,
    say: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
    closed,
    ended: closed.then(() => {}),
    cut: () => socket.terminate(),
  };
}
