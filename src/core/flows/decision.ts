import { questionsOf, type Answers, type ApprovalRecord, type Decision } from '../model/approval.ts';
import { GatewayError } from '../model/errors.ts';
import type { GivenDecision } from '../ports/gateway.ts';

/** @throws GatewayError `invalid_field` for what does not fit the prompt. */
export function toDecision(approval: ApprovalRecord, given: GivenDecision): Decision {
  const { allow, message = null, remember = false, answers = null, mode = null } = given;
  if (allow && message !== null)
    throw wrong('message', 'goes with a denial: the agent hears nothing with a permission');
  if (remember) checkRemember(approval, allow);
  if (mode !== null && (approval.kind !== 'plan' || !allow)) throw wrong('mode', 'goes with a plan that is allowed');
  if (approval.kind === 'question' && allow) checkAnswers(approval, answers);
  else if (answers !== null) throw wrong('answers', 'goes with a question that is allowed');
  return { allow, message, remember, answers, mode };
}

function checkRemember({ rules }: ApprovalRecord, allow: boolean): void {
  if (!allow) throw wrong('remember', 'goes with a permission: a denial is never remembered');
  if (rules.length === 0) throw wrong('remember', 'is not possible here: the agent offers no rule for this prompt');
}

function checkAnswers({ input }: ApprovalRecord, answers: Answers | null): void {
  const questions = questionsOf(input);
  for (const { question, multiSelect } of questions) {
    const answer = answers?.[question];
    if (answer === undefined) throw wrong('answers', `has no answer to "${question}"`);
    if (typeof answer !== 'string' && !multiSelect) throw wrong('answers', `takes one answer to "${question}"`);
    const all = typeof answer === 'string' ? [answer] : answer;
    if (all.length === 0 || all.some((text) => text.trim() === '')) throw wrong('answers', `"${question}" is empty`);
  }
  const unknown = Object.keys(answers ?? {}).find((text) => questions.every(({ question }) => question !== text));
  if (unknown !== undefined) throw wrong('answers', `nobody asked "${unknown}"`);
}

function wrong(field: string, why: string): GatewayError {
  return new GatewayError('invalid_field', `${field} ${why}`, { field });
}
