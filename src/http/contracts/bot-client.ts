import type { WebSocket } from '@fastify/websocket';
import { GatewayError } from '../../core/model/errors.ts';
import { hasEnded, type RequestRecord } from '../../core/model/request.ts';
import type { GatewayApi } from '../../core/ports/gateway.ts';
import type { Log } from '../../core/ports/log.ts';
import type { HttpSettings } from '../settings.ts';
import { findTaskId, parseTask, toAccepted, toError, toProgress, toResult, type BotFrame } from './bot-messages.ts';
import { toSubmission, type BotTask } from './bot-submission.ts';

export interface BotClientDeps {
  readonly socket: WebSocket;
  readonly gateway: GatewayApi;
  readonly settings: HttpSettings;
  readonly log: Log;
  readonly keyId: string | null;
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
  const { socket, gateway, settings, keyId } = deps;
  const gone = new AbortController();
  const answers = createAnswers(deps);
  /** Tasks that are being accepted or followed. */
  const serving = new Set<Promise<void>>();
  /** One after the other, so that they keep their order. */
  let accepting: Promise<unknown> = Promise.resolve();

  function say(frame: BotFrame): void {
    if (socket.readyState !== socket.OPEN) return;
    if (socket.bufferedAmount > UNREAD_MAX_BYTES) return socket.close(1013, 'read what was sent before');
    socket.send(JSON.stringify({ ...frame, timestamp: new Date().toISOString() }));
  }

  async function serve(text: string): Promise<void> {
    const taskId = findTaskId(text);
    try {
      if (serving.size >= TASKS_MAX) throw tooMany();
      const task = parseTask(text);
      const request = await submit(task);
      say(toAccepted(request, taskId));
      const ended = await follow(request, taskId);
      if (ended === null) return;
      say(toResult(ended, taskId));
      answers.sent(ended.id);
    } catch (error) {
      say(toError(recognise(error, deps.log), taskId));
    }
  }

  async function submit(task: BotTask): Promise<RequestRecord> {
    const submitting = accepting.then(() => gateway.submit(toSubmission(task, 'ws', keyId, settings)));
    accepting = submitting.catch(() => {});
    const { request, replayed } = await submitting;
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
    if (isBinary) return say(toError(new GatewayError('invalid_field', 'send text frames'), null));
    const served = serve(data.toString());
    serving.add(served);
    return void served.finally(() => serving.delete(served));
  });
  socket.on('pong', (data: Buffer) => answers.proven(data.toString()));
  return new Promise((resolve) => {
    socket.once('close', (code) => {
      gone.abort();
      // What is accepted just now has to be left, too.
      void Promise.all(serving)
        .then(() => answers.leave(code !== ABNORMAL))
        .then(resolve);
    });
  });
}

/** The close code of a connection that broke: nobody said goodbye. */
const ABNORMAL = 1006;

/** The answers that a client waits for. Each is owed until the client has it. */
interface Answers {
  attend(id: string): void;
  /** It was sent; whether it arrived, the answer to a ping says. */
  sent(id: string): void;
  /** It arrived, and all that was sent before it. */
  proven(id: string): void;
  /** The client went away. `politely`: the connection was closed from both ends, so all that was sent arrived. */
  leave(politely: boolean): Promise<void>;
}

function createAnswers({ socket, gateway, log }: BotClientDeps): Answers {
  const awaited = new Set<string>();
  let unproven: string[] = [];

  /** What is owed is on disk: what fails here is left at the next start. */
  async function note(work: Promise<void>): Promise<void> {
    await work.catch((error: unknown) => log.warn({ error: String(error) }, 'bot.answer_not_noted'));
  }

  function proven(id: string): Promise<void> {
    const arrived = unproven.splice(0, unproven.indexOf(id) + 1);
    for (const each of arrived) awaited.delete(each);
    return note(Promise.all(arrived.map((each) => gateway.handedOver(each))).then(() => {}));
  }

  return {
    attend: (id) => void awaited.add(id),
    sent(id) {
      if (!awaited.has(id)) return;
      unproven.push(id);
      if (socket.readyState === socket.OPEN) socket.ping(id);
    },
    proven: (id) => void proven(id),
    async leave(politely) {
      if (politely) await proven(unproven.at(-1) ?? '');
      unproven = [];
      await note(Promise.all([...awaited].map((id) => gateway.leave(id))).then(() => {}));
    },
  };
}

function recognise(error: unknown, log: Log): GatewayError {
  if (error instanceof GatewayError) return error;
  log.error({ err: error }, 'bot.failed');
  return new GatewayError('internal', 'Something went wrong inside the gateway: see its log');
}
