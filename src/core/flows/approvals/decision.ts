import {
  questionsOf,
  type Answer,
  type Answers,
  type ApprovalRecord,
  type Decision,
  type Question,
} from '../../model/approval.ts';
import { normalisePrompt } from '../../model/prompt.ts';
import type { GivenDecision } from '../../ports/gateway/approvals.ts';
import { toContent } from './form-answers.ts';
import { wrong } from './wrong.ts';

/** Words of one's own may be typed at a terminal, as a prompt is: they are made safe in the same way.
 *  @throws GatewayError `invalid_field` for what does not fit the prompt, `prompt_too_large` */
export function toDecision(approval: ApprovalRecord, given: GivenDecision): Decision {
  const { allow, remember = false, mode = null } = given;
  if (allow && given.message !== undefined)
    throw wrong('message', 'goes with a denial: the agent hears nothing with a permission');
  if (remember) checkRemember(approval, allow);
  if (mode !== null && (approval.kind !== 'plan' || !allow)) throw wrong('mode', 'goes with a plan that is allowed');
  const message = given.message === undefined ? null : normalisePrompt(given.message, 'message').text;
  const { person } = given;
  const answers = readAnswers(approval, given);
  return { allow, message, remember, answers, mode, ...(person !== undefined && { person }) };
}

function checkRemember({ rules }: ApprovalRecord, allow: boolean): void {
  if (!allow) throw wrong('remember', 'goes with a permission: a denial is never remembered');
  if (rules.length === 0) throw wrong('remember', 'is not possible here: the agent offers no rule for this prompt');
}

function readAnswers({ kind, input }: ApprovalRecord, { allow, answers }: GivenDecision): Answers | null {
  if (allow && kind === 'form') return toContent(input, answers ?? {});
  if (allow && (kind === 'question' || kind === 'dialog')) {
    const questions = questionsOf(input);
    if (kind === 'dialog' && questions.length === 0)
      throw wrong('decision', 'cannot be allow: this dialog offers no choice; deny it, or answer it at the terminal');
    return toAnswers(questions, answers ?? {}, kind === 'question');
  }
  if (answers !== undefined) throw wrong('answers', 'goes with a question, a form or a dialog that is allowed');
  return null;
}

function toAnswers(questions: readonly Question[], given: Answers, ownWords: boolean): Answers {
  const unknown = Object.keys(given).find((text) => questions.every(({ question }) => question !== text));
  if (unknown !== undefined) throw wrong('answers', `nobody asked "${unknown}"`);
  return Object.fromEntries(
    questions.map((asked) => [asked.question, toAnswer(asked, given[asked.question], ownWords)]),
  );
}

function toAnswer(
  { question, multiSelect, options }: Question,
  answer: Answer | undefined,
  ownWords: boolean,
): string | readonly string[] {
  if (answer === undefined) throw wrong('answers', `has no answer to "${question}"`);
  const toWords = (text: string): string => {
    if (options.some(({ label }) => label === text)) return text;
    if (!ownWords) throw wrong('answers', `takes to "${question}" one of the labels that are offered`);
    return normalisePrompt(text, 'answers').text;
  };
  if (typeof answer === 'number' || typeof answer === 'boolean')
    throw wrong('answers', `takes a text as the answer to "${question}"`);
  if (typeof answer === 'string') return toWords(answer);
  if (!multiSelect) throw wrong('answers', `takes one answer to "${question}"`);
  if (answer.length === 0 && ownWords) throw wrong('answers', `"${question}" is empty`);
  return answer.map(toWords);
}
