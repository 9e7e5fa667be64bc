import { setTimeout as delay } from 'node:timers/promises';
import { subjectsOf } from '../dialogs/asks.ts';
import type { AgentFiles } from '../../program/files/agent-files.ts';
import { isFormOf } from '../dialogs/forms.ts';
import { isAbout } from '../screen/menu.ts';
import type { Screen } from '../screen/screen.ts';
import type { Terminal } from '../screen/terminal.ts';
import { promptMenu, type Prompt } from './open-prompt.ts';
import type { PromptList } from './prompt-list.ts';
import { findUse, toSettlement, UNDENIED_MS } from './settlement.ts';

export interface ConfirmParts {
  readonly list: PromptList;
  readonly files: AgentFiles;
  readonly terminal: Terminal;
  /** Of the workspace. */
  readonly cwd: string;
}

const LOOK_EVERY_MS = 50;
/** The transcript lags behind by up to 0.2 s: what it does not deny by then is so. */
const SURE_MS = 400;

/** After the decision was handed over: who was first, it or a person at the dialog? */
export async function confirm(parts: ConfirmParts, prompt: Prompt): Promise<void> {
  const { list, files, terminal } = parts;
  const handedAt = performance.now();
  while (list.has(prompt) && !list.over.aborted && !list.isStopping) {
    const use = await findUse(files, prompt);
    if (use !== null) return list.settle(prompt, toSettlement(prompt, use));
    const sinceMs = performance.now() - handedAt;
    // The result of a form is told by its agent hook.
    if (sinceMs >= (prompt.ask.kind === 'form' ? UNDENIED_MS : SURE_MS)) {
      const view = await terminal.look().catch(() => null);
      if (view !== null) confirmByScreen(parts, prompt, view.screen, sinceMs);
    }
    if (prompt.handed === null) return; // the keys are confirmed on their own
    await delay(LOOK_EVERY_MS);
  }
}

function confirmByScreen({ list, cwd }: ConfirmParts, prompt: Prompt, screen: Screen, sinceMs: number): void {
  if (prompt.ask.kind === 'form') {
    if (isFormOf(prompt.ask, screen)) prompt.handed = null;
    else list.settle(prompt, { allowed: false, by: 'dialog' });
    return;
  }
  const menu = promptMenu(screen);
  const stands = menu !== null && isAbout(menu, subjectsOf(prompt.ask, cwd));
  const goesOn = screen.kind === 'working' || (menu !== null && !stands);
  if (prompt.decision?.allow === true && goesOn) list.settle(prompt, { allowed: true, by: 'decision' });
  else if (sinceMs < UNDENIED_MS) return;
  else if (goesOn) list.settle(prompt, { allowed: true, by: 'dialog' });
  // The answer was lost on its way: keys are left.
  else if (stands) prompt.handed = null;
}
