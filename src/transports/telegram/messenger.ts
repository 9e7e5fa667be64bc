import type { InlineKeyboardMarkup, MessageEntity } from 'telegraf/types';
import type { Entity } from '../markdown/entities.ts';
import { toPlainText, type TelegramPiece } from '../markdown/telegram.ts';
import type { Place } from './address.ts';
import type { TelegramClient } from './api/client.ts';
import { areEntitiesRefused, isMessageGone, isUnchanged } from './api/errors.ts';
import { MESSAGE_MAX } from './outgoing/pieces.ts';

export interface ChatText extends TelegramPiece {
  /** Null: none, and those that are there go. */
  readonly buttons?: InlineKeyboardMarkup | null;
}

export interface SendOptions {
  readonly signal: AbortSignal;
  /** Nobody is notified. */
  readonly isQuiet?: boolean;
  /** The message that it answers; it may be gone. */
  readonly answers?: number;
  /** Of a file: its first copy may have arrived. */
  readonly isAgain?: boolean;
}

export interface FileToSend {
  /** One of ours: see toFileName. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Messages into chats. Rejects with what `toOutcome` knows. */
export interface Messenger {
  /** Resolves with the id of the message. */
  send(place: Place, text: ChatText, options: SendOptions): Promise<string>;
  sendFile(place: Place, file: FileToSend, options: SendOptions): Promise<string>;
  /** False: it is not there any more. */
  edit(place: Place, messageId: string, text: ChatText, options: SendOptions): Promise<boolean>;
  remove(place: Place, messageId: string, options: SendOptions): Promise<void>;
}

export function createMessenger(client: TelegramClient): Messenger {
  return {
    async send(place, text, options) {
      const { signal } = options;
      const args = toTarget(place, options);
      const sent = await plainIfRefused(text, (fields) =>
        client.call('sendMessage', { ...args, ...fields, ...toMarkup(text) }, { signal }),
      );
      return String(sent.message_id);
    },
    async sendFile(place, { name, bytes }, options) {
      const { signal } = options;
      const target = { ...toTarget(place, options), ...(options.isAgain === true && { caption: '(again)' }) };
      const file = { field: 'document', name, bytes };
      const sent = await client.upload('sendDocument', target, file, { signal, timeoutMs: UPLOAD_TIMEOUT_MS });
      return String(sent.message_id);
    },
    async edit(place, messageId, text, { signal }) {
      const args = { chat_id: place.chat, message_id: Number(messageId), ...toMarkup(text) };
      try {
        await plainIfRefused(text, (fields) => client.call('editMessageText', { ...args, ...fields }, { signal }));
      } catch (error) {
        if (isMessageGone(error)) return false;
        if (!isUnchanged(error)) throw error;
      }
      return true;
    },
    async remove(place, messageId, { signal }) {
      const args = { chat_id: place.chat, message_id: Number(messageId) };
      await client.call('deleteMessage', args, { signal }).catch((error: unknown) => {
        if (!isMessageGone(error)) throw error;
      });
    },
  };
}

const UPLOAD_TIMEOUT_MS = 60_000;

function toTarget({ chat, thread }: Place, { answers, isQuiet = false }: SendOptions) {
  return {
    chat_id: chat,
    ...(thread !== null && { message_thread_id: thread }),
    ...(isQuiet && { disable_notification: true }),
    ...(answers !== undefined && {
      reply_parameters: { message_id: answers, allow_sending_without_reply: true },
    }),
  };
}

function toMarkup({ buttons }: ChatText) {
  if (buttons === undefined) return {};
  return { reply_markup: buttons ?? { inline_keyboard: [] } };
}

/** The words matter more than how they look. */
async function plainIfRefused<T>(piece: TelegramPiece, act: (fields: Fields) => Promise<T>): Promise<T> {
  const { text, entities } = piece;
  const fields = { text, link_preview_options: { is_disabled: true } };
  if (entities.length === 0) return act(fields);
  try {
    return await act({ ...fields, entities: entities.map(toMessageEntity) });
  } catch (error) {
    if (!areEntitiesRefused(error)) throw error;
    return act({ ...fields, text: toPlainText(piece, MESSAGE_MAX) });
  }
}

interface Fields {
  readonly text: string;
  readonly link_preview_options: { readonly is_disabled: boolean };
  readonly entities?: MessageEntity[];
}

function toMessageEntity({ type, offset, length, url, language }: Entity): MessageEntity {
  if (type === 'text_link') return { type, offset, length, url: url ?? '' };
  if (type === 'pre') return { type, offset, length, ...(language !== undefined && { language }) };
  return { type, offset, length };
}
