import type { InlineKeyboardMarkup, MessageEntity } from 'telegraf/types';
import { bad } from './refusal.ts';

const TYPES: ReadonlySet<string> = new Set([
  'bold',
  'italic',
  'strikethrough',
  'code',
  'pre',
  'text_link',
  'blockquote',
]);

/** Stricter than Telegram, which trims and mends in silence. */
export function checkText(text: unknown, entities: readonly MessageEntity[] = []): string {
  if (typeof text !== 'string' || text.trim() === '') throw bad('message text is empty');
  if (text.length > 4_096) throw bad('message is too long');
  if (!text.isWellFormed()) throw bad('strings must be encoded in UTF-8');
  if (entities.length > 100) throw bad('too many entities');
  for (const [at, entity] of entities.entries()) {
    checkEntity(text, entity);
    for (const other of entities.slice(at + 1)) checkPair(entity, other);
  }
  return text;
}

function checkEntity(text: string, entity: MessageEntity): void {
  const { type, offset, length } = entity;
  if (!TYPES.has(type)) throw bad(`unsupported entity ${type}`);
  if (offset < 0 || length < 1 || offset + length > text.length) throw bad(`entity beyond the text: ${type}`);
  const inside = text.slice(offset, offset + length);
  if (!inside.isWellFormed()) throw bad('entity cuts a character in half');
  if (inside.trim() === '') throw bad('entity is blank');
  if (/^\n|\n$/.test(inside)) throw bad('entity begins or ends with a line break');
  if (type === 'text_link' && !URL.canParse(entity.url)) throw bad('entity has a wrong URL');
}

function checkPair(one: MessageEntity, other: MessageEntity): void {
  const [a, b] = one.offset <= other.offset ? [one, other] : [other, one];
  const isApart = b.offset >= a.offset + a.length;
  if (isApart) return;
  if (b.offset + b.length > a.offset + a.length && b.offset !== a.offset) throw bad('entities cross');
  const isCode = ({ type }: MessageEntity): boolean => type === 'code' || type === 'pre';
  const isQuote = ({ type }: MessageEntity): boolean => type === 'blockquote';
  if ((isCode(a) && !isQuote(b)) || (isCode(b) && !isQuote(a))) throw bad('entities: code holds nothing else');
}

/** @throws Refusal for buttons that Telegram would not take. */
export function checkButtons(markup: InlineKeyboardMarkup | undefined): readonly ServerButton[] {
  const rows = markup?.inline_keyboard ?? [];
  if (rows.some((row) => row.length === 0 || row.length > 8)) throw bad('BUTTON_ROW_INVALID');
  return rows.flat().map((button) => {
    const data = 'callback_data' in button ? button.callback_data : '';
    const bytes = Buffer.byteLength(data);
    if (bytes < 1 || bytes > 64) throw bad('BUTTON_DATA_INVALID');
    if (button.text.trim() === '') throw bad('BUTTON_TEXT_INVALID');
    return { text: button.text, data };
  });
}

export interface ServerButton {
  readonly text: string;
  readonly data: string;
}
