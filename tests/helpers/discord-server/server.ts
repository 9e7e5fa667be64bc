import { randomUUID } from 'node:crypto';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { setTimeout as delay } from 'node:timers/promises';
import { until } from '../until.ts';
import { createBuckets } from './buckets.ts';
import { Refusal } from './checks.ts';
import { createFakeGateway, type FakeGateway, type GatewaySettings } from './gateway.ts';
import { type Call, route } from './routes.ts';
import {
  createWorld,
  type DiscordChannel,
  type DiscordInteraction,
  type DiscordMessage,
  type DiscordUser,
  type Json,
  toUser,
  type World,
} from './world.ts';

/** What happens to a call. `silent`: it is not taken, and never answered. `lost`: it is taken, and the connection is cut
 *  before the answer. `forgotten`: it is taken, and never answered. `isTaken`: it is taken, and answered so. */
export type Behaviour =
  | 'take'
  | 'silent'
  | 'lost'
  | 'forgotten'
  | {
      readonly status: number;
      readonly code?: number;
      readonly message?: string;
      readonly retryAfter?: number;
      readonly isTaken?: true;
    };

export interface DiscordServer {
  readonly apiRoot: string;
  readonly token: string;
  readonly world: World;
  readonly gateway: FakeGateway;
  readonly settings: GatewaySettings;
  /** The channel `#tasks`. */
  readonly tasks: DiscordChannel;
  /** All calls, whatever they were answered. */
  readonly calls: readonly (Call & { readonly status: number | null })[];
  behave(next: (call: Call) => Behaviour): void;
  /** How long (milliseconds) an answer is on its way. */
  linger(next: (call: Call) => number): void;
  /** In a channel or thread, oldest first. */
  messages(channel: string): readonly DiscordMessage[];
  say(channel: string, author: DiscordUser, content: string, more?: Json): DiscordMessage;
  /** Somebody writes with files, by their names. */
  sendFiles(
    channel: string,
    author: DiscordUser,
    content: string,
    files: Readonly<Record<string, string>>,
  ): DiscordMessage;
  remove(message: DiscordMessage): void;
  /** Presses the button with this label, and waits for what the presser is told. */
  press(message: DiscordMessage, label: string, user: DiscordUser): Promise<DiscordInteraction>;
  command(channel: string, user: DiscordUser, name: string, options?: Json): Promise<DiscordInteraction>;
  person(username: string): DiscordUser;
  close(): Promise<void>;
}

export interface DiscordServerOptions {
  readonly heartbeatMs?: number;
  /** Messages that a channel takes in five seconds. */
  readonly bucket?: number;
}

