import type { Reason } from '../../../core/model/request.ts';
import type { TurnEnd } from '../../../core/ports/agent.ts';
import type { TranscriptFinding } from '../transcript/transcript.ts';
import type { TurnState } from './turn-course.ts';

/** The end that a transcript tells; null when it tells none. */
export function toEnd(found: TranscriptFinding, partialText: string | null): TurnEnd | null {
  switch (found.kind) {
    case 'ended':
      return { kind: 'completed', text: found.text ?? '', usage: null };
    case 'failed':
      return toFailure(found.error, found.message, found.text);
    case 'interrupted':
      return toStopped(partialText ?? found.text);
    case 'begun':
    case 'absent':
      return null;
  }
}

/** Of a turn that a person stopped. */
export function toStopped(text: string | null): TurnEnd {
  return { kind: 'failed', reason: 'interrupted', error: 'The turn was interrupted at the terminal.', text };
}

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
  return { kind: 'failed', reason: toReason(error), error: message ?? 'The model could not be asked.', text };
}

function toReason(error: string): Reason {
  switch (error) {
    case 'rate_limit':
    case 'billing_error':
      return 'usage_limited';
    case 'authentication_failed':
    case 'oauth_org_not_allowed':
      return 'auth_expired';
    default:
      return 'agent_error';
  }
}
