import { questionsOf, type Decision, type Question } from '../../../core/model/approval.ts';
import type { ApprovalAsk } from '../../../core/ports/agent.ts';
import type { Menu } from '../screen/menu.ts';
import { subjectsOf } from './asks.ts';
import { DENIED } from '../../program/asking/permission.ts';
import { closeForm } from './forms.ts';
import {
  choose,
  DialogGoneError,
  mark,
  markedIn,
  press,
  see,
  seeMarked,
  until,
  write,
  type DialogParts,
} from './dialog-keys.ts';

/** No pane that is read is narrower. */
const WRAPS_FROM = 40;
const AMEND_MAX_MS = 500;

/** Gives a decision at the dialog of its prompt. Each key is pressed only after a look that shows exactly this dialog;
 *  Enter and arrows do nothing in a composer, should the dialog go in that very moment.
 *  @throws DialogGoneError */
export async function answerAtDialog(parts: DialogParts, ask: ApprovalAsk, decision: Decision): Promise<void> {
  if (ask.kind === 'form') return closeForm(parts, ask);
  if (ask.kind === 'question') return answerQuestions(parts, ask, decision);
  const subjects = subjectsOf(ask, parts.cwd);
  if (!decision.allow) return refuse(parts, subjects, decision.message ?? DENIED);
  const { options } = await see(parts, subjects);
  const label = toYes(
    options.map((option) => option.label),
    decision.mode === 'accept_edits',
  );
  await choose(parts, subjects, (option) => option === label);
}

/** The Yes that grants no more than was decided. Where a plan cannot be allowed with its edits, it is asked for each. */
function toYes(labels: readonly string[], withEdits: boolean): string | undefined {
  const offered = labels.filter((label) => label.startsWith('Yes') && !GRANTS_MORE.test(label));
  const withoutAsking = offered.find((label) => /accept edits/.test(label));
  const asking = offered.find((label) => /^Yes$|manually/.test(label));
  return (withEdits ? withoutAsking : undefined) ?? asking ?? offered[0];
}

/** Of a Yes: modes in which nobody is asked any more, and a conversation that is forgotten. */
const GRANTS_MORE = /auto mode|bypass|clear context/;

/** With a message the turn goes on; a bare No ends it. */
async function refuse(parts: DialogParts, subjects: readonly string[], message: string): Promise<void> {
  const isNo = (label: string): boolean => /^No\b|^Tell Claude|tell Claude|keep planning/.test(label);
  const menu = await mark(parts, subjects, isNo);
  if (menu.options[markedIn(menu)]?.label.startsWith('Tell Claude') === true) await write(parts, subjects, message);
  else if (await offersAmending(parts, subjects)) {
    await press(parts, 'Tab');
    await seeMarked(parts, subjects, (label) => label.includes('tell Claude'));
    await write(parts, subjects, message);
  }
  await press(parts, 'Enter');
}

/** The last line of a dialog says so, which may be drawn late: a bare No in its place would end the turn. */
async function offersAmending(parts: DialogParts, subjects: readonly string[]): Promise<boolean> {
  const offers = ({ text }: Menu): boolean => text.includes('Tab to amend');
  try {
    await until(parts, subjects, offers, AMEND_MAX_MS);
    return true;
  } catch (error) {
    if (!(error instanceof DialogGoneError)) throw error;
    return offers(await see(parts, subjects));
  }
}

async function answerQuestions(parts: DialogParts, ask: ApprovalAsk, decision: Decision): Promise<void> {
  const questions = questionsOf(ask.input);
  for (const question of questions) {
    const given = decision.allow ? (decision.answers?.[question.question] ?? []) : (decision.message ?? DENIED);
    const answers = Array.isArray(given) ? given : [String(given)];
    if (question.multiSelect) await answerSeveral(parts, question, answers);
    else await answerOne(parts, question, answers[0] ?? DENIED);
  }
  const isOne = questions.length === 1 && questions[0]?.multiSelect === false;
  if (!isOne) await choose(parts, ['Ready to submit your answers?'], (label) => label.startsWith('Submit'));
}

async function answerOne(parts: DialogParts, { question, options }: Question, answer: string): Promise<void> {
  if (options.some(({ label }) => label === answer)) {
    return choose(parts, [question], (label) => isShownAs(answer, label));
  }
  await mark(parts, [question], isOwnWords);
  await write(parts, [question], answer);
  await press(parts, 'Enter');
}

async function answerSeveral(
  parts: DialogParts,
  { question, options }: Question,
  answers: readonly string[],
): Promise<void> {
  const own = answers.filter((answer) => options.every(({ label }) => label !== answer));
  for (const { label } of options) {
    const isIt = (shown: string): boolean => isShownAs(label, unboxed(shown));
    const { options: shown } = await mark(parts, [question], isIt);
    const isTicked = shown.some(({ isMarked, label: box }) => isMarked && box.startsWith('[✔]'));
    // A person may have ticked some before.
    if (isTicked === answers.includes(label)) continue;
    await press(parts, 'Enter');
    await seeMarked(parts, [question], (box) => box.startsWith('[✔]') !== isTicked && isIt(box));
  }
  if (own.length > 0) {
    await mark(parts, [question], isOwnWords);
    await write(parts, [question], own.join(', '));
  }
  await press(parts, 'Tab');
  // Out of the field it leads to the line "Submit", otherwise to the next question.
  if (own.length > 0) await press(parts, 'Enter');
}

function isOwnWords(label: string): boolean {
  return unboxed(label).startsWith('Type something');
}

/** A long label goes on in the next lines. */
function isShownAs(label: string, shown: string): boolean {
  return label === shown || (shown.length > WRAPS_FROM && label.startsWith(shown));
}

function unboxed(label: string): string {
  return label.replace(/^\[.\] /, '');
}
