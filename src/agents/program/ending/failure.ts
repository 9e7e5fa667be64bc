import type { Reason } from '../../../core/model/request.ts';
import type { TurnEnd } from '../../../core/ports/agent.ts';

type Failure = TurnEnd & { readonly kind: 'failed' };

/** `error` is the kind of error that Claude Code names, wherever it tells of one. */
export function toFailure(error: string, message: string | null, text: string | null): Failure {
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

/** Of an answer of the model that says the request itself is wrong; Claude Code names no kind of error for it. */
const REFUSALS: readonly number[] = [400, 413, 422];
const REFUSED = new RegExp(`^API Error: (${REFUSALS.join('|')})\\b`);

/** The kind of error by the status of the model's answer, for versions that name none. */
export function toKind(status: number | null): string {
  if (status === 401 || status === 403) return 'authentication_failed';
  if (status === 429) return 'rate_limit';
  return status !== null && REFUSALS.includes(status) ? 'invalid_request' : 'unknown';
}
