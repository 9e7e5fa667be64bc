import { describe, expect, test } from '@jest/globals';
import { toDecision } from '../../../../../src/core/flows/approvals/decision.ts';
import { GatewayError } from '../../../../../src/core/model/errors.ts';
import type { ApprovalRecord, Decision } from '../../../../../src/core/model/approval.ts';
import type { GivenDecision } from '../../../../../src/core/ports/gateway/approvals.ts';
import { OPEN_APPROVAL as TOOL } from '../../../../helpers/examples.ts';

const RULELESS: ApprovalRecord = { ...TOOL, rules: [] };
const PLAN: ApprovalRecord = { ...TOOL, kind: 'plan', tool: 'ExitPlanMode', input: { plan: 'all' } };
const COLOUR = 'Which colour?';
const SIZES = 'Which sizes?';
const options = (...labels: readonly string[]) => labels.map((label) => ({ label, description: label }));
const QUESTION: ApprovalRecord = {
  ...RULELESS,
  kind: 'question',
  tool: 'AskUserQuestion',
  input: {
    questions: [
      { question: COLOUR, header: 'Colour', multiSelect: false, options: options('Red', 'Blue') },
      { question: SIZES, header: 'Sizes', multiSelect: true, options: options('S', 'L') },
    ],
  },
};
const DIALOG: ApprovalRecord = {
  ...RULELESS,
  kind: 'dialog',
  tool: 'dialog',
  input: { text: COLOUR, questions: [{ question: COLOUR, header: '', multiSelect: false, options: options('Red') }] },
};
const ANSWERS = { [COLOUR]: 'Blue', [SIZES]: ['S', 'L'] };
const NOTHING: Omit<Decision, 'allow'> = { message: null, remember: false, answers: null, mode: null };

describe('a decision', () => {
  test.each<[string, ApprovalRecord, GivenDecision, Partial<Decision>]>([
    ['allows', TOOL, { allow: true }, {}],
    ['denies', TOOL, { allow: false }, {}],
    ['denies with a message', TOOL, { allow: false, message: 'no' }, { message: 'no' }],
    ['is remembered', TOOL, { allow: true, remember: true }, { remember: true }],
    ['denies, and says that it is not remembered', RULELESS, { allow: false, remember: false }, {}],
    ['allows a plan', PLAN, { allow: true }, {}],
    ['allows a plan and how to go on', PLAN, { allow: true, mode: 'accept_edits' }, { mode: 'accept_edits' }],
    ['denies a plan with a message', PLAN, { allow: false, message: 'shorter' }, { message: 'shorter' }],
    ['answers', QUESTION, { allow: true, answers: ANSWERS }, { answers: ANSWERS }],
    [
      'answers in other words, and with one of several',
      QUESTION,
      { allow: true, answers: { [COLOUR]: 'Something green', [SIZES]: 'S' } },
      { answers: { [COLOUR]: 'Something green', [SIZES]: 'S' } },
    ],
    [
      'carries no key that a terminal would take',
      TOOL,
      { allow: false, message: 'one\r\ntwo\u001b[201~\u0003' },
      { message: 'one\ntwo[201~' },
    ],
    [
      'answers without a key that a terminal would take',
      QUESTION,
      { allow: true, answers: { [COLOUR]: 'Green\u001b', [SIZES]: ['S', 'XL\u0003'] } },
      { answers: { [COLOUR]: 'Green', [SIZES]: ['S', 'XL'] } },
    ],
    ['refuses to answer', QUESTION, { allow: false, message: 'guess' }, { message: 'guess' }],
  ])('%s', (_name, approval, given, decision) => {
    expect(toDecision(approval, given)).toEqual({ ...NOTHING, allow: given.allow, ...decision });
  });
});

describe('what does not fit the prompt', () => {
  test.each<[string, ApprovalRecord, GivenDecision, string, string]>([
    ['a message with a permission', TOOL, { allow: true, message: 'go' }, 'message', 'with a denial'],
    ['a blank message', TOOL, { allow: false, message: ' \n' }, 'message', 'is empty'],
    ['a broken message', TOOL, { allow: false, message: 'a\ud800' }, 'message', 'lone surrogate'],
    ['a broken answer', QUESTION, { allow: true, answers: { ...ANSWERS, [COLOUR]: '\ud800' } }, 'answers', 'surrogate'],
    ['a denial to remember', TOOL, { allow: false, remember: true }, 'remember', 'never remembered'],
    ['remember without a rule', RULELESS, { allow: true, remember: true }, 'remember', 'offers no rule'],
    ['a mode for a tool', TOOL, { allow: true, mode: 'ask' }, 'mode', 'with a plan'],
    ['a mode for a plan that is denied', PLAN, { allow: false, mode: 'ask' }, 'mode', 'with a plan that is allowed'],
    ['answers for a tool', TOOL, { allow: true, answers: ANSWERS }, 'answers', 'with a question'],
    ['answers for a plan', PLAN, { allow: true, answers: {} }, 'answers', 'with a question'],
    ['answers with a denial', QUESTION, { allow: false, answers: ANSWERS }, 'answers', 'that is allowed'],
    ['no answers', QUESTION, { allow: true }, 'answers', `no answer to "${COLOUR}"`],
    [
      'one answer of two',
      QUESTION,
      { allow: true, answers: { [COLOUR]: 'Red' } },
      'answers',
      `no answer to "${SIZES}"`,
    ],
    [
      'two answers where one is wanted',
      QUESTION,
      { allow: true, answers: { ...ANSWERS, [COLOUR]: ['Red', 'Blue'] } },
      'answers',
      `one answer to "${COLOUR}"`,
    ],
    ['a number for a question', QUESTION, { allow: true, answers: { ...ANSWERS, [COLOUR]: 7 } }, 'answers', 'a text'],
    ['own words for a dialog', DIALOG, { allow: true, answers: { [COLOUR]: 'Green' } }, 'answers', 'that are offered'],
    ['allow for a dialog without a choice', { ...DIALOG, input: {} }, { allow: true }, 'decision', 'offers no choice'],
    ['a blank answer', QUESTION, { allow: true, answers: { ...ANSWERS, [COLOUR]: ' \n' } }, 'answers', 'is empty'],
    [
      'a blank answer of several',
      QUESTION,
      { allow: true, answers: { ...ANSWERS, [SIZES]: ['S', ''] } },
      'answers',
      'is empty',
    ],
    ['none of several', QUESTION, { allow: true, answers: { ...ANSWERS, [SIZES]: [] } }, 'answers', 'is empty'],
    [
      'an answer to nothing',
      QUESTION,
      { allow: true, answers: { ...ANSWERS, Why: 'so' } },
      'answers',
      'nobody asked "Why"',
    ],
  ])('is refused by the name of its field: %s', (_name, approval, given, field, why) => {
    expect(refusalOf(approval, given)).toMatchObject({
      code: 'invalid_field',
      field,
      message: expect.stringMatching(new RegExp(`^${field} .*${why.replaceAll('?', String.raw`\?`)}`)),
    });
  });
});

function refusalOf(approval: ApprovalRecord, given: GivenDecision): unknown {
  try {
    return toDecision(approval, given);
  } catch (error) {
    return error instanceof GatewayError ? error : null;
  }
}
