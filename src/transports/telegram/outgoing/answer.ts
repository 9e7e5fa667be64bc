import { sayTooMany } from '../../../core/model/files/attached.ts';
import type { RequestRecord } from '../../../core/model/request.ts';
import { isQuietEnd } from '../../../core/model/words/quiet-end.ts';
import { findFiles } from '../../markdown/attached-files.ts';
import { tooLong } from '../../markdown/too-long.ts';
import { createRendered } from '../../markdown/rendered.ts';
import { type TelegramPiece, toTelegram } from '../../markdown/telegram.ts';
import type { FileToSend } from '../messenger.ts';
import { AGAIN, MESSAGE_MAX } from './pieces.ts';
import { sayEnd } from './progress.ts';

export type AnswerPart =
  | { readonly kind: 'text'; readonly piece: TelegramPiece }
  | { readonly kind: 'file'; readonly file: FileToSend }
  /** A file of the workspace. */
  | { readonly kind: 'attached'; readonly path: string };

/** More messages than these nobody reads in a chat … */
const PIECES_MAX = 9;
/** … so that only the first ones are shown, and the whole is a file. */
const PIECES_BEFORE_FILE = 3;

export type ToParts = (request: RequestRecord | null) => readonly AnswerPart[];

/** The same at each attempt, so that one goes on where the last one came to. */
export function createToParts(): ToParts {
  const rendered = createRendered<readonly AnswerPart[]>();
  return (request) => (request === null ? [toLine('The answer is not kept any more.')] : rendered.of(request, toParts));
}

function toParts(request: RequestRecord): readonly AnswerPart[] {
  if (isQuietEnd(request)) return [];
  const { text, paths, tooMany } = findFiles(request);
  const attached = paths.map((path) => ({ kind: 'attached', path }) as const);
  const parts = [...toTexts(text), ...attached, ...sayTooMany(tooMany).map(toLine)];
  if (request.state !== 'completed') return [...parts, toLine(sayEnd(request))];
  return parts.length === 0 ? [toLine('Done, without a word.')] : parts;
}

function toTexts(text: string): readonly AnswerPart[] {
  const shown = toTelegram(text, MESSAGE_MAX - AGAIN.length).filter((piece) => piece.text.trim() !== '');
  const pieces = shown.map((piece) => ({ kind: 'text', piece }) as const);
  const long = tooLong(text, shown, PIECES_MAX);
  if (long === null) return pieces;
  const file = { name: long.file.name, bytes: Buffer.from(long.file.text) };
  return [...pieces.slice(0, PIECES_BEFORE_FILE), { kind: 'file', file }];
}

function toLine(text: string): AnswerPart {
  return { kind: 'text', piece: { text, entities: [] } };
}
