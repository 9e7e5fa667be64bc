import type { Alteration } from '../../../core/model/prompt.ts';
import { INVISIBLE, MODE_CHARACTER } from './composer.ts';

/** How what arrived differs from what was sent, in ways that some version of the CLI is known for; null when it is another
 *  text. */
export function compareArrived(received: string, expected: string): readonly Alteration[] | null {
  const arrived = received.trimEnd();
  if (arrived === expected) return [];
  if (arrived.startsWith(' ') && MODE_CHARACTER.test(expected)) {
    const found = compareArrived(arrived.slice(1), expected);
    return found === null ? null : ['space_in_front', ...found];
  }
  const isEqual = toCanonical(arrived) === toCanonical(expected);
  if (!isEqual && !isTagEscaped(toCanonical(arrived), toCanonical(expected))) return null;
  const differs = (pattern: RegExp): boolean => count(arrived, pattern) !== count(expected, pattern);
  const found: readonly Alteration[] = [
    ...(differs(/\t/g) ? ['tabs_expanded' as const] : []),
    ...(differs(INVISIBLE) ? ['invisible_removed' as const] : []),
    ...(differs(/[\u2028\u2029]/g) ? ['line_separators_replaced' as const] : []),
    ...(isEqual ? [] : ['tags_escaped' as const]),
  ];
  const [was, is] = [withoutKnown(expected).trimEnd(), withoutKnown(arrived)];
  return is !== was && !isTagEscaped(is, was) ? [...found, 'composed'] : found;
}

const ESCAPED = '<\\';
/** What the agent takes for the begin of a tag, as `＜` too. */
const OPENER = /^[^\w\s]/u;

/** A tag of the agent's own, as `<pasted_content>`, arrives as `<\pasted_content>`, in whatever way it was written. */
function isTagEscaped(arrived: string, expected: string): boolean {
  let rest = expected;
  for (const [at, piece] of arrived.split(ESCAPED).entries()) {
    if (at > 0) rest = rest.startsWith(ESCAPED) ? rest.slice(ESCAPED.length) : rest.replace(OPENER, '');
    if (!rest.startsWith(piece)) return false;
    rest = rest.slice(piece.length);
  }
  return rest === '';
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
