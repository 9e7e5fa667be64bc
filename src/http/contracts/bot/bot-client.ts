import type { WebSocket } from '@fastify/websocket';
import type { AnswersApi } from '../../../core/ports/gateway/answers.ts';
import type { Log } from '../../../core/ports/log.ts';
import { takeInOrder } from '../../sockets/in-order.ts';
import { createAnswers, type Attendance } from './bot-answers.ts';
import { createLine } from './bot-line.ts';
import { createBotTasks, type BotTasksDeps } from './bot-tasks.ts';

export interface BotClientDeps extends Pick<BotTasksDeps, 'requests' | 'events' | 'settings' | 'keyId' | 'spend'> {
  readonly socket: WebSocket;
  /** Where it is known who waits for which answer. */
  readonly owed: AnswersApi;
  readonly log: Log;
  /** Of all clients. */
  readonly attendance: Attendance;
  /** Aborts when the server closes. */
  readonly closing: AbortSignal;
}

/** Serves one client until its connection ends. Resolves when all that it left behind is provided for. */
export function serveBotClient(deps: BotClientDeps): Promise<void> {
  const { socket, closing } = deps;
  const gone = new AbortController();
  const line = createLine(deps);
  const answers = createAnswers(deps);
  const tasks = createBotTasks({ ...deps, line, answers, gone: gone.signal });
  const taken = takeInOrder(socket, (text) => tasks.take(text));
  socket.on('pong', (data: Buffer) => answers.heard(data.toString()));
  const stop = (): void => line.close(1001, 'the gateway stops: reconnect in a moment');
  closing.addEventListener('abort', stop);
  if (closing.aborted) stop();
  return new Promise((resolve) => {
    socket.once('close', (code) => {
      closing.removeEventListener('abort', stop);
      gone.abort();
      const parting = line.partingOf(code);
      // What is accepted just now has to be left, too.
      void taken()
        .then(() => tasks.followed())
        .then(() => answers.leave(parting))
        .then(resolve);
    });
  });
}
