import type { RequestRecord } from '../../../core/model/request.ts';
import { tooLong } from '../../markdown/fallbacks.ts';
import { type TelegramPiece, toTelegram } from '../../markdown/telegram.ts';
import { AGAIN, MESSAGE_MAX } from './pieces.ts';
import { sayEnd } from './progress.ts';

export type AnswerPart =
  | { readonly kind: 'text'; readonly piece: TelegramPiece }
  | { readonly kind: 'file'; readonly file: { readonly name: string; readonly text: string } };

/** More messages than these nobody reads in a chat … */
const PIECES_MAX = 9;
/** … so that only the first ones are shown, and the whole is a file. */
const PIECES_BEFORE_FILE = 3;

/** The same at each attempt, so that one goes on where the last one came to. */
export function toParts(request: RequestRecord | null): readonly AnswerPart[] {
  if (request === null) return [toLine('The answer is not kept any more.')];
  const { text, state } = request;
  const pieces = text === null ? [] : toTelegram(text, MESSAGE_MAX - AGAIN.length);
  const shown = pieces.filter((piece) => piece.text.trim() !== '');
  const long = text === null ? null : tooLong(text, shown, PIECES_MAX);
  const parts: readonly AnswerPart[] =
    long === null
      ? shown.map((piece) => ({ kind: 'text', piece }))
      : [
          ...long.first.slice(0, PIECES_BEFORE_FILE).map((piece) => ({ kind: 'text', piece }) as const),
          { kind: 'file', file: long.file },
        ];
  const end = state === 'completed' ? (parts.length === 0 ? ['Done, without a word.'] : []) : [sayEnd(request)];
  return [...parts, ...end.map(toLine)];
}

function toLine(text: string): AnswerPart {
  return { kind: 'text', piece: { text, entities: [] } };
}
