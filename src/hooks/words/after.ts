import type { OnErrorFields, PostSessionFields } from '../../core/model/hooks/contexts.ts';
import type { RequestRecord } from '../../core/model/request.ts';

type Common = Pick<RequestRecord, 'identity' | 'agent' | 'workspace' | 'reason' | 'error' | 'hookMetadata'>;

/** What hooks are told of a turn that ended … */
export type EndedTurn = Common &
  Pick<RequestRecord, 'usage' | 'startedAt' | 'completedAt' | 'state' | 'prompt' | 'text'>;
/** … and of one that failed. */
export type FailedTurn = Common;

/** How a turn ended, as hooks are told of it. */
export function toPostSession(request: EndedTurn): PostSessionFields {
  const { usage, startedAt, completedAt } = request;
  return {
    ...toCommon(request),
    duration_ms: startedAt === null || completedAt === null ? 0 : Math.max(0, completedAt - startedAt),
    tokens_in: usage?.inputTokens ?? null,
    tokens_out: usage?.outputTokens ?? null,
    cost_usd: usage === null || usage.costMicroUsd === null ? null : usage.costMicroUsd / 1e6,
    status: toStatus(request),
    error: request.error ?? request.reason,
    message_text: request.prompt,
    response_text: request.text,
    pre_session_metadata: request.hookMetadata,
  };
}

export function toOnError(request: FailedTurn): OnErrorFields {
  return {
    ...toCommon(request),
    error_type: request.reason ?? 'internal',
    error_message: request.error ?? '',
    traceback: null,
    pre_session_metadata: request.hookMetadata,
  };
}

function toCommon({ identity, agent, workspace }: Common) {
  return { identity, engine: agent, project: workspace };
}

function toStatus({ state }: Pick<RequestRecord, 'state'>): PostSessionFields['status'] {
  switch (state) {
    case 'completed':
      return 'success';
    case 'cancelled':
      return 'cancelled';
    case 'failed':
    case 'timed_out':
    case 'queued':
    case 'running':
      return 'error';
  }
}
