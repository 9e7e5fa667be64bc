import type { Settlement } from '../../../core/ports/agent.ts';
import { isSince } from '../screen/key-times.ts';
import type { Terminal } from '../screen/terminal.ts';
import { DENIED } from '../../program/asking/permission.ts';
import type { AgentFiles } from '../../program/files/agent-files.ts';
import { readToolUses, type ToolUse } from '../transcript/tool-uses.ts';
import type { Prompt } from './open-prompt.ts';

/** What the transcript tells of a prompt that was answered; null while it tells nothing. */
export async function findUse(files: AgentFiles, { ask, place }: Prompt): Promise<ToolUse | null> {
  const uses = await readToolUses(files, place);
  const use = uses.find(({ id }) => id === ask.toolUseId);
  return use === undefined || (use.byHook === null && use.result === null) ? null : use;
}

/** A denial is in the transcript long before that; without it the tool runs. */
export const UNDENIED_MS = 3_000;

/** What became of a prompt at the agent. `dialog`: it was answered there, or a rule of the agent answered it. */
export interface Outcome {
  readonly allowed: boolean;
  readonly by: 'decision' | 'dialog';
}

/** Keys at a dialog are a person's only if one pressed some since it stands there. */
export async function attribute(
  terminal: Pick<Terminal, 'lastKeyAt'>,
  { since }: Prompt,
  { allowed, by }: Outcome,
): Promise<Settlement> {
  if (by === 'decision') return { allowed, by };
  return { allowed, by: isSince(await terminal.lastKeyAt(), since) ? 'terminal' : 'agent' };
}

/** What became of it at the agent, by its transcript. */
export function toSettlement(prompt: Prompt, { byHook, result, text }: ToolUse): Outcome {
  if (byHook !== null) return { allowed: byHook === 'allow', by: 'decision' };
  // The transcript of a subagent does not say whose denial it was.
  if (isGiven(prompt, false) && text.trim() === (prompt.decision?.message ?? DENIED).trim())
    return { allowed: false, by: 'decision' };
  // In the agent's own transcript the hook's permission would be named.
  const isNamed = prompt.handed === 'hook' && prompt.ask.subagent === null;
  if (result === 'returned') return isNamed ? { allowed: true, by: 'dialog' } : toReturned(prompt);
  return { allowed: false, by: prompt.handed === 'keys' && isGiven(prompt, false) ? 'decision' : 'dialog' };
}

/** What became of it, when its tool came to an end. */
export function toReturned(prompt: Prompt): Outcome {
  // A question that is denied by keys is answered with the words of the denial.
  if (prompt.handed === 'keys' && prompt.ask.kind === 'question')
    return { allowed: prompt.decision?.allow === true, by: 'decision' };
  return { allowed: true, by: isGiven(prompt, true) ? 'decision' : 'dialog' };
}

/** What became of one that was handed over, as far as anybody can tell; null when it was not. */
export function toHanded({ decision, handed }: Prompt): Outcome | null {
  return handed !== null && decision !== null ? { allowed: decision.allow, by: 'decision' } : null;
}

/** Whether what happened is the decision that was handed over. */
function isGiven({ decision, handed }: Prompt, allow: boolean): boolean {
  return handed !== null && decision?.allow === allow;
}
