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
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cf}]/gu;
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
const MODE_CHARACTER = /^[!/#&?]/;

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

/** How what arrived differs from what was sent, in ways that some version of the CLI is known for; null when it is another
 *  text. */
export function compareArrived(received: string, expected: string): readonly Alteration[] | null {
  const arrived = received.trimEnd();
  if (arrived === expected) return [];
  if (arrived.startsWith(' ') && MODE_CHARACTER.test(expected)) {
    const found = compareArrived(arrived.slice(1), expected);
    return found === null ? null : ['space_in_front', ...found];
  }
  if (toCanonical(arrived) !== toCanonical(expected)) return null;
  const differs = (pattern: RegExp): boolean => count(arrived, pattern) !== count(expected, pattern);
  const found: readonly Alteration[] = [
    ...(differs(/\t/g) ? ['tabs_expanded' as const] : []),
    ...(differs(INVISIBLE) ? ['invisible_removed' as const] : []),
    ...(differs(/[\u2028\u2029]/g) ? ['line_separators_replaced' as const] : []),
  ];
  const isComposed = withoutKnown(arrived) !== withoutKnown(expected);
  return isComposed ? [...found, 'composed'] : found;
}

/** The same text, as far as the CLI lets one arrive. */
export function isSamePrompt(received: string, expected: string): boolean {
  return compareArrived(received, expected) !== null;
}

/** Ours with something added or lost: the composer held more than our text, a good part of it, or its begin and its end. */
export function isRelatedPrompt(received: string, expected: string): boolean {
  const text = toCanonical(received).trim();
  const ours = toCanonical(expected).trim();
  const isAddedTo = text.startsWith(ours) || text.endsWith(ours);
  return (
    isAddedTo ||
    (text.length * 2 >= ours.length && ours.includes(text)) ||
    isShortened(text, ours) ||
    isLike(text, ours)
  );
}

/** What the composer shows in place of a part of a long text. */
const LABEL = /\[(?:\.{3})?(?:Pasted|Truncated) text #\d+[^\]\n]*\]/g;
const SHORTENED_FROM = 200;

/** A long text of which the composer keeps the begin and the end in sight. */
function isShortened(text: string, ours: string): boolean {
  const seen = text.replaceAll(LABEL, '');
  if (seen.length === text.length || seen.length < SHORTENED_FROM) return false;
  return commonStart(seen, ours) + commonEnd(seen, ours) >= seen.length;
}

/** A long text of which the most is ours. */
function isLike(text: string, ours: string): boolean {
  const longer = Math.max(text.length, ours.length);
  return text.length >= SHORTENED_FROM && (commonStart(text, ours) + commonEnd(text, ours)) * 4 >= longer * 3;
}

function commonStart(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return length;
}

function commonEnd(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one.at(-1 - length) === other.at(-1 - length)) length += 1;
  return length;
}

function toCanonical(text: string): string {
  return withoutKnown(text).normalize('NFC').trimEnd();
}

function withoutKnown(text: string): string {
  return text
    .replaceAll('\t', '    ')
    .replaceAll(/[\u2028\u2029]/g, '\n')
    .replaceAll(INVISIBLE, '');
}

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}
