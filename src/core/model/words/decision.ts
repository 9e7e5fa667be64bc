import type { Answers, ApprovalRecord, Decider } from '../approval.ts';
import type { ApprovalButton } from '../chat.ts';
import { cut } from './cut.ts';

const ANSWERS_MAX = 300;
const PERSON_MAX = 100;

/** What became of an approval and by whom, in one line; empty while it is open. */
export function sayDecision({ state, decision, decidedBy }: ApprovalRecord): string {
  const person = decision?.person;
  const by = person === undefined ? (decidedBy === null ? '' : BY[decidedBy]) : `by ${cut(person, PERSON_MAX)}`;
  switch (state) {
    case 'allowed':
      return `${sayAllowed(decision)} ${by}`.trim();
    case 'denied':
      return `Denied ${by}`.trim();
    case 'expired':
      return `Expired: ${by === '' ? BY.timeout : by}`;
    case 'open':
      return '';
  }
}

/** Where it can be answered, when these buttons cannot; empty when they can. */
export function sayElsewhere(buttons: readonly Pick<ApprovalButton, 'style'>[]): string {
  const isOnlyDenied = buttons.every(({ style }) => style === 'deny');
  return isOnlyDenied ? 'It is answered over the API or at the terminal; here it can only be denied.' : '';
}

/** What is allowed: an answer is one, too. */
export function sayAllowed(
  decision: { readonly answers?: Answers | null; readonly remember?: boolean } | null,
): string {
  const chosen = Object.values(decision?.answers ?? {}).map((answer) => [answer].flat().join(', '));
  if (chosen.length > 0) return `Answered: ${cut(chosen.join('; '), ANSWERS_MAX)}`;
  return decision?.remember === true ? 'Allowed for this session' : 'Allowed';
}

const BY: Readonly<Record<Decider, string>> = {
  api: 'over the API',
  terminal: 'at the terminal',
  agent: 'by the agent’s own rules',
  timeout: 'nobody decided in time',
  rule: 'by what was allowed for this session',
  turn_end: 'the turn ended first',
};
