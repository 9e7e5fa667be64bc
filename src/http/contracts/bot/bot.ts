import { Type } from 'typebox';
import type { RequestRecord } from '../../../core/model/request.ts';
import { GatewayError } from '../../../core/model/errors.ts';
import type { SessionView } from '../../../core/ports/gateway/sessions.ts';
import type { App } from '../../answers/app.ts';
import type { RouteDeps } from '../../route-deps.ts';
import { acceptedHeaders, json, notModified, problems, taggedHeaders } from '../../answers/responses.ts';
import { TaggedHeaders, traceparent } from '../../answers/schema-parts.ts';
import { sendUnlessKnown } from '../../answers/headers/entity-tag.ts';
import { POLL_SECONDS } from '../../answers/waiting.ts';
import { TaskBody, type BotStatusDocument, AcceptedTask, BotStatus } from './bot-schemas.ts';
import { toSubmission } from './bot-submission.ts';

type BotDeps = Pick<RouteDeps, 'requests' | 'sessions' | 'health' | 'settings'>;

/** The contract of seed 001, but for its WebSocket. */
export function addBot(app: App, deps: BotDeps): void {
  addBotStatus(app, deps);
  addTask(app, deps);
}

const tags = ['bot'];

const statusSchema = {
  operationId: 'readBotStatus',
  summary: 'Read what the bot does',
  description: 'Of the workspace BOT_WORKSPACE, whatever the source of its tasks.',
  tags,
  headers: TaggedHeaders,
  response: { 200: json(BotStatus, 'What it does.', taggedHeaders), 304: notModified, ...problems(404) },
} as const;

function addBotStatus(app: App, { requests, sessions, health, settings }: BotDeps): void {
  const startedAt = performance.now();
  app.get('/status', { schema: statusSchema }, async (request, reply) => {
    const session = await readSession();
    const running = session?.runningRequestId ?? null;
    const current = running === null ? null : (await requests.read(running)).request;
    const active = session?.activeRequests ?? 0;
    const document: BotStatusDocument = {
      status: health.isReady() ? (active > 0 ? 'busy' : 'idle') : 'stopping',
      uptime: Math.round(performance.now() - startedAt),
      tasks_processed: Math.max(0, (session?.totalRequests ?? 0) - active),
      tasks_waiting: Math.max(0, active - (current === null ? 0 : 1)),
      current_task: current === null ? null : toTaskId(current),
      current_request_id: current?.id ?? null,
      current_source: current?.source ?? null,
      workspace: settings.botWorkspace,
    };
    return sendUnlessKnown(request, reply, document);
  });

  /** Before its first task there is none. */
  async function readSession(): Promise<SessionView | null> {
    try {
      return await sessions.read(settings.botWorkspace);
    } catch (error) {
      if (error instanceof GatewayError && error.code === 'not_found') return null;
      throw error;
    }
  }
}

function toTaskId({ id, source, identity }: RequestRecord): string {
  const hasTaskId = source === 'bot' || (source === 'ws' && identity.channel_id !== source);
  return hasTaskId ? identity.channel_id : id;
}

const taskSchema = {
  operationId: 'submitTask',
  summary: 'Hand a task to the bot',
  description: 'Runs in the workspace BOT_WORKSPACE. Its answer is read at the `Location`.',
  tags,
  headers: Type.Object({ traceparent }),
  body: TaskBody,
  response: {
    202: json(AcceptedTask, 'The task is accepted.', {
      Location: acceptedHeaders['Location']!,
      'Retry-After': acceptedHeaders['Retry-After']!,
      'Idempotent-Replayed': acceptedHeaders['Idempotent-Replayed']!,
    }),
    ...problems(402, 404, 409, 413, 415, 422),
  },
} as const;

function addTask(app: App, { requests, settings }: BotDeps): void {
  app.post('/api/task', { schema: taskSchema }, async (request, reply) => {
    const { task_id: taskId, command, priority, replyTo } = request.body;
    const { traceparent: trace } = request.headers;
    const task = { taskId, command, priority, replyTo, traceparent: trace };
    const submission = toSubmission(task, 'bot', request.keyId, settings);
    const { request: accepted, replayed } = await requests.submit(submission);
    reply.header('location', `/status/${encodeURIComponent(accepted.id)}`);
    if (replayed) reply.header('idempotent-replayed', 'true');
    return reply
      .code(202)
      .header('retry-after', String(POLL_SECONDS))
      .send({
        status: accepted.state,
        task_id: taskId,
        requestId: accepted.id,
        workspace: accepted.workspace,
        source: accepted.source,
        message: accepted.state === 'queued' ? 'Task queued for execution' : `Task accepted; it is ${accepted.state}`,
      });
  });
}
