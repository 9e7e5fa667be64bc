import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { createHttpServer } from '../../../src/http/server.ts';
import type { TurnEnd } from '../../../src/core/ports/agent.ts';
import { openResponseFiles } from '../../../src/inbox/response-files.ts';
import { NO_METRICS } from '../../helpers/no-metrics.ts';
import { connectBot, type BotClient } from '../../helpers/bot-client.ts';
import { createMemoryLog, type LogLine } from '../../helpers/http-server.ts';
import { answer } from '../../helpers/fake-driver.ts';
import { createApiClient, type ApiClient } from '../../helpers/openapi-fetch.ts';
import { createTempFolder } from '../../helpers/temp-folder.ts';
import { openHouse, type House, type HouseOptions } from '../../unit/core/flows/house.ts';

const KEY = 'test-key-0123456789abcdefghij';

/** The real server over the real flows and store, with an agent whose turns end when the test says so. */
export interface BotRig extends AsyncDisposable {
  readonly house: House;
  readonly api: ApiClient;
  readonly baseUrl: string;
  /** Requests whose answer is owed no longer. */
  readonly settled: readonly string[];
  readonly lines: readonly LogLine[];
  connect(): Promise<BotClient>;
  /** Lets the turn of this prompt end, now or once it begins. */
  finish(prompt: string): void;
  /** Names of the response files, sorted; none that is being written. */
  responses(): readonly string[];
  readResponse(name: string): string;
  closeServer(): Promise<void>;
}

export async function openBotRig(
  options: Pick<HouseOptions, 'settings'> & { readonly pingMs?: number; readonly rateLimitMax?: number } = {},
): Promise<BotRig> {
  const folder = createTempFolder();
  const gates = new Map<string, PromiseWithResolvers<void>>();
  const gateOf = (prompt: string): PromiseWithResolvers<void> => {
    const gate = gates.get(prompt) ?? Promise.withResolvers<void>();
    gates.set(prompt, gate);
    return gate;
  };
  const settled: string[] = [];
  const house = await openHouse({
    ...options,
    wrapStore: (store) => ({
      ...store,
      async settleAnswer(id) {
        await store.settleAnswer(id);
        settled.push(id);
      },
    }),
    responseFiles: await openResponseFiles(folder.path),
    async runTurn(prompt, observer): Promise<TurnEnd> {
      const end = await answer(prompt, observer);
      await gateOf(prompt).promise;
      return prompt.startsWith('fail')
        ? { kind: 'failed', reason: 'agent_error', error: 'It failed.', text: null }
        : end;
    },
  });
  await house.start();
  const lines: LogLine[] = [];
  const log = createMemoryLog(lines);
  const server = await createHttpServer({
    gateway: house.api,
    log,
    metrics: NO_METRICS,
    version: '0.0.0-test',
    patience: { pingMs: options.pingMs ?? 30_000, stallMs: 60_000 },
    settings: {
      host: '127.0.0.1',
      port: 0,
      auth: true,
      keys: [{ id: 'one', sha256: createHash('sha256').update(KEY).digest() }],
      rateLimitMax: options.rateLimitMax ?? 0,
      rateLimitWindowMs: 60_000,
      corsOrigins: [],
      hosts: [],
      trustedProxies: [],
      botWorkspace: 'bot',
      defaultTimeoutMs: 60_000,
    },
  });
  const baseUrl = `http://127.0.0.1:${(await server.listen()).port}`;
  return {
    house,
    baseUrl,
    settled,
    lines,
    api: createApiClient({ baseUrl, key: KEY }),
    connect: () => connectBot(baseUrl, KEY),
    finish: (prompt) => gateOf(prompt).resolve(),
    responses: () =>
      readdirSync(folder.path)
        .filter((name) => !name.startsWith('.'))
        .toSorted(),
    readResponse: (name) => readFileSync(`${folder.path}/${name}`, 'utf8'),
    closeServer: () => server.close(),
    async [Symbol.asyncDispose]() {
      for (const gate of gates.values()) gate.resolve();
      await server.close();
      await house[Symbol.asyncDispose]();
      folder[Symbol.dispose]();
    },
  };
}
