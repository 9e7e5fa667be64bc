import { setImmediate as nextTurn } from 'node:timers/promises';
import type { WebSocket } from '@fastify/websocket';
import { GatewayError } from '../../../core/model/errors.ts';
import { hasEnded, type RequestRecord } from '../../../core/model/request.ts';
import type { AnswersApi } from '../../../core/ports/gateway/answers.ts';
import type { EventsApi } from '../../../core/ports/gateway/events.ts';
import type { RequestsApi } from '../../../core/ports/gateway/requests.ts';
import type { Log } from '../../../core/ports/log.ts';
import { createProblem, ProblemError, toProblem, type Problem } from '../../answers/problem.ts';
import type { HttpSettings } from '../../door/settings.ts';
import { createAnswers, type Attendance } from './bot-answers.ts';
import { findTaskId, parseTask, toAccepted, toError, toProgress, toResult, type BotFrame } from './bot-messages.ts';
import { toSubmission } from './bot-submission.ts';

export interface BotClientDeps {
  readonly socket: WebSocket;
  readonly requests: Pick<RequestsApi, 'submit' | 'read'>;
  readonly answers: AnswersApi;
  readonly events: EventsApi;
  readonly settings: HttpSettings;
  readonly log: Log;
  readonly keyId: string | null;
  /** Of all clients. */
  readonly attendance: Attendance;
  /** Counts a frame as a request. Rejects with the problem when there were too many. */
  readonly spend: () => Promise<void>;
  /** Aborts when the server closes. */
  readonly closing: AbortSignal;
}

/** So much may wait for a client that does not read. */
const UNREAD_MAX_BYTES = 1024 * 1024;
/** Tasks of one client at the same time. */
const TASKS_MAX = 200;
/** So many frames in a row over the rate limit are answered. */
const REFUSED_MAX = 100;

/** Serves one client until its connection ends. Resolves when all that it left behind is provided for. */
export function serveBotClient(deps: BotClientDeps): Promise<void> {
  const { socket, requests, events, settings, keyId, closing } = deps;
  const gone = new AbortController();
  const answers = createAnswers({ ...deps, owed: deps.answers });
  /** Tasks that are followed. */
  const serving = new Set<Promise<void>>();
  /** Frames are dealt with one after the other, so that tasks keep their order; the client is read no further
   *  meanwhile. */
  let taking: Promise<void> = Promise.resolve();
  let untaken = 0;
  /** Frames in a row over the rate limit. */
  let refused = 0;
  /** The code with which the gateway closes the connection. */
  let closedWith: number | null = null;

  function close(code: number, reason: string): void {
    closedWith ??= code;
    socket.close(code, reason);
  }

  /** False: it was not sent, for the connection ends. */
  function say(frame: BotFrame): boolean {
    if (socket.readyState === socket.OPEN && socket.bufferedAmount > UNREAD_MAX_BYTES)
      close(1013, 'read what was sent before');
    if (socket.readyState !== socket.OPEN) return false;
    socket.send(JSON.stringify({ ...frame, timestamp: new Date().toISOString() }));
    return true;
  }

  function refuse(error: unknown, taskId: string | null): void {
    const problem = recognise(error, deps.log);
    refused = problem.code === 'rate_limited' ? refused + 1 : 0;
    say(toError(problem, taskId));
    if (refused >= REFUSED_MAX) close(1008, problem.detail);
  }

  /** Null: a binary frame. */
  async function take(text: string | null): Promise<void> {
    // Between two frames everybody else has a turn.
    await nextTurn();
    // It went away, or is being closed: what it sent before that is not begun any more.
    if (socket.readyState !== socket.OPEN) return;
    const taskId = text === null ? null : findTaskId(text);
    try {
      const request = await accept(text);
      refused = 0;
      say(toAccepted(request, taskId));
      const served = serve(request, taskId);
      serving.add(served);
      void served.finally(() => serving.delete(served));
    } catch (error) {
      refuse(error, taskId);
    }
  }

  async function accept(text: string | null): Promise<RequestRecord> {
    await deps.spend();
    if (text === null) throw new GatewayError('invalid_field', 'send text frames');
    if (serving.size >= TASKS_MAX) throw tooMany();
    const { request } = await requests.submit(toSubmission(parseTask(text), 'ws', keyId, settings));
    answers.attend(request.id);
    return request;
  }

  async function serve(request: RequestRecord, taskId: string | null): Promise<void> {
    try {
      const ended = await follow(request, taskId);
      if (ended !== null) answers.hand(ended.id, () => say(toResult(ended, taskId)));
    } catch (error) {
      refuse(error, taskId);
    }
  }

  /** Null: the connection ended first, or the gateway stops. */
  async function follow(request: RequestRecord, taskId: string | null): Promise<RequestRecord | null> {
    for await (const batch of (await events.follow({ requestId: request.id }, 0, gone.signal)) ?? []) {
      for (const event of batch) {
        const frame = toProgress(event, request, taskId);
        if (frame !== null) say(frame);
      }
    }
    const { request: latest } = await requests.read(request.id);
    return hasEnded(latest.state) && !gone.signal.aborted ? latest : null;
  }

  socket.on('message', (data: Buffer, isBinary) => {
    untaken += 1;
    socket.pause();
    const text = isBinary ? null : data.toString();
    taking = taking
      .then(() => take(text))
      .then(() => {
        untaken -= 1;
        if (untaken === 0) socket.resume();
      });
  });
  socket.on('pong', (data: Buffer) => answers.heard(data.toString()));
  const stop = (): void => close(1001, 'the gateway stops: reconnect in a moment');
  closing.addEventListener('abort', stop);
  if (closing.aborted) stop();
  return new Promise((resolve) => {
    socket.once('close', (code) => {
      closing.removeEventListener('abort', stop);
      gone.abort();
      const parting = code === ABNORMAL ? 'broken' : code === closedWith ? 'answered' : 'asked';
      // What is accepted just now has to be left, too.
      void taking
        .then(() => Promise.all(serving))
        .then(() => answers.leave(parting))
        .then(resolve);
    });
  });
}

/** The close code of a connection that broke: nobody said goodbye. */
const ABNORMAL = 1006;

function tooMany(): GatewayError {
  return new GatewayError('queue_full', `This connection has ${TASKS_MAX} tasks under way: wait for one`, {
    retry: { afterMs: 1_000 },
  });
}

function recognise(error: unknown, log: Log): Problem {
  if (error instanceof GatewayError) return toProblem(error);
  if (error instanceof ProblemError) return error.problem;
  log.error({ err: error }, 'bot.failed');
  return createProblem('internal', 'Something went wrong inside the gateway: see its log');
}
