import type { Styled } from '../styled/styled.ts';
import { findPlace } from './places.ts';
import { isVisible, type Slice, trim } from './visible.ts';

export interface Rendered<Piece> {
  readonly piece: Piece;
  /** Of what a message holds: up to 1 it fits. */
  readonly fullness: number;
}

/** `bare`: without any format. */
export type Render<Piece> = (slice: Slice, bare: boolean) => Rendered<Piece>;

/** Slices of the answer, each rendered as one message, without white space at their ends. Nothing visible is lost,
 *  doubled or reordered. A slice that people would not see is left out. `limit`: of a rendered piece, in UTF-16 units;
 *  no piece is shorter rendered than it is. */
export function split<Piece>(styled: Styled, limit: number, render: Render<Piece>): readonly Piece[] {
  const { text } = styled;
  const pieces: Piece[] = [];
  let start = 0;
  while (start < text.length) {
    const { start: from } = trim(styled, start, text.length);
    if (from >= text.length) break;
    const { end, piece } = cut(styled, from, limit, render);
    if (piece !== null) pieces.push(piece);
    start = end;
  }
  return pieces;
}

interface Cut<Piece> {
  readonly end: number;
  /** Null for what nobody sees. */
  readonly piece: Piece | null;
}

function cut<Piece>(styled: Styled, start: number, limit: number, render: Render<Piece>): Cut<Piece> {
  for (const bare of [false, true]) {
    const measure = (end: number): number => render(trim(styled, start, end), bare).fullness;
    let reach = findReach(start, Math.min(start + limit, styled.text.length), measure);
    // What is cut at another place is written otherwise, and may be longer.
    while (reach > start) {
      const end = findPlace(styled, start, reach);
      const slice = trim(styled, start, end);
      const { piece, fullness } = render(slice, bare);
      if (fullness <= 1) return { end, piece: isVisible(styled.text.slice(slice.start, slice.end)) ? piece : null };
      reach = Math.min(reach, end) - 1;
    }
  }
  throw new RangeError(`a message of ${limit} characters is too short for one`);
}

/** A piece so full is not made fuller. */
const ENOUGH = 0.9;
const AIM = 0.97;
/** Then by halves: what is left to search is not even. */
const GUESSES = 4;

/** An end that fits and leaves little room, found by what others have taken: each look renders a piece. */
function findReach(start: number, most: number, measure: (end: number) => number): number {
  let low = { end: start, fullness: 0 };
  let high = { end: most, fullness: measure(most) };
  if (high.fullness <= 1) return most;
  for (let tries = 0; high.end - low.end > 1 && low.fullness < ENOUGH; tries += 1) {
    const share = tries < GUESSES ? (AIM - low.fullness) / (high.fullness - low.fullness) : 0.5;
    const guess = low.end + Math.floor((high.end - low.end) * share);
    const end = Math.min(Math.max(guess, low.end + 1), high.end - 1);
    const looked = { end, fullness: measure(end) };
    if (looked.fullness <= 1) low = looked;
    else high = looked;
  }
  return low.end;
}
