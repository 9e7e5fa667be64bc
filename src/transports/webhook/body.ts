import type { ApprovalRecord } from '../../core/model/approval.ts';
import type { RequestRecord } from '../../core/model/request.ts';
import type { DueDelivery } from '../../core/ports/transport.ts';

/** Of a whole body; an answer that does not fit is read at its link. */
const BODY_MAX_BYTES = 262_144;

/** Made of what no longer changes, so that each attempt sends the same bytes.
 *  `{type, timestamp, data}`, as Standard Webhooks has it. */
export function toBody(delivery: DueDelivery): Buffer {
  const whole = serialise(delivery, true);
  return whole.length <= BODY_MAX_BYTES ? whole : serialise(delivery, false);
}

function serialise(delivery: DueDelivery, inline: boolean): Buffer {
  const { type, at } = delivery.event;
  return Buffer.from(JSON.stringify({ type, timestamp: new Date(at).toISOString(), data: toData(delivery, inline) }));
}

function toData({ kind, event, request, approval, workspace }: DueDelivery, inline: boolean): object {
  switch (kind) {
    case 'answer':
      return request === null ? event.data : toRequestData(request, inline);
    case 'approval':
      return approval === null ? event.data : toApprovalData(approval, event.data, inline);
    case 'prompt':
    case 'progress':
    case 'notice':
    case 'hook':
    case 'test':
      return { ...event.data, workspace };
  }
}

function toRequestData(request: RequestRecord, inline: boolean): object {
  const { id, text } = request;
  return {
    requestId: id,
    workspace: request.workspace,
    agent: request.agent,
    source: request.source,
    state: request.state,
    reason: request.reason,
    retryable: request.retryable,
    error: request.error,
    createdAt: request.createdAt,
    startedAt: request.startedAt,
    completedAt: request.completedAt,
    usage: request.usage,
    output: {
      available: text !== null,
      bytes: text === null ? 0 : Buffer.byteLength(text),
      ...(text !== null && inline && { text }),
      link: `/status/${encodeURIComponent(id)}/output`,
    },
  };
}

/** What became of it is what the event says: the record may have gone on since. */
function toApprovalData(approval: ApprovalRecord, data: Readonly<Record<string, unknown>>, inline: boolean): object {
  return {
    ...data,
    approvalId: approval.id,
    requestId: approval.requestId,
    workspace: approval.workspace,
    kind: approval.kind,
    tool: approval.tool,
    ...(inline && { input: approval.input }),
    createdAt: approval.createdAt,
    expiresAt: approval.expiresAt,
    link: `/approvals/${encodeURIComponent(approval.id)}`,
  };
}