/** Discord on loopback: REST and gateway, stricter than the real one. */
export async function openDiscordServer(options: DiscordServerOptions = {}): Promise<DiscordServer> {
  const world = createWorld();
  const token = `MTIz.${randomUUID()}`;
  const tasks = world.addChannel({ name: 'tasks', type: 0 });
  const settings: GatewaySettings = { token, heartbeatMs: options.heartbeatMs ?? 10_000, mayReadContent: true };
  const calls: (Call & { status: number | null })[] = [];
  const buckets = createBuckets(options.bucket ?? 5);
  let behaviour: (call: Call) => Behaviour = () => 'take';
  let lingerMs: (call: Call) => number = () => 0;

  const server = http.createServer((request, response) => {
    void answer(request, response).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const wsUrl = `ws://127.0.0.1:${port}`;
  const gateway = createFakeGateway(server, world, () => wsUrl, settings);
  world.tell = (type, data) => gateway.tell(type, data);

  async function answer(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const call = await readCall(request);
    const kept = { ...call, status: null as number | null };
    calls.push(kept);
    const say = (status: number, body: unknown, headers: http.OutgoingHttpHeaders = {}): void => {
      kept.status = body === null ? 204 : status;
      if (body === null) response.writeHead(204, headers).end();
      else response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
    };
    if (call.path.startsWith('/files/')) return sendFile(kept, response);
    const isFree = /^\/(?:interactions|webhooks)\//.test(call.path);
    if (!isFree && request.headers.authorization !== `Bot ${token}`) {
      return say(401, { message: '401: Unauthorized', code: 0 });
    }
    if (call.path === '/gateway/bot') {
      const limit = { total: 1000, remaining: 999, reset_after: 86_400_000, max_concurrency: 1 };
      return say(200, { url: wsUrl, shards: 1, session_start_limit: limit });
    }
    const how = behaviour(call);
    if (how === 'silent') return;
    if (typeof how === 'object' && how.isTaken !== true) return say(how.status, toError(how), toHeaders(how));
    const bucket = buckets.take(call);
    if (bucket.retryAfter !== null)
      return say(429, toError({ status: 429, retryAfter: bucket.retryAfter }), bucket.headers);
    try {
      const result = route(world, call);
      const ms = lingerMs(call);
      if (ms > 0) await delay(ms);
      if (how === 'forgotten') return;
      if (how === 'lost') request.socket.resetAndDestroy();
      else if (typeof how === 'object') say(how.status, toError(how), toHeaders(how));
      else say(200, result, bucket.headers);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      say(error.status, error.body, bucket.headers);
    }
  }

  /** For anybody who has the address. */
  function sendFile(call: Call & { status: number | null }, response: http.ServerResponse): void {
    const how = behaviour(call);
    if (how === 'silent') return;
    const text = world.files.get(call.path.slice('/files/'.length));
    call.status = typeof how === 'object' ? how.status : text === undefined ? 404 : 200;
    response.writeHead(call.status).end(call.status === 200 ? text : '');
  }

  async function interact(more: Json, channel: string, user: DiscordUser): Promise<DiscordInteraction> {
    const made: DiscordInteraction = {
      id: world.id(),
      token: randomUUID(),
      at: performance.now(),
      callback: null,
      reply: null,
    };
    world.interactions.push(made);
    gateway.tell('INTERACTION_CREATE', {
      ...{ id: made.id, token: made.token, application_id: world.bot.id, version: 1, locale: 'en-US' },
      ...{ guild_id: world.guildId, channel_id: channel, entitlements: [], authorizing_integration_owners: {} },
      channel: { id: channel, type: world.channels.get(channel)?.type },
      member: { user: toUser(user), roles: [], permissions: '0', joined_at: '2026-01-01T00:00:00.000Z', flags: 0 },
      app_permissions: String(world.permissions),
      attachment_size_limit: 10_485_760,
      ...more,
    });
    await until(() => made.reply !== null);
    return made;
  }

  return {
    apiRoot: `http://127.0.0.1:${port}/api`,
    token,
    world,
    gateway,
    settings,
    tasks,
    calls,
    behave: (next) => void (behaviour = next),
    linger: (next) => void (lingerMs = next),
    messages: (channel) => world.messages.get(channel) ?? [],
    say: (channel, author, content, more = {}) => world.addMessage(channel, author, { content, ...more }),
    sendFiles(channel, author, content, files) {
      const attachments = Object.entries(files).map(([filename, text]) => {
        const id = world.id();
        world.files.set(id, text);
        const url = `http://127.0.0.1:${port}/files/${id}`;
        return { id, filename, size: Buffer.byteLength(text), url, proxy_url: url };
      });
      return world.addMessage(channel, author, { content, attachments });
    },
    remove(message) {
      const all = world.messages.get(message.channel_id) ?? [];
      all.splice(all.indexOf(message), 1);
      const { id, channel_id, guild_id } = message;
      gateway.tell('MESSAGE_DELETE', { id, channel_id, guild_id });
    },
    press(message, label, user) {
      const button = message.components.flatMap(({ components }) => components).find((known) => known.label === label);
      if (button === undefined) throw new Error(`no button ${label}`);
      const data = { component_type: 2, custom_id: button.custom_id };
      return interact({ type: 3, message, data }, message.channel_id, user);
    },
    command(channel, user, name, given = {}) {
      const chosen = Object.entries(given).map(([option, value]) => ({ name: option, type: 3, value }));
      return interact({ type: 2, data: { id: world.id(), name, type: 1, options: chosen } }, channel, user);
    },
    person: (username) => ({ id: world.id(), username, bot: false }),
    async close() {
      gateway.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function readCall(request: http.IncomingMessage): Promise<Call> {
  const url = new URL(request.url ?? '/', 'http://localhost');
  const data = await buffer(request);
  const shared = { method: request.method ?? '', path: url.pathname.replace('/api/v10', ''), query: url.searchParams };
  const type = request.headers['content-type'] ?? '';
  if (!type.startsWith('multipart/')) {
    return { ...shared, body: data.length === 0 ? {} : (JSON.parse(data.toString()) as Json), files: [] };
  }
  const form = await new Response(new Uint8Array(data), { headers: { 'content-type': type } }).formData();
  const files = [...form.values()].filter((value) => value instanceof File);
  const body = JSON.parse(String(form.get('payload_json'))) as Json;
  return {
    ...shared,
    body,
    files: await Promise.all(files.map(async (file) => ({ name: file.name, text: await file.text() }))),
  };
}

function toError({ status, code = 0, message, retryAfter }: Exclude<Behaviour, string>): Json {
  if (status === 429) return { message: 'You are being rate limited.', retry_after: retryAfter ?? 1, global: false };
  return { message: message ?? `answered ${status}`, code };
}

function toHeaders({ status, retryAfter }: Exclude<Behaviour, string>): http.OutgoingHttpHeaders {
  return status === 429 ? { 'retry-after': String(retryAfter ?? 1), 'x-ratelimit-scope': 'user' } : {};
}
