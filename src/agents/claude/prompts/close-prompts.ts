import { setTimeout as delay } from 'node:timers/promises';
import type { AgentFiles } from '../../program/files/agent-files.ts';
import type { ToolUse } from '../transcript/tool-uses.ts';
import type { Prompt } from './open-prompt.ts';
import type { PromptList } from './prompt-list.ts';
import { findUse, toHanded, toSettlement, type Outcome } from './settlement.ts';

/** `cancelled`: the turn was ended by Escape, which a dialog takes for a No that nobody said. */
export type CloseReason = 'ended' | 'cancelled';

const LOOK_EVERY_MS = 50;
const CLOSE_MAX_MS = 1_000;

/** The turn is over: waits a moment for what the transcript still tells. */
export async function closePrompts(list: PromptList, files: AgentFiles, why: CloseReason): Promise<void> {
  const until = performance.now() + CLOSE_MAX_MS;
  let left = list.open;
  while (left.length > 0 && performance.now() < until) {
    for (const prompt of left) {
      const use = await findUse(files, prompt);
      if (use === null) continue;
      left = left.filter((other) => other !== prompt);
      settle(list, prompt, toLast(prompt, use, why));
    }
    if (left.length > 0) await delay(LOOK_EVERY_MS);
  }
  list.end();
  // What was handed over, and of which nothing more is heard, was taken as far as anybody can tell.
  for (const prompt of list.open) settle(list, prompt, toHanded(prompt));
  for (const { reply } of list.open) reply?.({});
  await list.told();
}

function toLast(prompt: Prompt, use: ToolUse, why: CloseReason): Outcome | null {
  const isByEscape = why === 'cancelled' && use.byHook === null && use.result === 'rejected';
  return isByEscape ? toHanded(prompt) : toSettlement(prompt, use);
}

function settle(list: PromptList, prompt: Prompt, outcome: Outcome | null): void {
  if (outcome !== null) list.settle(prompt, outcome);
}
