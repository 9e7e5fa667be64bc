import type { OnErrorFields, PostSessionFields } from '../../core/model/hooks/contexts.ts';
import type { RequestRecord } from '../../core/model/request.ts';

/** How a turn ended, as hooks are told of it. */
export function toPostSession(request: RequestRecord): PostSessionFields {
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

export function toOnError(request: RequestRecord): OnErrorFields {
  return {
    ...toCommon(request),
    error_type: request.reason ?? 'internal',
    error_message: request.error ?? '',
    traceback: null,
    pre_session_metadata: request.hookMetadata,
  };
}

function toCommon({ identity, agent, workspace }: RequestRecord) {
  return { identity, engine: agent, project: workspace };
}

function toStatus({ state }: RequestRecord): PostSessionFields['status'] {
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
