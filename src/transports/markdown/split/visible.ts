import { findStyle, type Styled } from '../styled/styled.ts';

/** Networks take a message of nothing but these for an empty one: white space, what has no shape of its own, an empty
 *  Braille pattern, and the lines and rings that Telegram removes. */
const UNSEEN = /^(?:[\s\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2800]|\u030a|\u0333|\u033f)*$/u;

export function isVisible(text: string): boolean {
  return !UNSEEN.test(text);
}

export interface Slice {
  readonly start: number;
  readonly end: number;
}

/** A slice without the white space at its ends; the indent of a first line of code is no white space. */
export function trim(styled: Styled, start: number, end: number): Slice {
  const slice = trimBlank(styled.text, start, end, styled.findGrapheme);
  const line = Math.max(start, styled.text.lastIndexOf('\n', slice.start - 1) + 1);
  return slice.start < slice.end && findStyle(styled, slice.start).pre !== undefined
    ? { ...slice, start: line }
    : slice;
}

/** White space that bears an accent is a character of its own. */
export function trimBlank(text: string, start: number, end: number, findGrapheme: (at: number) => number): Slice {
  let first = start;
  let last = end;
  while (first < last && isBlank(text, first) && findGrapheme(first + 1) === first + 1) first += 1;
  while (last > first && isBlank(text, last - 1) && findGrapheme(last - 1) === last - 1) last -= 1;
  return { start: first, end: last };
}

export function isBlank(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code === 0x20 || (code >= 0x09 && code <= 0x0d) || (code >= 0xa0 && /\s/.test(text.charAt(at)));
}
