import { GatewayError } from '../../../core/model/errors.ts';
import { hasEnded, type RequestRecord } from '../../../core/model/request.ts';
import type { EventsApi } from '../../../core/ports/gateway/events.ts';
import type { RequestsApi } from '../../../core/ports/gateway/requests.ts';
import type { HttpSettings } from '../../door/settings.ts';
import type { Answers } from './bot-answers.ts';
import type { BotLine } from './bot-line.ts';
import { findTaskId, parseTask, toAccepted, toProgress, toResult } from './bot-messages.ts';
import { toSubmission } from './bot-submission.ts';

/** The tasks of one client. */
export interface BotTasks {
  /** A frame of the client; null: a binary one. Never rejects. */
  take(text: string | null): Promise<void>;
  /** Resolves when none is followed any more. */
  followed(): Promise<void>;
}

export interface BotTasksDeps {
  readonly requests: Pick<RequestsApi, 'submit' | 'read'>;
  readonly events: EventsApi;
  readonly settings: HttpSettings;
  readonly keyId: string | null;
  /** Counts a frame as a request. Rejects with the problem when there were too many. */
  readonly spend: () => Promise<void>;
  readonly line: BotLine;
  readonly answers: Answers;
  /** Aborts when the connection has ended. */
  readonly gone: AbortSignal;
}

/** Of one client at the same time. */
const TASKS_MAX = 200;

export function createBotTasks(deps: BotTasksDeps): BotTasks {
  const { line, answers } = deps;
  const serving = new Set<Promise<void>>();

  async function accept(text: string | null): Promise<RequestRecord> {
    await deps.spend();
    if (text === null) throw new GatewayError('invalid_field', 'send text frames');
    if (serving.size >= TASKS_MAX) throw tooMany();
    const { request } = await deps.requests.submit(toSubmission(parseTask(text), 'ws', deps.keyId, deps.settings));
    answers.attend(request.id);
    return request;
  }

  async function serve(request: RequestRecord, taskId: string | null): Promise<void> {
    try {
      const ended = await follow(deps, request, taskId);
      if (ended !== null) answers.hand(ended.id, () => line.say(toResult(ended, taskId)));
    } catch (error) {
      line.refuse(error, taskId);
    }
  }

  return {
    async take(text) {
      const taskId = text === null ? null : findTaskId(text);
      try {
        const request = await accept(text);
        line.accepted();
        line.say(toAccepted(request, taskId));
        const served = serve(request, taskId);
        serving.add(served);
        void served.finally(() => serving.delete(served));
      } catch (error) {
        line.refuse(error, taskId);
      }
    },
    async followed() {
      await Promise.all(serving);
    },
  };
}

/** Null: the connection ended first, or the gateway stops. */
async function follow(
  { requests, events, line, gone }: BotTasksDeps,
  request: RequestRecord,
  taskId: string | null,
): Promise<RequestRecord | null> {
  for await (const batch of (await events.follow({ requestId: request.id }, 0, gone)) ?? []) {
    for (const event of batch) {
      const frame = toProgress(event, request, taskId);
      if (frame !== null) line.say(frame);
    }
  }
  const { request: latest } = await requests.read(request.id);
  return hasEnded(latest.state) && !gone.aborted ? latest : null;
}

function tooMany(): GatewayError {
  return new GatewayError('queue_full', `This connection has ${TASKS_MAX} tasks under way: wait for one`, {
    retry: { afterMs: 1_000 },
  });
}
