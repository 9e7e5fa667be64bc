import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Update } from 'telegraf/types';
import { until } from '../until.ts';
import { type Args, callMethod, type SentFile } from './methods.ts';
import { createPaces, type Paces } from './paces.ts';
import { Refusal } from './refusal.ts';
import { createUpdateQueue } from './updates.ts';
import { addChat, createWorld, type ServerChat, type ServerMessage, type World } from './world.ts';

const SHOWN_WITHIN_MS = 60_000;

export const TOKEN = '7000000001:AAtest-token-of-the-bot-0123456789abc';
/** A group of everybody's tests. */
export const GROUP = -1_001_234_567_890;

export interface Called {
  readonly method: string;
  readonly args: Args;
  /** `performance.now()` */
  readonly at: number;
  /** The status that it was answered, or what was done to it; `gone`: whoever asked was gone by then. */
  answer: number | 'silent' | 'reset' | 'gone';
  /** The message that it became or changed. */
  messageId: number | null;
}

/** `…_after`, `isTaken`: it takes the message first. `status`: a page of something in between. */
export type Fault =
  | 'silent'
  | 'silent_after'
  | 'reset'
  | 'reset_after'
  | { readonly status: number; readonly isTaken?: true }
  | { readonly code: number; readonly description: string; readonly retryAfter?: number; readonly isTaken?: true };

export interface Said {
  readonly chat: number;
  readonly thread?: number;
  readonly from: number;
  readonly text: string;
  readonly more?: object;
}

export interface SentToBot extends Omit<Said, 'text'> {
  readonly name: string;
  readonly content: Buffer | string;
  readonly caption?: string;
}

/** The bot API on loopback, with its chats: stricter than the real one. */
export interface TelegramServer {
  readonly url: string;
  readonly world: World;
  readonly calls: readonly Called[];
  readonly offsets: readonly (number | null)[];
  /** The token that it takes from now on. */
  useToken(token: string): void;
  chat(id: number, more?: Partial<ServerChat>): ServerChat;
  topic(chat: number, name?: string): number;
  messages(chat: number, thread?: number | null): readonly ServerMessage[];
  /** Waits for a message whose text now has this in it. */
  untilShown(chat: number, thread: number | null, what: RegExp): Promise<ServerMessage>;
  /** What goes wrong with a call; null: nothing. */
  fail(fault: (method: string, args: Args) => Fault | null): void;
  /** How long (milliseconds) an answer is on its way. */
  linger(next: (method: string) => number): void;
  /** From now on chats take no more than Telegram lets them. */
  keepPaces(): void;
  /** A person writes; the id of the message. */
  say(said: Said): number;
  edit(messageId: number, said: Said): void;
  /** A person sends a document; the id of the message. */
  sendFile(sent: SentToBot): number;
  /** A person presses a button; the id of the press. */
  press(message: ServerMessage, label: string, from: number): string;
  push(update: object): void;
  /** The last update comes once more. */
  replay(): void;
  close(): Promise<void>;
}

