import type { InlineKeyboardMarkup, MessageEntity } from 'telegraf/types';
import type { Entity } from '../markdown/entities.ts';
import type { TelegramPiece } from '../markdown/telegram.ts';
import { type Place, toAddress } from './address.ts';
import type { TelegramClient } from './api/client.ts';
import { areEntitiesRefused, isMessageGone, isUnchanged, NotNowError, TelegramError } from './api/errors.ts';
import type { Pace, Urgency } from './pace.ts';

export interface ChatText extends TelegramPiece {
  /** Null: none, and those that are there go. */
  readonly buttons?: InlineKeyboardMarkup | null;
}

export interface SendOptions {
  readonly urgency: Urgency;
  /** It is not sent any more after this instant. */
  readonly until: number;
  readonly signal: AbortSignal;
  /** Nobody is notified. */
  readonly isQuiet?: boolean;
  /** The message that it answers; it may be gone. */
  readonly answers?: number;
  /** Of a file: its first copy may have arrived. */
  readonly isAgain?: boolean;
}

/** Messages into chats, each at its turn. Rejects with what `toOutcome` knows. */
export interface Messenger {
  /** Resolves with the id of the message. */
  send(place: Place, text: ChatText, options: SendOptions): Promise<string>;
  sendFile(place: Place, file: { readonly name: string; readonly text: string }, options: SendOptions): Promise<string>;
  /** False: it is not there any more. */
  edit(place: Place, messageId: string, text: ChatText, options: SendOptions): Promise<boolean>;
}

export function createMessenger(client: TelegramClient, pace: Pace): Messenger {
  /** @throws NotNowError */
  async function inTurn<T>(place: Place, { urgency, until, signal }: SendOptions, act: () => Promise<T>): Promise<T> {
    const afterMs = await pace.enter({ address: toAddress(place), urgency, until }, signal);
    if (afterMs !== null) throw new NotNowError(afterMs);
    try {
      return await act();
    } catch (error) {
      // The other topics of the chat need not ask to hear the same.
      if (error instanceof TelegramError && error.afterMs !== null) pace.hold(place.chat, error.afterMs);
      throw error;
    }
  }

  return {
    send: (place, text, options) =>
      inTurn(place, options, async () => {
        const { isQuiet = false, signal } = options;
        const args = { ...toTarget(place, options), ...(isQuiet && { disable_notification: true }) };
        const sent = await plainIfRefused(text, (fields) =>
          client.call('sendMessage', { ...args, ...fields, ...toMarkup(text) }, { signal }),
        );
        return String(sent.message_id);
      }),
    sendFile: (place, { name, text }, options) =>
      inTurn(place, options, async () => {
        const file = { field: 'document', name, bytes: Buffer.from(text) };
        const timeoutMs = UPLOAD_TIMEOUT_MS;
        const { signal } = options;
        const target = { ...toTarget(place, options), ...(options.isAgain === true && { caption: '(again)' }) };
        const sent = await client.upload('sendDocument', target, file, { signal, timeoutMs });
        return String(sent.message_id);
      }),
    edit: (place, messageId, text, options) =>
      inTurn(place, options, async () => {
        const args = { chat_id: place.chat, message_id: Number(messageId), ...toMarkup(text) };
        const { signal } = options;
        try {
          await plainIfRefused(text, (fields) => client.call('editMessageText', { ...args, ...fields }, { signal }));
        } catch (error) {
          if (isMessageGone(error)) return false;
          if (!isUnchanged(error)) throw error;
        }
        return true;
      }),
  };
}

const UPLOAD_TIMEOUT_MS = 60_000;

function toTarget({ chat, thread }: Place, { answers }: SendOptions) {
  return {
    chat_id: chat,
    ...(thread !== null && { message_thread_id: thread }),
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
async function plainIfRefused<T>({ text, entities }: TelegramPiece, act: (fields: Fields) => Promise<T>): Promise<T> {
  const fields = { text, link_preview_options: { is_disabled: true } };
  if (entities.length === 0) return act(fields);
  try {
    return await act({ ...fields, entities: entities.map(toMessageEntity) });
  } catch (error) {
    if (!areEntitiesRefused(error)) throw error;
    return act(fields);
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
