import type { RequestRecord } from '../../../src/core/model/request.ts';
import { createDiscordApi, toNonce } from '../../../src/transports/discord/api.ts';
import { createDiscordTransport } from '../../../src/transports/discord/transport.ts';
import { openDiscordServer, type Behaviour } from '../../helpers/discord-server/server.ts';
import { describeTransport } from './transport.contract.ts';

const BEHAVIOURS: Readonly<Record<'take' | 'not_now' | 'refuse' | 'silent', Behaviour>> = {
  take: 'take',
  not_now: { status: 429, retryAfter: 1 },
  refuse: { status: 403, code: 50_013 },
  silent: 'silent',
};
const request = { id: 'req-1', state: 'completed', text: 'Hello **there**', error: null } as RequestRecord;

describeTransport('Discord', async () => {
  const server = await openDiscordServer();
  const api = createDiscordApi({ token: server.token, apiRoot: server.apiRoot, timeoutMs: 15_000 });
  const transport = createDiscordTransport({
    api,
    guilds: [server.world.guildId],
    pauseAfterMs: 259_200_000,
    now: Date.now,
    paceMs: 1,
  });
  const names = new Map<unknown, string>();
  return {
    transport: {
      ...transport,
      deliver(delivery, signal) {
        names.set(toNonce(delivery.id, 0), delivery.id);
        return transport.deliver(delivery, signal);
      },
    },
    to: `discord:${server.tasks.id}`,
    spelled: `discord:${server.tasks.id}`,
    wrongAddresses: ['discord:', 'discord:#tasks', 'discord:012', 'discord:1:2', 'telegram:1', '1234567890'],
    request,
    behave: (how) => server.behave(({ method }) => (method === 'POST' ? BEHAVIOURS[how] : 'take')),
    // A message is told apart by its nonce; one that is known under it is given back instead of a second one.
    received: () => {
      const posts = server.calls.filter(({ method, path }) => method === 'POST' && path.endsWith('/messages'));
      const named = posts.map(({ body }) => ({ id: names.get(body['nonce']) ?? '', content: JSON.stringify(body) }));
      return named;
    },
    async close() {
      api.close();
      await server.close();
    },
  };
});