export async function openTelegramServer(port = 0): Promise<TelegramServer> {
  const world = createWorld();
  const queue = createUpdateQueue(world);
  const calls: Called[] = [];
  let token = TOKEN;
  let fault: (method: string, args: Args) => Fault | null = () => null;
  let lingerMs: (method: string) => number = () => 0;
  let paces: Paces | null = null;
  let lastUpdate = 1_000;
  let last: Update | null = null;

  async function answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const { args, file } = await readArgs(request);
    const [, given, method = ''] = /^\/bot([^/]+)\/(\w+)$/.exec(request.url ?? '') ?? [];
    const download = /^\/file\/bot([^/]+)\/documents\/([^/]+)\.bin$/.exec(request.url ?? '');
    const call: Called = {
      method: download === null ? method : 'download',
      args,
      at: performance.now(),
      answer: 200,
      messageId: null,
    };
    calls.push(call);
    const wrong = fault(call.method, args);
    if (wrong === 'silent') return void (call.answer = wrong);
    if (wrong === 'reset') return reset(call, request);
    const gone = new AbortController();
    response.once('close', () => gone.abort());
    try {
      if (isRefusal(wrong) && wrong.isTaken !== true) throw toRefusal(wrong);
      if (download !== null && download[1] === token) {
        const bytes = world.files.get(download[2] ?? '');
        call.answer = bytes === undefined ? 404 : 200;
        return void response.writeHead(call.answer).end(bytes);
      }
      if (given !== token) throw new Refusal(401, 'Unauthorized');
      paces?.take(method, args);
      const result = await (method === 'getUpdates'
        ? queue.get(args, gone.signal)
        : callMethod(world, method, args, file));
      call.messageId = idOf(result);
      await linger(lingerMs(method), gone.signal);
      if (gone.signal.aborted) return void (call.answer = 'gone');
      if (wrong === 'silent_after') return void (call.answer = 'silent');
      if (wrong === 'reset_after') return reset(call, request);
      if (isRefusal(wrong)) throw toRefusal(wrong);
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ ok: true, result }));
    } catch (error) {
      refuse(call, response, error);
    }
  }

  const server = http.createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));

  function push(update: object): void {
    last = { update_id: (lastUpdate += 1), ...update } as Update;
    replay();
  }

  function replay(): void {
    if (last !== null) world.updates.push(last);
    queue.wake();
  }

  const messages = (chat: number, thread?: number | null): readonly ServerMessage[] =>
    world.messages.filter((message) => message.chat === chat && (thread === undefined || message.thread === thread));

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    world,
    calls,
    offsets: queue.offsets,
    useToken: (next) => void (token = next),
    chat: (id, more) => addChat(world, id, more),
    topic(chat, name = 'A topic') {
      const id = world.nextId();
      world.chats.get(chat)?.topics.set(id, { id, name, state: 'open' });
      return id;
    },
    messages,
    // A group takes one message in three seconds.
    untilShown: (chat, thread, what) =>
      until(() => messages(chat, thread).find(({ text }) => what.test(text)), SHOWN_WITHIN_MS),
    fail: (next) => void (fault = next),
    linger: (next) => void (lingerMs = next),
    keepPaces: () => void (paces = createPaces()),
    say(said) {
      const id = world.nextId();
      const { chat, thread = null, text } = said;
      world.written.push({ id, chat, thread, text, file: null });
      push({ message: toMessage(world, id, said) });
      return id;
    },
    sendFile({ name, content, caption, ...said }) {
      const id = world.nextId();
      const fileId = `file-${id}`;
      const bytes = Buffer.from(content);
      world.files.set(fileId, bytes);
      const { chat, thread = null } = said;
      world.written.push({ id, chat, thread, text: caption ?? '', file: { name, text: bytes.toString() } });
      const { text: _, ...message } = toMessage(world, id, { ...said, text: '' }) as { readonly text: string };
      const document = { file_id: fileId, file_unique_id: fileId, file_name: name, file_size: bytes.length };
      push({ message: { ...message, document, ...(caption !== undefined && { caption }), ...said.more } });
      return id;
    },
    edit: (id, said) => push({ edited_message: { ...toMessage(world, id, said), edit_date: 2 } }),
    press({ id, chat, thread, buttons }, label, from) {
      const data = buttons.find(({ text }) => text === label)?.data;
      if (data === undefined) throw new Error(`no button ${label} among ${buttons.map(({ text }) => text).join(', ')}`);
      const pressId = String(world.nextId());
      world.pressAnswers.set(pressId, '');
      const said = { chat, from, text: 'x', ...(thread !== null && { thread }) };
      const message = toMessage(world, id, said);
      push({ callback_query: { id: pressId, from: toPerson(world, from), message, chat_instance: '1', data } });
      return pressId;
    },
    push,
    replay,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function isRefusal(fault: Fault | null): fault is Exclude<Fault, string> {
  return typeof fault === 'object' && fault !== null;
}

function idOf(result: unknown): number | null {
  if (typeof result !== 'object' || result === null || !('message_id' in result)) return null;
  return Number(result.message_id);
}

/** Until it is time, or whoever asked is gone. */
async function linger(ms: number, gone: AbortSignal): Promise<void> {
  if (ms > 0) await delay(ms, undefined, { signal: gone }).catch(() => {});
}

function reset(call: Called, request: http.IncomingMessage): void {
  call.answer = 'reset';
  request.socket.resetAndDestroy();
}

function toRefusal(fault: Exclude<Fault, string>): Refusal {
  if ('status' in fault) return new Refusal(fault.status, '');
  return new Refusal(fault.code, fault.description, fault.retryAfter);
}

function refuse(call: Called, response: http.ServerResponse, error: unknown): void {
  if (!(error instanceof Refusal)) throw error;
  const { code, message, retryAfter } = error;
  call.answer = code;
  if (message === '') return void response.writeHead(code, { 'content-type': 'text/html' }).end('<html>');
  const parameters = retryAfter === undefined ? {} : { parameters: { retry_after: retryAfter } };
  const body = { ok: false, error_code: code, description: message, ...parameters };
  response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function readArgs(request: http.IncomingMessage): Promise<{ args: Args; file: SentFile | null }> {
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const type = request.headers['content-type'] ?? '';
  const body = Buffer.concat(chunks);
  if (body.length === 0) return { args: {}, file: null };
  if (!type.startsWith('multipart/')) return { args: JSON.parse(body.toString()) as Args, file: null };
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': type } }).formData();
  const args: Record<string, unknown> = {};
  let file: SentFile | null = null;
  for (const [name, value] of form) {
    if (typeof value === 'string')
      args[name] = ['reply_parameters', 'disable_notification'].includes(name) ? JSON.parse(value) : value;
    else file = { name: value.name, text: await value.text() };
  }
  return { args, file };
}

function toPerson({ names }: World, id: number): object {
  return { id, is_bot: false, first_name: names.get(id) ?? `Person ${id}` };
}

function toMessage(world: World, id: number, { chat: chatId, thread, from, text, more = {} }: Said): object {
  const chat = world.chats.get(chatId);
  const topic = thread === undefined ? undefined : chat?.topics.get(thread);
  return {
    message_id: id,
    date: 1,
    from: toPerson(world, from),
    chat: {
      id: chatId,
      type: chat?.type,
      ...(chat?.type === 'private' ? { first_name: 'Person' } : { title: 'A group' }),
      ...(chat?.isForum === true && { is_forum: true }),
    },
    text,
    ...(thread !== undefined && {
      message_thread_id: thread,
      is_topic_message: true,
      reply_to_message: { message_id: thread, forum_topic_created: { name: topic?.name, icon_color: 0 } },
    }),
    ...more,
  };
}
