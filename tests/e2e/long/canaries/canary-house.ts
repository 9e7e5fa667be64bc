import { mkdtemp, rm } from 'node:fs/promises';
import { readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createCore, type Canary } from '../../../helpers/canaries.ts';
import { openChatNetworks, type ChatNetworks } from '../../../helpers/chat-people.ts';
import { findFreePort } from '../../../helpers/free-port.ts';
import { type GatewayHouse, HOUSE_KEY, openGatewayHouse } from '../../../helpers/gateway-house.ts';
import { writeHook } from '../../../helpers/hook-files.ts';
import { startPostgres, type PostgresServer } from '../../../helpers/postgres/server.ts';
import { installScriptedAgent } from '../../../helpers/scripted-agent/install.ts';
import { TOKEN } from '../../../helpers/telegram-server/telegram-server.ts';
import { openWebhookReceiver, type WebhookReceiver } from '../../../helpers/webhook-receiver.ts';

/** A gateway with everything that has a secret, each of them a canary. */
export interface CanaryHouse extends AsyncDisposable {
  readonly house: GatewayHouse;
  readonly networks: ChatNetworks;
  readonly postgres: PostgresServer;
  readonly receiver: WebhookReceiver;
  /** Of traces. */
  readonly collector: WebhookReceiver;
  readonly injectUrl: string;
  readonly metricsUrl: string;
  /** By the setting that holds it. */
  readonly ofSettings: ReadonlyMap<string, Canary>;
  readonly ofHook: Canary;
  readonly ofHookConfig: Canary;
  /** What a hook found in its environment; `secretive` was given one of its own. */
  seenByHook(hook: 'secretive' | 'plain'): string;
  /** Puts a wrong file of hooks in place, which holds the secrets of the right one. */
  spoilHooks(): void;
}

export async function openCanaryHouse(): Promise<CanaryHouse> {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'gatehouse-canaries-'));
  const place = (name: string): string => path.join(folder, name);
  const networks = await openChatNetworks();
  const postgres = await startPostgres();
  const receiver = await openWebhookReceiver();
  const collector = await openWebhookReceiver();
  collector.behave(200);
  const injectPort = String(await findFreePort());
  const metricsPort = String(await findFreePort());
  const core = createCore();
  const webhookSecret = Buffer.from(`${createCore()}0123456789`).toString('base64');
  const agentKey = createCore();
  const agentToken = createCore();
  const hookSecrets = { env: createCore(), config: createCore() };
  const agent = await installScriptedAgent(folder, [{ match: 'canary', do: { text: 'done' } }]);
  const writeHooks = (timeout: unknown): void =>
    writeFileSync(place('hooks.json'), JSON.stringify(toHooks(folder, hookSecrets, timeout)));
  writeHooks(5_000);
  const database = await postgres.createDatabase('own');
  const house = await openGatewayHouse({
    agent,
    env: {
      ...networks.env,
      LOG_LEVEL: 'debug',
      DATABASE_URL: database.replace('@', `:${core}@`),
      ANTHROPIC_API_KEY: `sk-ant-${agentKey}`,
      CLAUDE_CODE_OAUTH_TOKEN: `sk-ant-oat01-${agentToken}`,
      WEBHOOK_SECRET: `whsec_${webhookSecret}`,
      WEBHOOK_ALLOW_PRIVATE: '127.0.0.0/8',
      WEBHOOK_RETRY_MS: '100',
      HOOKS_FILE: place('hooks.json'),
      TASK_API_PORT: injectPort,
      METRICS_PORT: metricsPort,
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    },
  });
  const ofSettings = {
    HTTP_API_KEY: HOUSE_KEY.replace('test-key-', ''),
    DATABASE_URL: core,
    ANTHROPIC_API_KEY: agentKey,
    CLAUDE_CODE_OAUTH_TOKEN: agentToken,
    WEBHOOK_SECRET: webhookSecret,
    TELEGRAM_BOT_TOKEN: TOKEN.split(':')[1] ?? '',
    DISCORD_BOT_TOKEN: networks.discord.token.split('.')[1] ?? '',
  };
  return {
    ...{ house, networks, postgres, receiver, collector },
    injectUrl: `http://127.0.0.1:${injectPort}/inject`,
    metricsUrl: `http://127.0.0.1:${metricsPort}/metrics`,
    ofSettings: new Map(Object.entries(ofSettings).map(([name, secret]) => [name, { name, core: secret }])),
    ofHook: { name: 'the environment of a hook', core: hookSecrets.env },
    ofHookConfig: { name: 'the settings of a hook', core: hookSecrets.config },
    seenByHook: (hook) => readFileSync(place(`${hook}.seen`), 'utf8'),
    spoilHooks: () => writeHooks('soon'),
    async [Symbol.asyncDispose]() {
      await house.close();
      await postgres[Symbol.asyncDispose]();
      await networks[Symbol.asyncDispose]();
      await Promise.all([receiver.close(), collector.close(), rm(folder, { recursive: true, force: true })]);
    },
  };
}

/** Two programs that write down what they see; one of them has secrets of its own, and fails. */
function toHooks(folder: string, { env, config }: { readonly env: string; readonly config: string }, timeout: unknown) {
  const dump = (name: string): string =>
    `tr '\\0' '\\n' < /proc/self/environ >> ${path.join(folder, `${name}.seen`)}\ncat >> ${path.join(folder, `${name}.told`)}`;
  const secretive = writeHook(folder, 'secretive', `${dump('secretive')}\nexit 3`);
  const plain = writeHook(folder, 'plain', `${dump('plain')}\necho '{"allow":true}'`);
  const events = ['pre_session', 'post_session', 'on_error'];
  return {
    hooks: [
      { ref: secretive, events, timeout_ms: timeout, env: { HOOK_SECRET: env }, config: { token: config } },
      { ref: plain, events },
    ],
  };
}
