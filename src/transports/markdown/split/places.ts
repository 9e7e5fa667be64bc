import { findRunStart, findStyle, type Styled } from '../styled/styled.ts';
import { isBlank } from './visible.ts';

/** A better place is taken only if the piece is filled to this share. */
const FILLED = { block: 0.3, line: 0.5, sentence: 0.5, word: 0.3 };

/** The best place to end a piece that begins at `start` and may go to `reach`: between blocks, then lines, sentences,
 *  words, and at last characters. Always beyond `start`. */
export function findPlace(styled: Styled, start: number, reach: number): number {
  if (reach >= styled.text.length) return styled.text.length;
  const least = (share: number): number => start + Math.max(1, Math.floor((reach - start) * share));
  const place =
    findBlock(styled, least(FILLED.block), reach) ??
    findLine(styled, least(FILLED.line), reach) ??
    findBack(styled, least(FILLED.sentence), reach, endsSentence) ??
    findBack(styled, least(FILLED.word), reach, isBlank) ??
    findCharacter(styled, start, reach);
  return beforeMarker(styled, start, place);
}

function findBlock({ places }: Styled, from: number, to: number): number | null {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((places[middle] ?? Infinity) <= to) low = middle + 1;
    else high = middle;
  }
  const place = places[low - 1];
  return place !== undefined && place >= from ? place : null;
}

function findLine({ text }: Styled, from: number, to: number): number | null {
  const place = text.lastIndexOf('\n', to);
  return place >= from ? place : null;
}

type Fits = (text: string, at: number) => boolean;

function findBack(styled: Styled, from: number, to: number, fits: Fits): number | null {
  for (let at = to; at >= from; at -= 1) if (fits(styled.text, at) && styled.findGrapheme(at) === at) return at;
  return null;
}

function endsSentence(text: string, at: number): boolean {
  const before = text.charAt(at - 1);
  return before >= '\u3002' ? /[。！？]/.test(before) : isBlank(text, at) && /[.!?…:;]/.test(before);
}

/** Within a character only if it bears more accents than a message holds. */
function findCharacter({ text, findGrapheme }: Styled, start: number, reach: number): number {
  const whole = findGrapheme(reach);
  if (whole > start) return whole;
  const code = text.charCodeAt(reach);
  const place = code >= 0xdc00 && code <= 0xdfff ? reach - 1 : reach;
  return place > start ? place : reach + 1;
}

/** The sign of a list item stays with the item. */
function beforeMarker(styled: Styled, start: number, place: number): number {
  if (findStyle(styled, place - 1).marker === undefined) return place;
  const sign = findRunStart(styled, place - 1);
  return sign > start ? sign : place;
}
