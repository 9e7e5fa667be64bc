import { setTimeout as delay } from 'node:timers/promises';
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

export const LOOK_EVERY_MS = 30;
/** A key that was taken has changed the dialog by then. */
export const CHANGE_MAX_MS = 2_000;

/** Marks an option and takes it. */
export async function choose(
  parts: DialogParts,
  subjects: readonly string[],
  isIt: (label: string) => boolean,
): Promise<void> {
  await mark(parts, subjects, isIt);
  await press(parts, 'Enter');
}

/** Moves the mark to an option, a step at a time. */
export async function mark(
  parts: DialogParts,
  subjects: readonly string[],
  isIt: (label: string) => boolean,
): Promise<Menu> {
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

export function markedIn({ options }: Menu): number {
  return options.findIndex(({ isMarked }) => isMarked);
}

/** Resolves when such an option is marked. @throws DialogGoneError */
export function seeMarked(
  parts: DialogParts,
  subjects: readonly string[],
  isIt: (label: string) => boolean,
): Promise<Menu> {
  return until(parts, subjects, ({ options }) => options.some(({ isMarked, label }) => isMarked && isIt(label)));
}

/** Into the field of the marked option. */
export async function write(parts: DialogParts, subjects: readonly string[], text: string): Promise<void> {
  const empty = (await see(parts, subjects)).options.find(({ isMarked }) => isMarked)?.label;
  await parts.terminal.paste(text);
  await seeMarked(parts, subjects, (label) => label !== empty);
}

export function press({ terminal }: DialogParts, key: Key): Promise<void> {
  return terminal.press(key);
}

/** The dialog that is about these, when it is drawn. @throws DialogGoneError */
export function see(parts: DialogParts, subjects: readonly string[]): Promise<Menu> {
  return until(parts, subjects, () => true);
}

/** Looks until the dialog that is about these is so. @throws DialogGoneError when it is not in time. */
export async function until(
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

/** Any dialog that stands, whomever it is about. */
export async function seeAny({ terminal, signal }: DialogParts): Promise<Menu | null> {
  signal.throwIfAborted();
  const view = await terminal.look();
  return view?.screen.kind === 'other' ? view.screen.menu : null;
}
