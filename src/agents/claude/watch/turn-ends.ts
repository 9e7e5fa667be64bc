import type { TurnEnd } from '../../../core/ports/agent.ts';
import type { TranscriptFinding } from '../transcript/transcript.ts';
import { toFailure } from '../../program/ending/failure.ts';
import { withDisk } from '../../program/ending/death.ts';
import type { TurnState } from './turn-course.ts';

/** Who interrupted a turn. `program`: no person had pressed a key since it began. `unknown`: nobody could see. */
export type Stopper = 'person' | 'program' | 'unknown';

/** Whether the agent has the prompt, by its transcript. */
export function isInConversation(
  found: TranscriptFinding,
): found is Exclude<TranscriptFinding, { kind: 'absent' | 'refused' }> {
  return found.kind !== 'absent' && found.kind !== 'refused';
}

/** The end that a transcript tells; null when it tells none. `by`: who may have interrupted it. */
export function toEnd(found: TranscriptFinding, partialText: string | null, by: Stopper): TurnEnd | null {
  switch (found.kind) {
    case 'ended':
      return { kind: 'completed', text: found.text ?? '', usage: null };
    case 'failed':
      return toFailure(found.error, found.message, found.text);
    case 'interrupted':
      return toStopped(partialText ?? found.text, by);
    case 'stopped':
      return toHookStopped(found.words, partialText ?? found.text);
    case 'refused':
      return toRefused(found.words);
    case 'begun':
    case 'resting':
    case 'absent':
      return null;
  }
}

/** Of a prompt that a hook of the project or of the home kept from the model. */
function toRefused(words: string): TurnEnd {
  const error = `A hook of the workspace’s or the agent’s own settings did not let the prompt through:\n${words}`;
  return { kind: 'failed', reason: 'prompt_refused', error, text: null };
}

/** Of a turn that such a hook ended behind a tool. */
function toHookStopped(words: string, text: string | null): TurnEnd {
  const error = `A hook of the workspace’s or the agent’s own settings ended the turn:\n${words}`;
  return { kind: 'failed', reason: 'interrupted', error, text };
}

/** Of a turn that was interrupted at the agent. */
export function toStopped(text: string | null, by: Stopper): TurnEnd {
  return { kind: 'failed', reason: 'interrupted', error: INTERRUPTED[by], text };
}

const INTERRUPTED: Readonly<Record<Stopper, string>> = {
  person: 'The turn was interrupted at the terminal.',
  program:
    'The turn was interrupted, and no person had pressed a key at its terminal: a program did it, as the agent itself may.',
  unknown: 'The turn was interrupted, and nobody saw by whom.',
};

/** Of a turn that is over without a trace of its end. */
export function toLost(text: string | null, isFull: boolean): TurnEnd {
  return { kind: 'failed', reason: 'answer_lost', error: withDisk(LOST, isFull), text };
}

const LOST =
  'The agent is done with this turn, and its end is lost: nothing reported it, and its transcript does not hold it, as after a full disk. Look at what it did before you send the request again.';

/** Of a turn whose program has ended. */
export function toExited(state: TurnState, partialText: string | null, why: string): TurnEnd {
  if (state === 'stopping') return { kind: 'interrupted', text: partialText };
  // The agent asks before it gives a prompt to its model, and was not answered.
  const isUnsubmitted = state === 'preparing' || state === 'pasted' || state === 'entered';
  if (isUnsubmitted) return { kind: 'unsubmitted', why };
  return { kind: 'failed', reason: 'agent_exited', error: why, text: partialText };
}
