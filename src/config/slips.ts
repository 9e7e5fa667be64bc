import { type Environment, VARIABLES } from './env.ts';

export interface Slip {
  /** Set, and read by nobody. */
  readonly name: string;
  /** What it seems to be meant for. */
  readonly meant: string;
}

const NAMES = Object.keys(VARIABLES);

/** Names that are a slip of the hand away from a setting, which then stays at its default without a word. Names of one word
 *  may be anything. */
export function findSlips(env: Environment): readonly Slip[] {
  return Object.keys(env).flatMap((name) => {
    if (!name.includes('_') || NAMES.includes(name)) return [];
    const meant = NAMES.find((setting) => isSlip(name, setting));
    return meant === undefined ? [] : [{ name, meant }];
  });
}

/** One letter too many, too few or wrong, or two that changed places. */
function isSlip(one: string, other: string): boolean {
  const shorter = Math.min(one.length, other.length);
  let front = 0;
  while (front < shorter && one[front] === other[front]) front += 1;
  let back = 0;
  while (back < shorter - front && one.at(-1 - back) === other.at(-1 - back)) back += 1;
  const left = one.slice(front, one.length - back);
  const right = other.slice(front, other.length - back);
  return (
    (left.length <= 1 && right.length <= 1) || (left.length === 2 && left === right.split('').toReversed().join(''))
  );
}
