import { setTimeout as delay } from 'node:timers/promises';
import { isAbout } from '../screen/menu.ts';
import { CHANGE_MAX_MS, LOOK_EVERY_MS, markedIn, press, seeAny, type DialogParts } from './dialog-keys.ts';

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
