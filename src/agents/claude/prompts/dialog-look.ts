import { subjectsOf } from '../dialogs/asks.ts';
import { isFormOf } from '../dialogs/forms.ts';
import type { AgentFiles } from '../../program/files/agent-files.ts';
import { matchOf, type Menu } from '../screen/menu.ts';
import type { View } from '../screen/terminal.ts';
import type { HandOver } from './hand-over.ts';
import { promptMenu, type Prompt } from './open-prompt.ts';
import type { PromptList } from './prompt-list.ts';
import { findUse, toSettlement, UNDENIED_MS } from './settlement.ts';

export interface DialogLookParts {
  readonly list: PromptList;
  readonly files: AgentFiles;
  /** Of the workspace. */
  readonly cwd: string;
  readonly handOver: HandOver['handOver'];
  /** A dialog stands of which nobody told. */
  readonly adopt: (menu: Menu) => Promise<void>;
}

/** Finds the prompt to which the dialog on the screen belongs, and what became of the others. */
export interface DialogLook {
  /** The last look saw a dialog that belongs to none. */
  readonly seesUnknown: boolean;
  look(view: View): Promise<void>;
}

/** A dialog that never appeared by then was decided before it was drawn, or stands below others. */
const UNSEEN_MS = 5_000;
const UNKNOWN_LOOKS = 2;

export function createDialogLook({ list, files, cwd, handOver, adopt }: DialogLookParts): DialogLook {
  let unknownLooks = 0;

  async function attend(prompt: Prompt): Promise<void> {
    prompt.isSeen = true;
    prompt.goneSince = null;
    const { decision, handed } = prompt;
    if (decision !== null && handed === null) await handOver(prompt, decision);
  }

  async function attendNot(prompt: Prompt, isGone: boolean): Promise<void> {
    const use = await findUse(files, prompt);
    if (use !== null) list.settle(prompt, toSettlement(prompt, use));
    else if (prompt.handed === null) miss(list, prompt, isGone);
  }

  return {
    get seesUnknown() {
      return unknownLooks > 0;
    },
    async look({ screen }) {
      const menu = promptMenu(screen);
      const prompts = list.open;
      const form = prompts.find(({ ask }) => ask.kind === 'form' && isFormOf(ask, screen));
      const top = menu === null ? form : findTop(prompts, menu, cwd);
      const place = top === undefined ? -1 : prompts.indexOf(top);
      for (const [index, prompt] of prompts.entries()) {
        if (prompt === top) await attend(prompt);
        else await attendNot(prompt, screen.kind === 'working' || (place >= 0 && index > place));
      }
      unknownLooks = menu !== null && top === undefined ? unknownLooks + 1 : 0;
      if (menu !== null && unknownLooks >= UNKNOWN_LOOKS) await adopt(menu);
    },
  };
}

/** The one whose words the dialog shows best; of several the newest, which stands above the others. */
function findTop(prompts: readonly Prompt[], menu: Menu, cwd: string): Prompt | undefined {
  const rated = prompts.map((prompt) => ({ prompt, match: matchOf(menu, subjectsOf(prompt.ask, cwd)) }));
  const best = Math.max(1, ...rated.map(({ match }) => match));
  return rated.findLast(({ match }) => match === best)?.prompt;
}

/** Gone without a trace: it was allowed there, and the tool still runs. A No would stand in the transcript by then, on a
 *  busy machine too. A form that went without a result was taken back. */
function miss(list: PromptList, prompt: Prompt, isGone: boolean): void {
  const isDue = prompt.isSeen || performance.now() - prompt.askedAt > UNSEEN_MS;
  const now = performance.now();
  prompt.goneSince = isGone && isDue ? (prompt.goneSince ?? now) : null;
  if (prompt.goneSince === null || now - prompt.goneSince < UNDENIED_MS) return;
  list.settle(prompt, { allowed: prompt.ask.kind !== 'form', by: 'dialog' });
}
