import { Type, type Static, type TSchema } from 'typebox';
import { PLATFORMS } from '../../../core/model/chat.ts';
import { GatewayError } from '../../../core/model/errors.ts';
import { isThreadId } from '../../../core/model/thread.ts';
import type { Submission } from '../../../core/ports/gateway/requests.ts';
import { hashJson } from '../../answers/json/canonical.ts';
import { IDEMPOTENCY_KEY } from '../../answers/validation.ts';
import { closed, replyTo } from '../../answers/schema-parts.ts';

const name = Type.String({ minLength: 1, maxLength: 512 });

const optional = <T extends TSchema>(schema: T) => Type.Optional(Type.Union([schema, Type.Null()]));

/** Null is as good as nothing: so do clients that fill in every field. */
export const InjectBody = Type.Object(
  {
    prompt: Type.String(),
    thread_id: Type.Optional(Type.Unknown()),
    task_name: optional(name),
    replyTo: optional(replyTo),
    platform: optional(Type.Enum(PLATFORMS)),
  },
  closed,
);

export const InjectHeaders = Type.Object({
  'idempotency-key': Type.Optional(Type.String({ pattern: IDEMPOTENCY_KEY })),
  traceparent: Type.Optional(Type.String()),
});

/** What is asked, but for the workspace, which its thread says. */
export interface InjectTask {
  /** Null: a new one. */
  readonly threadId: string | null;
  /** Where it lies, or is opened; null: the caller does not say. */
  readonly platform: string | null;
  /** Of a new thread. */
  readonly name: string;
  readonly submission: Omit<Submission, 'workspace' | 'identity'>;
}

const NAME_LENGTH = 50;

/** @throws GatewayError `invalid_field` */
export function parseTask(
  body: Static<typeof InjectBody>,
  idempotencyKey: string | undefined,
  traceparent?: string,
): InjectTask {
  const { prompt } = body;
  const threadId = readThreadId(body.thread_id);
  const address = readText('replyTo', body.replyTo);
  const taskName = readText('task_name', body.task_name);
  const platform = body.platform ?? null;
  const where = platform === null ? {} : { platform };
  const asked = { prompt, thread_id: threadId, task_name: taskName, replyTo: address, ...where };
  return {
    threadId,
    platform,
    name: taskName ?? toName(prompt),
    submission: {
      prompt,
      promptField: 'prompt',
      source: 'inject',
      priority: 'normal',
      ...(address !== null && { replyTo: address }),
      ...(traceparent !== undefined && { traceparent }),
      ...(idempotencyKey !== undefined && {
        idempotency: {
          owner: 'inject',
          key: idempotencyKey,
          bodyHash: hashJson(asked),
          field: 'Idempotency-Key',
        },
      }),
    },
  };
}

function readThreadId(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === 'string' && isThreadId(value)) return value;
  throw new GatewayError('invalid_field', 'thread_id is a whole number in digits: no sign, fraction or exponent', {
    field: 'thread_id',
  });
}

function readText(field: string, value: string | null | undefined): string | null {
  if (value === undefined || value === null) return null;
  if (!value.isWellFormed()) {
    throw new GatewayError('invalid_field', `${field} holds a lone surrogate: send well-formed Unicode`, { field });
  }
  if (value.trim() === '') throw new GatewayError('invalid_field', `${field} is empty: send text, or none`, { field });
  return value;
}

/** The first 50 characters, none of them cut in half. */
function toName(prompt: string): string {
  const first = (text: string): string =>
    Array.from(text.slice(0, 2 * NAME_LENGTH))
      .slice(0, NAME_LENGTH)
      .join('');
  return first(prompt).trim() === '' ? first(prompt.trimStart()) : first(prompt);
}
