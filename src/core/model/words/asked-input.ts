import type { ApprovalRecord } from '../approval.ts';

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
