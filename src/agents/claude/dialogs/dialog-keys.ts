import { setTimeout as delay } from 'node:timers/promises';
import { questionsOf, type Decision, type Question } from '../../../core/model/approval.ts';
import type { ApprovalAsk } from '../../../core/ports/agent.ts';
import { DENIED, subjectsOf } from './asks.ts';
import { isAbout, type Menu } from '../screen/menu.ts';
import type { Key, Terminal } from '../screen/terminal.ts';

export interface DialogParts {
  readonly terminal: Terminal;
  /** Of the workspace. */
  readonly cwd: string;
  readonly signal: AbortSignal;
}

/** The dialog went away, or is not of the form that is known: no further key is pressed. */
export class DialogGoneError extends Error {
  override readonly name = 'DialogGoneError';
}

const LOOK_EVERY_MS = 30;
/** No pane that is read is narrower. */
const WRAPS_FROM = 40;
const CHANGE_MAX_MS = 2_000;
const AMEND_MAX_MS = 500;

/** Whether every key that was pressed before has been taken, and a dialog of these still stands: the mark is moved, for
 *  the program takes its keys in order. `unknown`: no dialog is seen that could tell. */
export async function proveStanding(
  parts: DialogParts,
  subjects: readonly string[],
): Promise<'stands' | 'gone' | 'unknown'> {
  const before = await seeAny(parts);
  if (before === null) return 'unknown';
  const at = markedIn(before);
  await press(parts, at === before.options.length - 1 ? 'Up' : 'Down');
  const last = performance.now() + CHANGE_MAX_MS;
  for (;;) {
    const menu = await seeAny(parts);
    if (menu === null || menu.text.split('\n', 1)[0] !== before.text.split('\n', 1)[0]) return 'gone';
    if (markedIn(menu) !== at) return isAbout(menu, subjects) ? 'stands' : 'unknown';
    if (performance.now() > last) return 'unknown';
    await delay(LOOK_EVERY_MS, undefined, { signal: parts.signal });
  }
}

/** Resolves when no dialog of these stands any more; false when it does all the time. */
export async function untilGone(parts: DialogParts, subjects: readonly string[]): Promise<boolean> {
  for (const last = performance.now() + CHANGE_MAX_MS; performance.now() < last;) {
    const menu = await seeAny(parts);
    if (menu === null || !isAbout(menu, subjects)) return true;
    await delay(LOOK_EVERY_MS, undefined, { signal: parts.signal });
  }
  return false;
}

async function seeAny({ terminal, signal }: DialogParts): Promise<Menu | null> {
  signal.throwIfAborted();
  const view = await terminal.look();
  return view?.screen.kind === 'other' ? view.screen.menu : null;
}

/** Gives a decision at the dialog of its prompt. Each key is pressed only after a look that shows exactly this dialog;
 *  Enter and arrows do nothing in a composer, should the dialog go in that very moment.
 *  @throws DialogGoneError */
export async function answerAtDialog(parts: DialogParts, ask: ApprovalAsk, decision: Decision): Promise<void> {
  if (ask.kind === 'question') return answerQuestions(parts, ask, decision);
  const subjects = subjectsOf(ask, parts.cwd);
  if (!decision.allow) return refuse(parts, subjects, decision.message ?? DENIED);
  const wanted = decision.mode === 'accept_edits' ? /auto-accept|auto mode/ : /^Yes$|manually/;
  const { options } = await see(parts, subjects);
  const label = options.find((option) => wanted.test(option.label)) ?? options.find(isYes);
  await choose(parts, subjects, (option) => option === label?.label);
}

function isYes({ label }: { readonly label: string }): boolean {
  return label.startsWith('Yes');
}

/** With a message the turn goes on; a bare No ends it. */
async function refuse(parts: DialogParts, subjects: readonly string[], message: string): Promise<void> {
  const isNo = (label: string): boolean => /^No\b|tell Claude|keep planning/.test(label);
  await mark(parts, subjects, isNo);
  if (await offersAmending(parts, subjects)) {
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
    const answers = typeof given === 'string' ? [given] : given;
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

async function choose(
  parts: DialogParts,
  subjects: readonly string[],
  isIt: (label: string) => boolean,
): Promise<void> {
  await mark(parts, subjects, isIt);
  await press(parts, 'Enter');
}

/** Moves the mark to an option, a step at a time. */
async function mark(parts: DialogParts, subjects: readonly string[], isIt: (label: string) => boolean): Promise<Menu> {
  let menu = await see(parts, subjects);
  const target = menu.options.findIndex(({ label }) => isIt(label));
  if (target < 0) throw new DialogGoneError('The dialog does not offer this answer.');
  for (let at = markedIn(menu); at !== target; at = markedIn(menu)) {
    const next = at + Math.sign(target - at);
    await press(parts, target > at ? 'Down' : 'Up');
    menu = await until(parts, subjects, (shown) => markedIn(shown) === next);
  }
  return menu;
}

function markedIn({ options }: Menu): number {
  return options.findIndex(({ isMarked }) => isMarked);
}

function seeMarked(parts: DialogParts, subjects: readonly string[], isIt: (label: string) => boolean): Promise<Menu> {
  return until(parts, subjects, ({ options }) => options.some(({ isMarked, label }) => isMarked && isIt(label)));
}

/** Into the field of the marked option. */
async function write(parts: DialogParts, subjects: readonly string[], text: string): Promise<void> {
  const empty = (await see(parts, subjects)).options.find(({ isMarked }) => isMarked)?.label;
  await parts.terminal.paste(text);
  await seeMarked(parts, subjects, (label) => label !== empty);
}

function press({ terminal }: DialogParts, key: Key): Promise<void> {
  return terminal.press(key);
}

function see(parts: DialogParts, subjects: readonly string[]): Promise<Menu> {
  return until(parts, subjects, () => true);
}

async function until(
  parts: DialogParts,
  subjects: readonly string[],
  isSo: (menu: Menu) => boolean,
  maxMs = CHANGE_MAX_MS,
): Promise<Menu> {
  const last = performance.now() + maxMs;
  let before: string | null = null;
  for (;;) {
    parts.signal.throwIfAborted();
    const view = await parts.terminal.look();
    const menu = view?.screen.kind === 'other' ? view.screen.menu : null;
    // Twice the same: a dialog that is being drawn lacks its last lines.
    const isDrawn = menu !== null && menu.text === before;
    if (isDrawn && isAbout(menu, subjects) && isSo(menu)) return menu;
    before = menu?.text ?? null;
    if (performance.now() > last) throw new DialogGoneError('The dialog is not the one that was expected.');
    await delay(LOOK_EVERY_MS, undefined, { signal: parts.signal });
  }
}
