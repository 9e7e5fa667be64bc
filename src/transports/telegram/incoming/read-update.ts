import type { CallbackQuery, Chat, Message, Update, User } from 'telegraf/types';
import type { ChatPlace, Speaker } from '../../../core/model/chat.ts';
import type { ChatFile, ChatMessage, ChatPress } from '../../../core/ports/gateway/chats.ts';
import { type Place, toAddress, toThreadId } from '../address.ts';
import { findFile, type NamedFile } from './files.ts';

/** What an update means to us. */
export type Heard =
  | Said
  | { readonly kind: 'pressed'; readonly press: ChatPress; readonly queryId: string }
  /** What this bot may do in a chat has changed. */
  | { readonly kind: 'membership'; readonly chat: string };

export interface Said {
  readonly kind: 'said' | 'edited';
  readonly message: ChatMessage;
  readonly at: SaidAt;
  /** Of files that were sent together. */
  readonly album: string | null;
  readonly isForum: boolean;
}

export interface SaidAt {
  readonly place: Place;
  readonly messageId: number;
}

/** What is asked of getUpdates. */
export const WANTED = ['message', 'edited_message', 'callback_query', 'my_chat_member'] as const;

export interface ReadDeps {
  readonly botName: string;
  readonly toFile: (file: NamedFile) => ChatFile;
}

/** Null for what is nothing to us: a message without words and files, a command for another bot. */
export function readUpdate(update: Update, deps: ReadDeps): Heard | null {
  if ('message' in update) return readMessage('said', update.message, deps);
  if ('edited_message' in update) return readMessage('edited', update.edited_message, deps);
  if ('callback_query' in update) return readPress(update.callback_query);
  if ('my_chat_member' in update) return { kind: 'membership', chat: String(update.my_chat_member.chat.id) };
  return null;
}

/** What has an equal one is handled in order. */
export function keyOf(heard: Heard): string {
  switch (heard.kind) {
    case 'said':
    case 'edited':
      return heard.message.place.address;
    case 'pressed':
      return heard.press.place.address;
    case 'membership':
      return heard.chat;
  }
}

function readMessage(kind: 'said' | 'edited', message: Message, { botName, toFile }: ReadDeps): Heard | null {
  const { text = '' } = 'text' in message ? message : { text: 'caption' in message ? message.caption : '' };
  const file = findFile(message);
  if ((text.trim() === '' && file === null) || isForAnother(text, botName)) return null;
  const place = toPlace(message);
  const speaker = toSpeaker(message);
  // Words that a bot wrote are somebody else's, also when a person sends them.
  const isForwarded = 'forward_origin' in message || 'forward_date' in message || 'via_bot' in message;
  const album = 'media_group_id' in message ? (message.media_group_id ?? null) : null;
  return {
    kind,
    message: {
      place: toChatPlace(message, place),
      // Whichever part of it is changed.
      messageId: album === null ? String(message.message_id) : `album-${album}`,
      speaker,
      text,
      files: file === null ? [] : [toFile(file)],
      isForwarded,
      ...(album !== null && kind === 'edited' && { isPart: true }),
    },
    at: { place, messageId: message.message_id },
    album,
    isForum: isForum(message.chat),
  };
}

function isForAnother(text: string, botName: string): boolean {
  const [, name] = /^\s*\/\w+@(\w+)/.exec(text) ?? [];
  return name !== undefined && name.toLowerCase() !== botName.toLowerCase();
}

function readPress(query: CallbackQuery): Heard | null {
  if (!('data' in query) || query.message === undefined) return null;
  const { message, from } = query;
  const press = { place: toChatPlace(message, toPlace(message)), speaker: toPerson(from), data: query.data };
  return { kind: 'pressed', press, queryId: query.id };
}

type Placed = Pick<Message, 'chat'> & Partial<Pick<Message, 'message_thread_id' | 'is_topic_message'>>;

/** In a group without topics a thread is the replies to one message, which is no place of its own. */
function toPlace({ chat, message_thread_id, is_topic_message }: Placed): Place {
  return { chat: String(chat.id), thread: is_topic_message === true ? (message_thread_id ?? null) : null };
}

function toChatPlace(message: Placed, place: Place): ChatPlace {
  const { chat } = message;
  return {
    transport: 'telegram',
    community: place.chat,
    chat: place.chat,
    threadId: toThreadId(place, isForum(chat)),
    address: toAddress(place),
    name: nameOfTopic(message) ?? nameOfChat(chat),
  };
}

const isForum = (chat: Chat): boolean => 'is_forum' in chat && chat.is_forum === true;

/** A message in a topic that answers nothing else answers the one that opened it. */
function nameOfTopic(message: object): string | null {
  if (!('reply_to_message' in message)) return null;
  const opening = message.reply_to_message as object | undefined;
  if (opening === undefined || !('forum_topic_created' in opening)) return null;
  const { name } = opening.forum_topic_created as { readonly name?: unknown };
  return typeof name === 'string' ? name : null;
}

function nameOfChat(chat: Chat): string {
  return 'title' in chat ? chat.title : chat.first_name;
}

/** Who speaks for a channel or a group is nobody by name. */
function toSpeaker(message: Message): Speaker {
  const { from, sender_chat } = message;
  if (from !== undefined && sender_chat === undefined) return toPerson(from);
  return { id: String(sender_chat?.id ?? from?.id ?? 0), name: 'a channel', isProgram: true };
}

function toPerson({ id, first_name, last_name, is_bot }: User): Speaker {
  return { id: String(id), name: [first_name, last_name].filter(Boolean).join(' '), isProgram: is_bot };
}
