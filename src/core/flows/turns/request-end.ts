import type { RequestEnd, RequestRecord } from '../../model/request.ts';
import type { TurnEnd } from '../../ports/agent.ts';
import { CANCELLED, SESSION_DELETED } from '../requests/ends.ts';
import type { StopCause } from './stopping.ts';

type EndedTurn = Exclude<TurnEnd, { kind: 'unsubmitted' }>;

/** An end that the agent told stands; what the gateway stopped has the gateway's cause. */
export function toRequestEnd(end: TurnEnd, cause: StopCause | null, request: RequestRecord): RequestEnd {
  switch (end.kind) {
    case 'completed':
      return { state: 'completed', reason: null, error: null, text: end.text, usage: toUsage(end) };
    case 'failed':
      return { state: 'failed', reason: end.reason, error: end.error, text: end.text, usage: toUsage(end) };
    case 'interrupted':
      return { ...toStopped(cause, request), text: end.text, usage: toUsage(end) };
    case 'unsubmitted':
      return { state: 'failed', reason: 'agent_error', error: end.why, text: null, usage: null };
  }
}

function toUsage({ usage = null, laterUsage }: EndedTurn): RequestEnd['usage'] {
  return laterUsage === undefined ? usage : 'pending';
}

function toStopped(cause: StopCause | null, request: RequestRecord): Pick<RequestEnd, 'state' | 'reason' | 'error'> {
  switch (cause) {
    case 'cancelled':
      return CANCELLED;
    case 'deadline':
      return {
        state: 'timed_out',
        reason: 'turn_timeout',
        error: `The turn did not end within ${request.timeoutMs} ms; ask for more with timeoutMs.`,
      };
    case 'session_deleted':
      return SESSION_DELETED;
    case 'let_go':
    case 'not_owner':
    case null:
      return { state: 'failed', reason: 'internal', error: 'The turn was interrupted without a cause.' };
  }
}
