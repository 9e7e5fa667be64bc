import { checkAccess, checkCommands, checkMessage, checkPermission, checkThread, Refusal } from './checks.ts';
import { type DiscordInteraction, type DiscordMessage, type Json, toJson, type World } from './world.ts';

export interface Call {
  readonly method: string;
  /** Below `/api/v10`. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: Json;
  readonly files: readonly { readonly name: string; readonly text: string }[];
}

type Route = (world: World, ids: readonly string[], call: Call) => Json | readonly unknown[] | null;

const CREATE_PUBLIC_THREADS = 1n << 35n;
const SEND_IN_THREADS = 1n << 38n;
const INTERACTION_MS = 3_000;
const NONCE_MS = 300_000;

const ROUTES: readonly (readonly [string, RegExp, Route])[] = [
  ['GET', /^\/channels\/(\d+)$/, (world, [id = '']) => toJson(world, channelOf(world, id))],
  ['PATCH', /^\/channels\/(\d+)$/, changeChannel],
  ['POST', /^\/channels\/(\d+)\/threads$/, openThread],
  ['GET', /^\/channels\/(\d+)\/messages$/, listMessages],
  ['POST', /^\/channels\/(\d+)\/messages$/, postMessage],
  ['PATCH', /^\/channels\/(\d+)\/messages\/(\d+)$/, changeMessage],
  ['DELETE', /^\/channels\/(\d+)\/messages\/(\d+)$/, removeMessage],
  ['PUT', /^\/applications\/(\d+)\/guilds\/(\d+)\/commands$/, nameCommands],
  ['POST', /^\/interactions\/(\d+)\/([\w-]+)\/callback$/, takeInteraction],
  ['PATCH', /^\/webhooks\/(\d+)\/([\w-]+)\/messages\/(?:@|%40)original$/, answerInteraction],
];

/** @throws Refusal */
export function route(world: World, call: Call): ReturnType<Route> {
  for (const [method, pattern, act] of ROUTES) {
    const ids = method === call.method ? pattern.exec(call.path) : null;
    if (ids !== null) return act(world, ids.slice(1), call);
  }
  throw new Refusal(404, 0, '404: Not Found');
}

function channelOf(world: World, id: string) {
  checkAccess(world, id);
  const channel = world.channels.get(id);
  if (channel === undefined) throw new Refusal(404, 10_003, 'Unknown Channel');
  return channel;
}

function changeChannel(world: World, [id = '']: readonly string[], { body }: Call): Json {
  const channel = channelOf(world, id);
  if (body['archived'] === false) channel.archived = false;
  world.tell('THREAD_UPDATE', toJson(world, channel));
  return toJson(world, channel);
}

function openThread(world: World, [id = '']: readonly string[], { body }: Call): Json {
  channelOf(world, id);
  checkThread(body);
  checkPermission(world, CREATE_PUBLIC_THREADS);
  const made = world.addChannel({ name: String(body['name']), type: 11, parent_id: id, owner_id: world.bot.id });
  return toJson(world, made);
}

function listMessages(world: World, [id = '']: readonly string[], { query }: Call): readonly DiscordMessage[] {
  channelOf(world, id);
  const limit = Number(query.get('limit') ?? 50);
  if (!(limit >= 1 && limit <= 100)) throw new Refusal(400, 50_035, 'Invalid Form Body\nlimit');
  return (world.messages.get(id) ?? []).toReversed().slice(0, limit);
}

function postMessage(world: World, [id = '']: readonly string[], { body, files }: Call): Json {
  const channel = channelOf(world, id);
  checkMessage(body, true, files.length > 0);
  if (channel.type === 11) checkPermission(world, SEND_IN_THREADS);
  if (channel.locked) throw new Refusal(403, 160_005, 'Thread is locked');
  const before = world.messages.get(id)?.find(({ nonce }) => nonce === body['nonce']);
  if (before !== undefined && Date.now() - Date.parse(String(before['timestamp'])) < NONCE_MS) return before;
  const attachments = files.map(({ name, text }) => {
    const attachment = { id: world.id(), filename: name, size: Buffer.byteLength(text), url: '', proxy_url: '' };
    world.files.set(attachment.id, text);
    return attachment;
  });
  const { content, components = [], nonce, flags = 0 } = body;
  return world.addMessage(id, world.bot, { content, components, nonce, flags, attachments });
}

function changeMessage(world: World, [id = '', messageId = '']: readonly string[], { body }: Call): Json {
  const channel = channelOf(world, id);
  const message = world.messages.get(id)?.find((known) => known.id === messageId);
  if (message === undefined) throw new Refusal(404, 10_008, 'Unknown Message');
  if (message.author.id !== world.bot.id) {
    throw new Refusal(403, 50_005, 'Cannot edit a message authored by another user');
  }
  if (channel.archived) throw new Refusal(400, 50_083, 'Thread is archived');
  checkMessage(body, false, false);
  const { content, components = message.components } = body;
  return world.changeMessage(message, { content, components });
}

function removeMessage(world: World, [id = '', messageId = '']: readonly string[]): null {
  channelOf(world, id);
  const all = world.messages.get(id) ?? [];
  const at = all.findIndex((known) => known.id === messageId);
  if (at === -1) throw new Refusal(404, 10_008, 'Unknown Message');
  all.splice(at, 1);
  return null;
}

function nameCommands(world: World, [, guild = '']: readonly string[], { body }: Call): readonly unknown[] {
  if (guild !== world.guildId || world.kicked) throw new Refusal(403, 50_001, 'Missing Access');
  checkCommands(body);
  world.commands = body as unknown as readonly Json[];
  return world.commands;
}

function interactionOf(world: World, token: string): DiscordInteraction {
  const found = world.interactions.find((known) => known.token === token);
  if (found === undefined) throw new Refusal(404, 10_062, 'Unknown interaction');
  return found;
}

/** Within three seconds, and once. */
function takeInteraction(world: World, [, token = '']: readonly string[], { body }: Call): null {
  const interaction = interactionOf(world, token);
  if (interaction.callback !== null) throw new Refusal(400, 40_060, 'Interaction has already been acknowledged.');
  if (performance.now() - interaction.at > INTERACTION_MS) throw new Refusal(404, 10_062, 'Unknown interaction');
  interaction.callback = body;
  return null;
}

function answerInteraction(world: World, [, token = '']: readonly string[], { body }: Call): Json {
  const interaction = interactionOf(world, token);
  if (interaction.callback === null) throw new Refusal(404, 10_015, 'Unknown Webhook');
  const { content } = body;
  if (typeof content !== 'string' || content.length < 1 || content.length > 2_000) {
    throw new Refusal(400, 50_035, 'Invalid Form Body\ncontent');
  }
  interaction.reply = content;
  return { id: world.id(), channel_id: '1', content, author: world.bot, attachments: [], embeds: [], type: 0 };
}
