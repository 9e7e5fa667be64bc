import type { Reason } from '../../../core/model/request.ts';
import type { TurnEnd } from '../../../core/ports/agent.ts';
import type { TranscriptFinding } from '../transcript/transcript.ts';
import { withDisk } from '../process/ending/death.ts';
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

/** `error` is the kind of error that Claude Code names, in its StopFailure hook and in its transcript. */
export function toFailure(error: string, message: string | null, text: string | null): TurnEnd {
  const reason = toReason(error, message ?? '');
  const words = message ?? 'The model could not be asked.';
  return { kind: 'failed', reason, error: reason === 'model_refused' ? `${words}\n${WAY_OUT}` : words, text };
}

const WAY_OUT =
  'The model will refuse this again as long as the conversation is the same: send another request, or begin a new conversation with DELETE /session/<workspace>.';

function toReason(error: string, message: string): Reason {
  switch (error) {
    case 'rate_limit':
    case 'billing_error':
      return 'usage_limited';
    case 'authentication_failed':
    case 'oauth_org_not_allowed':
      return 'auth_expired';
    // A refusal, or a request that no model takes.
    case 'invalid_request':
      return 'model_refused';
    default:
      return REFUSED.test(message) ? 'model_refused' : 'agent_error';
  }
}

/** An answer of the model that says the request itself is wrong; Claude Code names no kind of error for it. */
const REFUSED = /^API Error: (400|413|422)\b/;
