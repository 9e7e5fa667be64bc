import { setTimeout as delay } from 'node:timers/promises';
import {
  Client,
  DiscordAPIError,
  DiscordjsError,
  DiscordjsErrorCodes,
  Events,
  GatewayCloseCodes,
  GatewayIntentBits,
  Options,
  Partials,
} from 'discord.js';
import type { Log } from '../../core/ports/log.ts';
import { toWords } from './outcome.ts';
import { createRequest } from './request.ts';

export interface GatewayOptions {
  readonly token: string;
  readonly apiRoot: string;
  readonly log: Log;
  /** Gets each new client before it connects. */
  readonly listen: (client: Client) => void;
  /** It is connected no more, and will not be by itself. */
  readonly lost: () => void;
  /** The first wait before another try; it doubles. */
  readonly retryMs?: number;
}

/** The connection on which Discord tells what happens. */
export interface GatewayConnection {
  /** Why there is none, in words; null: there is one, or one is being made. */
  problem(): string | null;
  close(): Promise<void>;
}

const RETRY_MS = 1_000;
const RETRY_MAX_MS = 300_000;

/** Short breaks are mended by the client itself, which goes on where it was. What it gives up is begun anew here. */
export function openGateway(options: GatewayOptions): GatewayConnection {
  const { log, lost, retryMs = RETRY_MS } = options;
  const closing = new AbortController();
  const { signal } = closing;
  let problem: string | null = 'Discord: not connected yet';

  async function connectOnce(): Promise<string> {
    const client = createClient(options);
    const { promise: broken, resolve } = Promise.withResolvers<string>();
    client.on(Events.ShardDisconnect, ({ code }) => resolve(toClosing(code)));
    client.on(Events.ShardReconnecting, () => {
      if (!signal.aborted) log.info({}, 'discord.reconnecting');
    });
    const closed = (): void => resolve('closed');
    signal.addEventListener('abort', closed, { once: true });
    try {
      const connected = client.login(options.token).then(() => {
        problem = null;
        log.info({}, 'discord.connected');
        return broken;
      }, toProblem);
      return await Promise.race([connected, broken]);
    } finally {
      signal.removeEventListener('abort', closed);
      await client.destroy();
    }
  }

  async function run(): Promise<void> {
    for (let waitMs = retryMs; !signal.aborted; waitMs = Math.min(waitMs * 2, RETRY_MAX_MS)) {
      const why = await connectOnce().catch(toProblem);
      if (signal.aborted) return;
      if (problem === null) waitMs = retryMs;
      problem = `Discord: ${why}`;
      log.error({ error: why, againInMs: waitMs }, 'discord.not_connected');
      lost();
      await delay(waitMs, undefined, { signal }).catch(() => {});
    }
  }

  const running = run();
  return {
    problem: () => problem,
    async close() {
      closing.abort();
      await running;
    },
  };
}

/** Nearly nothing is kept: only where things are, and who we are. */
function createClient({ token, apiRoot, log, listen }: GatewayOptions): Client {
  const own = { maxSize: 0, keepOverLimit: (kept: { id: string; client: Client }) => kept.id === kept.client.user?.id };
  const client = new Client({
    intents: [GatewayIntentBits.Guilds, GatewayIntentBits.GuildMessages, GatewayIntentBits.MessageContent],
    // Messages are not kept, so all that is changed or deleted is one that is not known.
    partials: [Partials.Message],
    rest: { api: apiRoot, makeRequest: createRequest(token) },
    makeCache: Options.cacheWithLimits({
      ...Options.DefaultMakeCacheSettings,
      MessageManager: 0,
      GuildMemberManager: own,
      UserManager: own,
      PresenceManager: 0,
      ReactionManager: 0,
      VoiceStateManager: 0,
      GuildEmojiManager: 0,
      GuildStickerManager: 0,
      GuildInviteManager: 0,
      GuildScheduledEventManager: 0,
      StageInstanceManager: 0,
      AutoModerationRuleManager: 0,
    }),
  });
  client.on(Events.Error, (error) => log.warn({ error: toWords(error) }, 'discord.error'));
  client.on(Events.ShardError, (error) => log.warn({ error: error.message }, 'discord.gateway_error'));
  client.on(Events.ShardResume, (_, replayed) => log.info({ replayed }, 'discord.resumed'));
  listen(client);
  return client;
}

const WRONG_TOKEN = 'the token is wrong: set DISCORD_BOT_TOKEN';
const NO_INTENT = 'switch on “Message Content Intent” of the bot in the developer portal';

function toClosing(code: number): string {
  switch (code) {
    case GatewayCloseCodes.AuthenticationFailed:
      return WRONG_TOKEN;
    case GatewayCloseCodes.InvalidIntents:
    case GatewayCloseCodes.DisallowedIntents:
      return NO_INTENT;
    default:
      return `the connection was closed (${code})`;
  }
}

function toProblem(error: unknown): string {
  const isRefused = error instanceof DiscordAPIError && error.status === 401;
  if (isRefused) return WRONG_TOKEN;
  if (error instanceof DiscordjsError && error.code === DiscordjsErrorCodes.TokenInvalid) return WRONG_TOKEN;
  const text = error instanceof Error ? error.message : '';
  if (text === 'Used disallowed intents') return NO_INTENT;
  if (text === 'Authentication failed') return WRONG_TOKEN;
  return toWords(error);
}
