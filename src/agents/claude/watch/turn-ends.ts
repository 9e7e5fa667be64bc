import type { Reason } from '../../../core/model/request.ts';
import type { TurnEnd } from '../../../core/ports/agent.ts';
import type { TranscriptFinding } from '../transcript/transcript.ts';
import type { TurnState } from './turn-course.ts';

/** Whether the agent has the prompt, by its transcript. */
export function isInConversation(
  found: TranscriptFinding,
): found is Exclude<TranscriptFinding, { kind: 'absent' | 'refused' }> {
  return found.kind !== 'absent' && found.kind !== 'refused';
}

/** The end that a transcript tells; null when it tells none. */
export function toEnd(found: TranscriptFinding, partialText: string | null): TurnEnd | null {
  switch (found.kind) {
    case 'ended':
      return { kind: 'completed', text: found.text ?? '', usage: null };
    case 'failed':
      return toFailure(found.error, found.message, found.text);
    case 'interrupted':
      return toStopped(partialText ?? found.text);
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

/** Of a turn that a person stopped. */
export function toStopped(text: string | null): TurnEnd {
  return { kind: 'failed', reason: 'interrupted', error: 'The turn was interrupted at the terminal.', text };
}

/** Of a turn whose program has ended. */
export function toExited(state: TurnState, partialText: string | null, screen: string): TurnEnd {
  if (state === 'stopping') return { kind: 'interrupted', text: partialText };
  const why = `The agent's program ended. Its last lines:\n${screen}`;
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
