import type { Alteration } from '../../../core/model/prompt.ts';
import { isCommand } from '../../program/versions/commands.ts';

/** What is put into the composer for a prompt, and what the agent must then report. */
export interface ComposerText {
  readonly text: string;
  readonly expected: string;
  /** How `expected` differs from the prompt. */
  readonly altered: readonly Alteration[];
}

/** Nothing is drawn of them. */
export const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu;
const BEFORE_TEXT = /^[\s\p{Default_Ignorable_Code_Point}\p{Cf}]*/u;

/** Alone in the composer they end the CLI. */
const QUIT_WORD = /^(exit|quit|:q!?|:wq!?)$/i;

/** Makes a prompt safe for Claude Code's composer.
 *  - A `\` in front of a command (`/clear`) and of a lone word that ends the CLI (`exit`): nothing else keeps them text on
 *    every version, neither a space nor a character that nobody sees.
 *  - White space at the end is cut, as the CLI does.
 *  - One space at the end, which the CLI cuts: `\` before Enter would be a line break, and `@path` opens a popup that takes
 *    Enter. */
export function toComposerText(prompt: string): ComposerText {
  const body = prompt.trimEnd();
  const before = BEFORE_TEXT.exec(body)?.[0] ?? '';
  const rest = body.slice(before.length);
  const isEscaped = isCommand(rest) || QUIT_WORD.test(rest.replaceAll(INVISIBLE, '').trim());
  const expected = isEscaped ? `${before}\\${rest}` : body;
  const altered: readonly Alteration[] = [
    ...(body === prompt ? [] : ['end_trimmed' as const]),
    ...(isEscaped ? ['escaped' as const] : []),
  ];
  return { text: `${expected}${isSplit(expected) ? '  ' : ' '}`, expected, altered };
}

/** The CLI takes a longer text apart this far before its end, and puts it together again by bytes: a character of two units
 *  that stands there would come out as two others. */
const LONG_FROM = 10_000;
const CUT_BEFORE_END = 500;

function isSplit(expected: string): boolean {
  return expected.length >= LONG_FROM && /[\uDC00-\uDFFF]/.test(expected.charAt(expected.length + 1 - CUT_BEFORE_END));
}

const PIECE_CHARACTERS = 200;
/** First characters that give a line another meaning when they are typed: shell, command, memory, background, help. */
export const MODE_CHARACTER = /^[!/#&?]/;

/** The text in pieces that are pasted one after the other. One space in front keeps a mode character text. */
export function toPieces({ text, expected }: ComposerText): readonly string[] {
  const whole = MODE_CHARACTER.test(expected) ? ` ${text}` : text;
  return whole.split(PICTURE_CUT).flatMap(cut);
}

/** Behind the point of the ending of a picture: a half of a path names no file. */
const PICTURE_CUT = /(?<=\.)(?=(?:png|jpe?g|gif|webp)\b)/i;

function cut(part: string): readonly string[] {
  const characters = [...part];
  const pieces: string[] = [];
  for (let at = 0; at < characters.length; at += PIECE_CHARACTERS)
    pieces.push(characters.slice(at, at + PIECE_CHARACTERS).join(''));
  return pieces;
}
