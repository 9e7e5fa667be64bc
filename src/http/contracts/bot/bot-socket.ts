import type { App } from '../../answers/app.ts';
import type { RouteDeps } from '../../route-deps.ts';
import { createProblem, ProblemError } from '../../answers/problem.ts';
import { empty, problems } from '../../answers/responses.ts';
import { keepAlive } from '../../sockets/socket-output.ts';
import type { Attendance } from './bot-answers.ts';
import { serveBotClient } from './bot-client.ts';

const schema = {
  operationId: 'joinBot',
  summary: 'Give tasks to the bot over a WebSocket, and get their answers',
  description:
    'Text frames with JSON: `{type: "task", command}` from the client, `{type, content, success, timestamp, …}` from the gateway. ' +
    'Where headers cannot be set, offer the subprotocols `gatehouse.bot` and `gatehouse.key.<base64url of the key>`. ' +
    'Frames and what becomes of tasks whose client goes away: docs/bot-server.md.',
  tags: ['bot'],
  response: { 101: empty('The connection is open.'), ...problems(404, 426) },
} as const;

type BotSocketDeps = Pick<
  RouteDeps,
  'requests' | 'answers' | 'events' | 'settings' | 'log' | 'closing' | 'patience' | 'rateLimit'
>;

export function addBotSocket(app: App, deps: BotSocketDeps): void {
  const { answers: owed, patience, rateLimit } = deps;
  const clients = new Set<Promise<void>>();
  const attendance: Attendance = new Map();
  app.route({
    method: 'GET',
    url: '/ws',
    exposeHeadRoute: false,
    schema,
    handler: () => {
      throw new ProblemError(createProblem('upgrade_required', 'open a WebSocket on this path'));
    },
    wsHandler: (socket, request) => {
      const { keyId } = request;
      const spend = (): Promise<void> => rateLimit.spend(request);
      const served = serveBotClient({ ...deps, owed, socket, keyId, attendance, spend });
      clients.add(served);
      void served.then(() => clients.delete(served));
      socket.once(
        'close',
        keepAlive(socket, patience.pingMs, () => false),
      );
    },
  });
  app.addHook('onClose', async () => {
    await Promise.all(clients);
  });
}
