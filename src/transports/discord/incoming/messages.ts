import {
  type Attachment,
  type Client,
  Events,
  type Message,
  MessageReferenceType,
  MessageType,
  type PartialMessage,
} from 'discord.js';
import { type ChatPlace, parseCommand, type Speaker } from '../../../core/model/chat.ts';
import type { ChatFile, ChatMessage, ChatReply, ChatsApi } from '../../../core/ports/gateway/chats.ts';
import type { Log } from '../../../core/ports/log.ts';
import { NAME } from '../address.ts';
import { type DiscordApi, toNonce } from '../api.ts';
import { toWords } from '../outcome.ts';
import { bare, TEXT_MAX } from '../words/text.ts';
import { type InOrder, wayOf, wayOfChange } from '../../chat/in-order.ts';
import type { Places } from './places.ts';

export interface MessagesDeps {
  readonly chats: Pick<ChatsApi, 'said' | 'edited' | 'deleted' | 'turn'>;
  readonly api: Pick<DiscordApi, 'send'>;
  readonly places: Places;
  readonly inOrder: InOrder;
  readonly log: Log;
  readonly toFile: (attachment: Attachment) => ChatFile;
  /** Aborts when nothing is said any more. */
  readonly signal: AbortSignal;
}

/** What people write, change and take back. */
export interface Messages {
  listen(client: Client): void;
  /** One that was written while nobody listened; one that was handled is left alone. */
  missed(message: Message): void;
  /** Resolves when no reply is under way. */
  settled(): Promise<void>;
}

const TYPES: ReadonlySet<MessageType> = new Set([MessageType.Default, MessageType.Reply]);
/** So many are remembered as handled. */
const HANDLED_MAX = 10_000;

export function createMessages(deps: MessagesDeps): Messages {
  const { chats, places, inOrder } = deps;
  const handled = new Set<string>();
  const replies = new Set<Promise<void>>();

  function note(id: string): void {
    handled.add(id);
    const [oldest] = handled;
    if (handled.size > HANDLED_MAX && oldest !== undefined) handled.delete(oldest);
  }

  async function say(message: Message, how: 'said' | 'edited'): Promise<void> {
    const place = await places.find(message.channel);
    if (place === null) return;
    const reply = await chats[how](toChatMessage(message, place, deps.toFile));
    const nonce = toNonce(message.id, `${how} ${message.editedTimestamp ?? 0}`);
    if (reply === null) return;
    // What is said next does not wait for it.
    const replying = answer(deps, place, nonce, reply);
    replies.add(replying);
    void replying.then(() => replies.delete(replying));
  }

  function add(message: Message): void {
    if (!isWritten(message)) return;
    note(message.id);
    const way = wayOf(message.content, message.attachments.size > 0);
    void inOrder.add(message.channelId, way, () => say(message, 'said'));
  }

  function change(message: Message | PartialMessage): void {
    // A preview of a link is a change, too, and none of the words.
    if (message.partial || message.editedTimestamp === null || !isWritten(message)) return;
    const way = wayOfChange(message.attachments.size > 0);
    void inOrder.add(message.channelId, way, () => say(message, 'edited'));
  }

  function remove({ id, channelId }: Pick<Message, 'id' | 'channelId'>): void {
    void inOrder.add(channelId, 'in_turn', () => chats.deleted({ transport: NAME, chat: '' }, id));
  }

  return {
    listen(client) {
      client.on(Events.MessageCreate, add);
      client.on(Events.MessageUpdate, (_, message) => change(message));
      client.on(Events.MessageDelete, remove);
      client.on(Events.MessageBulkDelete, (messages) => messages.forEach(remove));
    },
    missed(message) {
      if (handled.has(message.id) || parseCommand(message.content) !== null) return;
      add(message);
      change(message);
    },
    async settled() {
      await Promise.all(replies);
    },
  };
}

/** By somebody else, with words or files. */
function isWritten({ author, client, type, content, attachments, messageSnapshots }: Message): boolean {
  const holdsSomething = content.trim() !== '' || attachments.size > 0 || messageSnapshots.size > 0;
  return author.id !== client.user.id && TYPES.has(type) && holdsSomething;
}

function toChatMessage(message: Message, place: ChatPlace, toFile: MessagesDeps['toFile']): ChatMessage {
  const { id, content, attachments, reference, messageSnapshots } = message;
  const isForwarded = messageSnapshots.size > 0 || reference?.type === MessageReferenceType.Forward;
  const files = [...attachments.values()].map(toFile);
  return { place, messageId: id, speaker: toSpeaker(message), text: content, files, isForwarded };
}

function toSpeaker({ author, webhookId }: Message): Speaker {
  const isProgram = author.bot || author.system || webhookId !== null;
  return { id: author.id, name: author.displayName, isProgram };
}

/** What is done stands on disk; that it was not said is no reason to do it again. */
async function answer(
  { api, chats, log, signal }: MessagesDeps,
  place: ChatPlace,
  nonce: string,
  reply: ChatReply,
): Promise<void> {
  try {
    if (!(await chats.turn(place.address, signal))) return;
    await api.send(place.threadId, { content: bare(reply.text, TEXT_MAX), isQuiet: true }, nonce, signal);
  } catch (error) {
    if (!signal.aborted) log.warn({ error: toWords(error) }, 'discord.not_replied');
  }
}
