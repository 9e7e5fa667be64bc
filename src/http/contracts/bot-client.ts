import type { WebSocket } from '@fastify/websocket';
import { GatewayError } from '../../core/model/errors.ts';
import { hasEnded, type RequestRecord } from '../../core/model/request.ts';
import type { GatewayApi } from '../../core/ports/gateway.ts';
import type { Log } from '../../core/ports/log.ts';
import { createProblem, ProblemError, toProblem, type Problem } from '../problem.ts';
import type { HttpSettings } from '../settings.ts';
import { findTaskId, parseTask, toAccepted, toError, toProgress, toResult, type BotFrame } from './bot-messages.ts';
import { toSubmission } from './bot-submission.ts';

export interface BotClientDeps {
  readonly socket: WebSocket;
  readonly gateway: GatewayApi;
  readonly settings: HttpSettings;
  readonly log: Log;
  readonly keyId: string | null;
  /** Counts a frame as a request. Rejects with the problem when there were too many. */
  readonly spend: () => Promise<void>;
  /** Aborts when the server closes. */
  readonly closing: AbortSignal;
}

/** So much may wait for a client that does not read. */
const UNREAD_MAX_BYTES = 1024 * 1024;
/** Tasks of one client at the same time. */
const TASKS_MAX = 200;

function tooMany(): GatewayError {
  return new GatewayError('queue_full', `This connection has ${TASKS_MAX} tasks under way: wait for one`, {
    retry: { afterMs: 1_000 },
  });
}

/** Serves one client until its connection ends. Resolves when all that it left behind is provided for. */
export function serveBotClient(deps: BotClientDeps): Promise<void> {
  const { socket, gateway, settings, keyId, closing } = deps;
  const gone = new AbortController();
  const answers = createAnswers(deps);
  /** Tasks that are being accepted or followed. */
  const serving = new Set<Promise<void>>();
  /** One after the other, so that they keep their order. */
  let accepting: Promise<unknown> = Promise.resolve();

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

  async function serve(text: string): Promise<void> {
    const taskId = findTaskId(text);
    try {
      if (serving.size >= TASKS_MAX) throw tooMany();
      const taken = accepting.then(() => accept(text));
      accepting = taken.catch(() => {});
      const request = await taken;
      say(toAccepted(request, taskId));
      const ended = await follow(request, taskId);
      if (ended !== null) answers.hand(ended.id, () => say(toResult(ended, taskId)));
    } catch (error) {
      say(toError(recognise(error, deps.log), taskId));
    }
  }

  async function accept(text: string): Promise<RequestRecord> {
    await deps.spend();
    const { request, replayed } = await gateway.submit(toSubmission(parseTask(text), 'ws', keyId, settings));
    // A replayed one is attended by the client that asked first, if it is still there.
    if (!replayed) answers.attend(request.id);
    return request;
  }

  /** Null: the connection ended first, or the gateway stops. */
  async function follow(request: RequestRecord, taskId: string | null): Promise<RequestRecord | null> {
    for await (const events of (await gateway.follow({ requestId: request.id }, 0, gone.signal)) ?? []) {
      for (const event of events) {
        const frame = toProgress(event, request, taskId);
        if (frame !== null) say(frame);
      }
    }
    const { request: latest } = await gateway.readRequest(request.id);
    return hasEnded(latest.state) && !gone.signal.aborted ? latest : null;
  }

  socket.on('message', (data: Buffer, isBinary) => {
    // It went away, or is being closed: what it sent before that and was not accepted is not begun any more.
    if (socket.readyState !== socket.OPEN) return undefined;
    if (isBinary) return void say(toError(createProblem('invalid_field', 'send text frames'), null));
    const served = serve(data.toString());
    serving.add(served);
    return void served.finally(() => serving.delete(served));
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
      void Promise.all(serving)
        .then(() => answers.leave(parting))
        .then(resolve);
    });
  });
}

/** The close code of a connection that broke: nobody said goodbye. */
const ABNORMAL = 1006;

/** How a connection ended: it broke, the client closed it, or the client answered that the gateway closes it. */
type Parting = 'broken' | 'asked' | 'answered';

/** The answers that a client waits for. Each is owed until the client has it. A client answers a ping when it reads
 *  it, so one before an answer and one behind it tell how far it has read. */
interface Answers {
  attend(id: string): void;
  /** Sends it; `send` returns whether it could. */
  hand(id: string, send: () => boolean): void;
  /** What the client answered to a ping. */
  heard(mark: string): void;
  /** The client went away. */
  leave(parting: Parting): Promise<void>;
}

interface Sent {
  readonly id: string;
  /** The client has read up to here. */
  isReached: boolean;
}

function createAnswers({ socket, gateway, log }: BotClientDeps): Answers {
  const awaited = new Set<string>();
  /** Oldest first. */
  let unproven: readonly Sent[] = [];
  const ping = (mark: string): void => {
    if (socket.readyState === socket.OPEN) socket.ping(mark);
  };

  /** What is owed is on disk: what fails here is left at the next start. */
  async function note(work: Promise<void>): Promise<void> {
    await work.catch((error: unknown) => log.warn({ error: String(error) }, 'bot.answer_not_noted'));
  }

  function arrived(count: number): Promise<void> {
    const ids = unproven.slice(0, count).map(({ id }) => id);
    unproven = unproven.slice(count);
    for (const id of ids) awaited.delete(id);
    return note(Promise.all(ids.map((id) => gateway.handedOver(id))).then(() => {}));
  }

  return {
    attend: (id) => void awaited.add(id),
    hand(id, send) {
      if (awaited.has(id)) ping(`${BEFORE}${id}`);
      if (!send() || !awaited.has(id)) return;
      unproven = [...unproven, { id, isReached: false }];
      ping(id);
    },
    heard(mark) {
      const reached = unproven.find(({ id }) => mark === `${BEFORE}${id}`);
      if (reached !== undefined) reached.isReached = true;
      else void arrived(unproven.findIndex(({ id }) => mark === id) + 1);
    },
    async leave(parting) {
      // Who closes on getting the answer reads no ping behind it. Who answers a close frame has read all before it.
      if (parting === 'asked') await arrived(unproven.findLastIndex(({ isReached }) => isReached) + 1);
      if (parting === 'answered') await arrived(unproven.length);
      await note(Promise.all([...awaited].map((id) => gateway.leave(id))).then(() => {}));
    },
  };
}

const BEFORE = '<';

function recognise(error: unknown, log: Log): Problem {
  if (error instanceof GatewayError) return toProblem(error);
  if (error instanceof ProblemError) return error.problem;
  log.error({ err: error }, 'bot.failed');
  return createProblem('internal', 'Something went wrong inside the gateway: see its log');
}
