import type { InlineKeyboardMarkup, MessageEntity } from 'telegraf/types';
import { checkButtons, checkText } from './check-text.ts';
import { bad, Refusal } from './refusal.ts';
import { BOT, type ServerChat, type ServerMessage, type World } from './world.ts';

export type Args = Readonly<Record<string, unknown>>;
export interface SentFile {
  readonly name: string;
  readonly text: string;
}

const FIELDS: Readonly<Record<string, readonly string[]>> = {
  getMe: [],
  setMyCommands: ['commands'],
  getChat: ['chat_id'],
  getChatMember: ['chat_id', 'user_id'],
  createForumTopic: ['chat_id', 'name'],
  sendMessage: [
    ...['chat_id', 'message_thread_id', 'text', 'entities', 'link_preview_options', 'disable_notification'],
    ...['reply_parameters', 'reply_markup'],
  ],
  sendDocument: ['chat_id', 'message_thread_id', 'caption', 'reply_parameters', 'disable_notification'],
  editMessageText: ['chat_id', 'message_id', 'text', 'entities', 'link_preview_options', 'reply_markup'],
  deleteMessage: ['chat_id', 'message_id'],
  answerCallbackQuery: ['callback_query_id', 'text'],
  getFile: ['file_id'],
};

/** Stricter than Telegram: what a method does not know is refused. */
export function callMethod(world: World, method: string, args: Args, file: SentFile | null): unknown {
  const fields = FIELDS[method];
  if (fields === undefined) throw new Refusal(404, 'Not Found');
  for (const name of Object.keys(args)) if (!fields.includes(name)) throw bad(`${method} knows no field ${name}`);
  switch (method) {
    case 'getMe':
      return BOT;
    case 'setMyCommands':
      world.commands = args['commands'] as World['commands'];
      return true;
    case 'getChat': {
      const chat = requireChat(world, args);
      return { id: chat.id, type: chat.type, ...(chat.isForum && { is_forum: true }) };
    }
    case 'getChatMember': {
      const { mayManageTopics } = requireChat(world, args);
      return mayManageTopics
        ? { status: 'administrator', user: BOT, can_manage_topics: true }
        : { status: 'member', user: BOT };
    }
    case 'createForumTopic':
      return createTopic(world, args);
    case 'answerCallbackQuery':
      return answerPress(world, args);
    case 'getFile':
      return getFile(world, args);
    case 'deleteMessage':
      return remove(world, args);
    case 'editMessageText':
      return edit(world, args);
    default:
      return send(world, args, file);
  }
}

function requireChat({ chats }: World, { chat_id: id }: Args): ServerChat {
  const chat = chats.get(Number(id));
  if (chat === undefined) throw bad('chat not found');
  if (chat.isKicked) throw new Refusal(403, 'Forbidden: bot was kicked from the supergroup chat');
  return chat;
}

function createTopic(world: World, args: Args): object {
  const chat = requireChat(world, args);
  const name = String(args['name']);
  if (!chat.isForum) throw bad('the chat is not a forum');
  if (!chat.mayManageTopics) throw bad('not enough rights to create a topic');
  if (name.trim() === '' || name.length > 128 || !name.isWellFormed()) throw bad('TOPIC_TITLE_INVALID');
  const id = world.nextId();
  chat.topics.set(id, { id, name, state: 'open' });
  return { message_thread_id: id, name, icon_color: 0 };
}

function findThread(chat: ServerChat, { message_thread_id: given }: Args): number | null {
  if (given === undefined) return null;
  const topic = chat.topics.get(Number(given));
  if (topic === undefined) throw bad('message thread not found');
  if (topic.state === 'deleted') throw bad('TOPIC_DELETED');
  if (topic.state === 'closed') throw bad('TOPIC_CLOSED');
  return topic.id;
}

function send(world: World, args: Args, file: SentFile | null): object {
  const chat = requireChat(world, args);
  const thread = findThread(chat, args);
  const entities = (args['entities'] ?? []) as readonly MessageEntity[];
  const caption = typeof args['caption'] === 'string' ? args['caption'] : '';
  const text = file === null ? checkText(args['text'], entities) : caption;
  const answers = args['reply_parameters'] as { readonly message_id: unknown } | undefined;
  const message: ServerMessage = {
    id: world.nextId(),
    chat: chat.id,
    thread,
    text,
    entities,
    buttons: checkButtons(args['reply_markup'] as InlineKeyboardMarkup | undefined),
    file,
    isQuiet: args['disable_notification'] === true,
    answers: answers === undefined ? null : requireMessageId(answers.message_id),
    versions: [text],
  };
  world.messages.push(message);
  return { message_id: message.id, date: 1, chat: { id: chat.id, type: chat.type }, text };
}

function requireMessageId(id: unknown): number {
  if (typeof id !== 'number' || !Number.isSafeInteger(id)) throw bad("can't parse reply parameters: message_id");
  return id;
}

function remove(world: World, args: Args): true {
  const chat = requireChat(world, args);
  const at = world.messages.findIndex(({ id, chat: its }) => id === args['message_id'] && its === chat.id);
  if (at === -1) throw bad('message to delete not found');
  world.messages.splice(at, 1);
  return true;
}

function edit(world: World, args: Args): object {
  const chat = requireChat(world, args);
  const message = world.messages.find(({ id }) => id === args['message_id']);
  if (message === undefined || message.chat !== chat.id) throw bad('message to edit not found');
  const entities = (args['entities'] ?? []) as readonly MessageEntity[];
  const text = checkText(args['text'], entities);
  const buttons = checkButtons(args['reply_markup'] as InlineKeyboardMarkup | undefined);
  const shown = (of: object): string => JSON.stringify(of);
  const { text: oldText, entities: oldEntities, buttons: oldButtons } = message;
  if (
    shown({ oldText, oldEntities, oldButtons }) === shown({ oldText: text, oldEntities: entities, oldButtons: buttons })
  ) {
    throw bad(
      'message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message',
    );
  }
  Object.assign(message, { text, entities, buttons });
  message.versions.push(text);
  return { message_id: message.id, date: 1, chat: { id: chat.id, type: chat.type }, text };
}

/** Telegram hands out what has at most 20 MB. */
const DOWNLOAD_MAX = 20 * 1024 * 1024;

function getFile(world: World, args: Args): object {
  const id = String(args['file_id']);
  const bytes = world.files.get(id);
  if (bytes === undefined) throw bad('wrong file_id or the file is temporarily unavailable');
  if (bytes.length > DOWNLOAD_MAX) throw bad('file is too big');
  return { file_id: id, file_unique_id: id, file_size: bytes.length, file_path: `documents/${id}.bin` };
}

function answerPress(world: World, args: Args): true {
  const id = String(args['callback_query_id']);
  const text = String(args['text'] ?? '');
  if (!world.pressAnswers.has(id)) throw bad('query is too old and response timeout expired or query ID is invalid');
  if (text.length > 200) throw bad('MESSAGE_TOO_LONG');
  world.pressAnswers.set(id, text);
  return true;
}
