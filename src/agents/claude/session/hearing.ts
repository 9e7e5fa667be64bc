import type { SessionListener } from '../../../core/ports/agent.ts';
import type { HookPayload } from '../hooks/hook-payload.ts';
import { isRelatedPrompt } from '../screen/arrived-prompt.ts';
import type { Memory } from '../../program/launch/memory.ts';
import { OUR_REFUSALS } from '../transcript/hook-notes.ts';
import { isRefusal, refuse } from '../watch/reported-prompt.ts';
import type { Modes } from '../submission/modes.ts';
import type { TellForeign } from './foreign-prompts.ts';
import type { Reports } from './reports.ts';
import type { TurnSlot } from './turn-slot.ts';

export interface Hearing {
  readonly slot: TurnSlot;
  readonly reports: Reports;
  readonly modes: Pick<Modes, 'hear'>;
  readonly memory: Pick<Memory, 'prompted'>;
  readonly listener: SessionListener;
  readonly foreign: TellForeign;
}

/** Takes an agent hook of this session. Returns what the agent is told. */
export function hear(parts: Hearing, payload: HookPayload, gone: AbortSignal): object | Promise<object> {
  const { slot, reports, modes, memory, listener, foreign } = parts;
  const turn = slot.current;
  const isPrompt = payload.hook_event_name === 'UserPromptSubmit';
  if (isPrompt && isLate(slot, payload.prompt ?? '')) return refuse(OUR_REFUSALS.late);
  reports.hear(payload);
  modes.hear(payload);
  if (turn === null && isPrompt) foreign(payload, (notice) => listener.noticed(notice));
  const answer = turn?.tell(payload, gone) ?? {};
  if (isPrompt && !isRefusal(answer)) {
    reports.letThrough();
    // Unwritten, a loss is told that was none.
    void memory.prompted().catch(() => {});
  }
  return answer;
}

/** Ours, of a turn that is over: nobody waits for it any more. */
function isLate(slot: TurnSlot, prompt: string): boolean {
  const { current, unreported } = slot;
  if (unreported === null || performance.now() > unreported.until) return false;
  if (current?.watch.state === 'entered' && isRelatedPrompt(prompt, current.text.expected)) return false;
  const isOurs = isRelatedPrompt(prompt, unreported.text);
  if (isOurs) slot.unreported = null;
  return isOurs;
}
