import { isDeepStrictEqual } from 'node:util';
import type { Decision } from '../../../core/model/approval.ts';
import type { ApprovalAsk, Settlement } from '../../../core/ports/agent.ts';
import { DENIED } from './asks.ts';
import type { HookPayload } from '../hooks/hook-payload.ts';
import type { Menu } from '../screen/menu.ts';
import { asksSomething, type Screen } from '../screen/screen.ts';
import type { ToolUse } from './tool-uses.ts';
import type { Place } from '../transcript/transcript.ts';

/** A permission prompt of a turn that nobody settled yet. */
export interface Prompt {
  readonly ask: ApprovalAsk;
  /** What becomes of it stands there. */
  readonly place: Place;
  readonly askedAt: number;
  readonly settled: PromiseWithResolvers<Settlement>;
  /** Answers the agent hook; null when none waits. */
  reply: ((answer: object) => void) | null;
  decision: Decision | null;
  /** How the decision was handed over. */
  handed: 'hook' | 'keys' | null;
  isSeen: boolean;
  /** Looks in a row at a screen from which its dialog was gone. */
  missed: number;
}

/** What became of it at the agent, by its transcript. */
export function toSettlement(prompt: Prompt, { byHook, result, text }: ToolUse): Settlement {
  if (byHook !== null) return { allowed: byHook === 'allow', by: 'decision' };
  // The transcript of a subagent does not say whose denial it was.
  if (isGiven(prompt, false) && text.trim() === (prompt.decision?.message ?? DENIED).trim())
    return { allowed: false, by: 'decision' };
  // In the agent's own transcript the hook's permission would be named.
  const isNamed = prompt.handed === 'hook' && prompt.ask.subagent === null;
  if (result === 'returned') return isNamed ? { allowed: true, by: 'terminal' } : toReturned(prompt);
  return { allowed: false, by: prompt.handed === 'keys' && isGiven(prompt, false) ? 'decision' : 'terminal' };
}

/** What became of it, when its tool came to an end. */
export function toReturned(prompt: Prompt): Settlement {
  // A question that is denied by keys is answered with the words of the denial.
  if (prompt.handed === 'keys' && prompt.ask.kind === 'question')
    return { allowed: prompt.decision?.allow === true, by: 'decision' };
  return { allowed: true, by: isGiven(prompt, true) ? 'decision' : 'terminal' };
}

/** Whether what happened is the decision that was handed over. */
export function isGiven({ decision, handed }: Prompt, allow: boolean): boolean {
  return handed !== null && decision?.allow === allow;
}

/** The dialog of a permission prompt, if one stands. */
export function promptMenu(screen: Screen): Menu | null {
  return screen.kind === 'other' && asksSomething(screen) ? screen.menu : null;
}

/** Whether a tool that began is the one that now asks: its wish bears no id. */
export function isSameUse(begun: HookPayload, asked: HookPayload): boolean {
  return (
    begun.tool_name === asked.tool_name &&
    begun.agent_id === asked.agent_id &&
    isDeepStrictEqual(begun.tool_input, asked.tool_input)
  );
}
