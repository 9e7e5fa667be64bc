import { GatewayError } from '../../../core/model/errors.ts';
import type { Priority, Source } from '../../../core/model/request.ts';
import type { Submission } from '../../../core/ports/gateway/requests.ts';
import { hashJson } from '../../answers/json/canonical.ts';
import type { HttpSettings } from '../../door/settings.ts';

/** A task as both ways in hand it over. */
export interface BotTask {
  readonly taskId: string | null;
  readonly command: string;
  readonly priority?: Priority | undefined;
  readonly replyTo?: string | undefined;
  readonly traceparent?: string | undefined;
}

/** The same task is the same by either way: its id, its command and what it asks of its priority and its reply. */
export function toSubmission(
  { taskId, command, priority, replyTo, traceparent }: BotTask,
  source: Extract<Source, 'bot' | 'ws'>,
  keyId: string | null,
  { botWorkspace, defaultTimeoutMs }: HttpSettings,
): Submission {
  if (taskId?.isWellFormed() === false) {
    const field = 'task_id';
    throw new GatewayError('invalid_field', `${field} holds a lone surrogate: send well-formed Unicode`, { field });
  }
  const isAttended = source === 'ws';
  const body = { task_id: taskId, command, priority: priority ?? null, ...(replyTo !== undefined && { replyTo }) };
  return {
    workspace: botWorkspace,
    prompt: command,
    promptField: 'command',
    source,
    identity: {
      transport: isAttended ? 'ws' : 'http',
      user_id: keyId,
      channel_id: taskId ?? source,
      thread_id: null,
    },
    priority: priority ?? (isAttended ? 'interactive' : 'normal'),
    timeoutMs: defaultTimeoutMs,
    ...(replyTo !== undefined && { replyTo }),
    ...(traceparent !== undefined && { traceparent }),
    ...(isAttended && { attended: true }),
    ...(taskId !== null && {
      idempotency: {
        owner: `bot:${keyId ?? 'anonymous'}`,
        key: taskId,
        bodyHash: hashJson(body),
        field: 'task_id',
      },
    }),
  };
}
