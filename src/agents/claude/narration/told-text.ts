import type { Notice } from '../../../core/ports/agent.ts';
import type { HookPayload } from '../hooks/hook-payload.ts';
import type { Step } from '../transcript/steps.ts';
import { addPiece, restorePieces, toMessage, type Message } from './message.ts';
import { findMissing, findRest } from './missing-text.ts';
import { createVoice } from '../../program/telling/voice.ts';

/** What the agent says in a turn: each piece of its text is told once. */
export interface ToldText {
  /** Pieces were missed: what was said is to be read from the transcript. */
  readonly isBehind: boolean;
  /** A piece of a message, as it is shown. */
  hearPiece(payload: HookPayload): void;
  /** What a Stop brings. */
  hearAnswer(payload: HookPayload): void;
  /** An earlier process told this much. */
  restore(told: readonly Notice[]): void;
  /** What of these was not told, by the step. */
  missingIn(steps: readonly Step[]): ReadonlyMap<Step, string>;
  /** Tells what is missing of a step. */
  sayMissing(step: Step & { readonly kind: 'said' }, text: string): void;
  /** Tells what is missing of the answer. */
  complete(): void;
}

export function createToldText(noticed: (notice: Notice) => void): ToldText {
  const voice = createVoice(noticed);
  let message: Message = toMessage('');
  /** What the last Stop brought. */
  let answer: { readonly id: string; readonly text: string } | null = null;
  let isBehind = false;

  /** Its hook may overtake the last piece, and a piece may be lost. */
  function complete(): void {
    if (answer === null) return;
    const missing = findRest(message, answer.text);
    if (missing !== null) {
      if (missing.kind === 'whole') message = toMessage(answer.id);
      voice.say(message.id, missing.text, true);
      message.text = answer.text.trimStart();
    }
    message.isWhole = true;
    message.early.clear();
    answer = null;
  }

  return {
    get isBehind() {
      return isBehind;
    },
    hearPiece(payload) {
      const id = payload.message_id ?? '';
      if (id !== message.id) {
        // What is missing of the one before does not come any more.
        if (message.early.size > 0) isBehind = true;
        message = toMessage(id);
      }
      if (isBehind) return;
      for (const { delta, final } of addPiece(message, payload))
        if (delta !== null && (delta !== '' || final)) voice.say(id, delta, final);
    },
    hearAnswer({ last_assistant_message: text, prompt_id: promptId }) {
      if (text === null) return;
      answer = { id: `answer-${promptId ?? ''}`, text };
      // The text before it is still to be found in the transcript.
      if (!isBehind) complete();
    },
    restore(told) {
      isBehind = true;
      message = restorePieces(message, told);
      voice.restore(told);
    },
    missingIn: (steps) => findMissing(voice.told, steps),
    sayMissing(step, text) {
      // The rest of a message that was being shown, or a message of its own.
      if (text.length === step.text.length) message = toMessage(step.id);
      voice.say(message.id, text, true);
      message.text = step.text;
      message.isWhole = true;
    },
    complete,
  };
}
