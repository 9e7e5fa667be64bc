import type { Notice } from '../../../core/ports/agent.ts';
import type { HookPayload } from '../hooks/hook-payload.ts';
import type { Step } from '../transcript/steps.ts';
import { createToldText } from './told-text.ts';
import { createToldTools } from '../../program/telling/told-tools.ts';

/** Tells what the agent says and does in a turn: each piece of its text and each use of a tool, once. */
export interface Narration {
  /** An agent hook of this turn. */
  hear(payload: HookPayload): void;
  /** An earlier process told this much. Nobody knows which pieces it missed, so from here on texts are told whole, as
   *  the transcript holds them. */
  restore(told: readonly Notice[]): void;
  /** Pieces were missed: what was said is to be read from the transcript. */
  readonly isBehind: boolean;
  /** Tells what of these has not been told; all of the turn so far, in order. */
  catchUp(steps: readonly Step[]): void;
  /** The turn is over: tells what is missing of the answer that it ended with. */
  close(): void;
}

export function narrate(noticed: (notice: Notice) => void): Narration {
  const text = createToldText(noticed);
  const tools = createToldTools(noticed);
  return {
    get isBehind() {
      return text.isBehind;
    },
    hear(payload) {
      switch (payload.hook_event_name) {
        case 'MessageDisplay':
          return text.hearPiece(payload);
        case 'PreToolUse':
          return tools.start(payload.tool_use_id, payload.tool_name ?? 'unknown', payload.tool_input, payload.agent_id);
        case 'PostToolUse':
        case 'PostToolUseFailure':
          return tools.end(payload.tool_use_id, payload.hook_event_name === 'PostToolUse', payload.duration_ms);
        case 'Stop':
          return text.hearAnswer(payload);
        default:
          return;
      }
    },
    restore(told) {
      text.restore(told);
      tools.restore(told);
    },
    catchUp(steps) {
      const missing = text.missingIn(steps);
      for (const step of steps) {
        if (step.kind === 'started') tools.start(step.id, step.tool, step.input, null);
        if (step.kind === 'ended') tools.end(step.id, step.ok, null);
        const untold = missing.get(step);
        if (step.kind === 'said' && untold !== undefined) text.sayMissing(step, untold);
      }
    },
    close: () => text.complete(),
  };
}
