import { setTimeout as delay } from 'node:timers/promises';
import type { Decision } from '../../../core/model/approval.ts';
import { isSameDialog, type ShownDialog, type ShownOption } from '../screen/shown-dialog.ts';
import type { Key, Terminal, View } from '../screen/terminal.ts';
import { CHANGE_MAX_MS, DialogGoneError, LOOK_EVERY_MS } from './dialog-keys.ts';

export interface ShownParts {
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
}

/** Answers a dialog by keys, each pressed only after two looks that show exactly this dialog. Resolves when it is gone.
 *  A denial is Escape, which every dialog takes for "not now". @throws DialogGoneError */
export async function answerShown(parts: ShownParts, dialog: ShownDialog, decision: Decision): Promise<void> {
  if (decision.allow) await choose(parts, dialog, toChosen(dialog, decision));
  else {
    await see(parts, dialog, () => true);
    await parts.terminal.press('Escape');
  }
  await untilOver(parts, dialog);
}

function toChosen({ title }: ShownDialog, { answers }: Decision): readonly string[] {
  const given = answers?.[title] ?? [];
  return Array.isArray(given) ? given : [String(given)];
}

async function choose(parts: ShownParts, dialog: ShownDialog, chosen: readonly string[]): Promise<void> {
  for (const { label, isTicked } of dialog.options) {
    if (isTicked === null) continue;
    const { options } = await mark(parts, dialog, label);
    const isSo = options.find((option) => option.label === label)?.isTicked === true;
    if (isSo === chosen.includes(label)) continue;
    await parts.terminal.press('Space');
    await see(parts, dialog, (shown) => shown.options.some((one) => one.label === label && one.isTicked === !isSo));
  }
  // Behind a list of boxes, the line that ends the choice; Enter does it where there is none.
  const several = dialog.options.some(({ isTicked }) => isTicked !== null);
  const last = dialog.options.find(({ isTicked }) => isTicked === null)?.label;
  const label = several ? last : chosen[0];
  if (label !== undefined) await mark(parts, dialog, label);
  await parts.terminal.press('Enter');
}

/** Moves the mark to an option, a step at a time, and at least once there and back: the program takes its keys in order, so
 *  none that came before is still on its way. */
async function mark(parts: ShownParts, dialog: ShownDialog, label: string): Promise<ShownDialog> {
  let shown = await see(parts, dialog, () => true);
  const target = shown.options.findIndex((option) => option.label === label);
  if (target < 0) throw new DialogGoneError('The dialog does not offer this answer.');
  if (markedIn(shown) === target && shown.options.length > 1) {
    const aside = target === 0 ? 'Down' : 'Up';
    shown = await step(parts, dialog, shown, aside);
  }
  while (markedIn(shown) !== target) shown = await step(parts, dialog, shown, markedIn(shown) < target ? 'Down' : 'Up');
  return shown;
}

async function step(parts: ShownParts, dialog: ShownDialog, from: ShownDialog, key: Key): Promise<ShownDialog> {
  const wanted = markedIn(from) + (key === 'Down' ? 1 : -1);
  await parts.terminal.press(key);
  return see(parts, dialog, (shown) => markedIn(shown) === wanted);
}

function markedIn({ options }: ShownDialog): number {
  return options.findIndex(({ isMarked }: ShownOption) => isMarked);
}

/** The dialog as it stands now, when two looks in a row show it so. @throws DialogGoneError */
async function see(
  { terminal, signal }: ShownParts,
  dialog: ShownDialog,
  isSo: (shown: ShownDialog) => boolean,
): Promise<ShownDialog> {
  let before: string | null = null;
  for (const last = performance.now() + CHANGE_MAX_MS; performance.now() < last;) {
    const shown = shownIn(await terminal.look());
    if (shown !== null && shown.text === before && isSameDialog(shown, dialog) && isSo(shown)) return shown;
    before = shown?.text ?? null;
    await delay(LOOK_EVERY_MS, undefined, { signal });
  }
  throw new DialogGoneError('The dialog is not the one that was expected.');
}

async function untilOver({ terminal, signal }: ShownParts, dialog: ShownDialog): Promise<void> {
  for (const last = performance.now() + CHANGE_MAX_MS; performance.now() < last;) {
    if (!stands(await terminal.look(), dialog)) return;
    await delay(LOOK_EVERY_MS, undefined, { signal });
  }
  throw new DialogGoneError('The dialog did not take its answer.');
}

export function shownIn(view: View | null): ShownDialog | null {
  return view?.screen.kind === 'other' ? view.screen.shown : null;
}

export function stands(view: View | null, dialog: ShownDialog): boolean {
  const shown = shownIn(view);
  return shown !== null && isSameDialog(shown, dialog);
}
