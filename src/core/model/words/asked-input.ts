import { type ApprovalRecord, asksQuestions } from '../approval.ts';

/** What a tool would do, or a plan says, whole: as people read it, and as a file for what does not fit a message. */
export interface AskedInput {
  readonly text: string;
  readonly fileName: string;
}

export function toAskedInput({ kind, input }: ApprovalRecord): AskedInput {
  const { command, plan, prompt } = input;
  if (kind === 'hook') return { text: String(prompt ?? '').trim(), fileName: 'prompt.txt' };
  if (kind === 'plan' && typeof plan === 'string') return { text: plan.trim(), fileName: 'plan.md' };
  if (typeof command === 'string') return { text: command.trim(), fileName: 'command.txt' };
  return { text: JSON.stringify(input, null, 2), fileName: 'input.json' };
}

/** Of the `max` of a message, what the input gets: of what a hook asks, the half is its words. */
export const inputMax = ({ kind }: ApprovalRecord, max: number): number => (kind === 'hook' ? max / 2 : max);

/** While it is open, the whole for a file, where a message holds no more than its beginning and its end: nobody allows
 *  what they cannot see. `lengthOf`: as the network shows it. */
export function toWholeInput(
  approval: ApprovalRecord,
  max: number,
  lengthOf: (text: string) => number = ({ length }) => length,
): AskedInput | null {
  if (approval.state !== 'open' || asksQuestions(approval)) return null;
  const whole = toAskedInput(approval);
  return lengthOf(whole.text) <= inputMax(approval, max) ? null : whole;
}
