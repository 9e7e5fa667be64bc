// A gateway without agents, whose turns end at once with an answer: `serve` with a store that writes it where it is told
// of their failure. All else is as ever: what is owed, the outbox, the transports.
import { createGateway } from '../../src/compose.ts';
import { readConfig } from '../../src/config/config.ts';
import type { Store } from '../../src/core/ports/store.ts';
import { createLog } from '../../src/log.ts';
import { answerTo } from './chat-answers.ts';

const config = readConfig(process.env);
const log = createLog(config.log.level);

function answering(store: Store): Store {
  return {
    ...store,
    async end(turn, end, now) {
      const request = await store.readRequest(turn.id);
      if (request === null) return store.end(turn, end, now);
      const text = answerTo(request.prompt);
      return store.end(turn, { state: 'completed', reason: null, error: null, text, usage: null }, now);
    },
  };
}

await createGateway(config, {
  log,
  apiKey: config.http.apiKey ?? '',
  wrapStore: answering,
});
setInterval(() => {}, 2 ** 30);
