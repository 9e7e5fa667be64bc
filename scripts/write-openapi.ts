// Writes openapi.yaml from the schemas of the routes, docs/errors.md, and src/client/api.ts from openapi.yaml; `--check` only says whether those that are
// committed differ.
import { readFile, writeFile } from 'node:fs/promises';
import openapiTS, { astToString } from 'openapi-typescript';
import type { GatewayApi } from '../src/core/ports/gateway/gateway.ts';
import type { Log } from '../src/core/ports/log.ts';
import { toErrorsPage } from '../src/http/docs/problem-words.ts';
import { createHttpServer } from '../src/http/server.ts';

const silent: Log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** Nothing listens, so nothing is asked. */
const unreachable = (): never => {
  throw new Error('the gateway of write-openapi.ts cannot be asked anything');
};
const gateway: GatewayApi = {
  requests: {
    submit: unreachable,
    foresee: unreachable,
    read: unreachable,
    waitForEnd: unreachable,
    change: unreachable,
    unendedFor: unreachable,
    cancel: unreachable,
    list: unreachable,
  },
  answers: { leave: unreachable, handedOver: unreachable },
  keptKeys: { list: unreachable, release: unreachable },
  sessions: {
    list: unreachable,
    read: unreachable,
    create: unreachable,
    delete: unreachable,
    screen: unreachable,
  },
  approvals: { list: unreachable, read: unreachable, decide: unreachable },
  deliveries: { list: unreachable, repeat: unreachable },
  usage: { read: unreachable, today: unreachable, refuseBeyondBudget: unreachable },
  webhooks: {
    create: unreachable,
    list: unreachable,
    delete: unreachable,
    test: unreachable,
    rotate: unreachable,
  },
  chats: { said: unreachable, edited: unreachable, deleted: unreachable, pressed: unreachable, turn: unreachable },
  events: { follow: unreachable },
  terminals: { open: unreachable, check: unreachable },
  threads: { open: unreachable, canOpen: unreachable, find: unreachable, list: unreachable, count: unreachable },
  quick: {
    start: unreachable,
    send: unreachable,
    list: unreachable,
    read: unreachable,
    readMessages: unreachable,
    delete: unreachable,
    diff: unreachable,
    publish: unreachable,
  },
  keys: {
    create: unreachable,
    list: unreachable,
    rotate: unreachable,
    revoke: unreachable,
    find: unreachable,
    used: unreachable,
    mustReach: unreachable,
  },
  audit: { list: unreachable, note: unreachable },
  health: { check: unreachable, isReady: unreachable, takesWork: unreachable },
};

const server = await createHttpServer({
  gateway,
  log: silent,
  metrics: { read: unreachable, answered: unreachable },
  version: await readVersion(),
  settings: {
    host: '127.0.0.1',
    port: 0,
    auth: true,
    keys: [],
    rateLimitMax: 100,
    rateLimitWindowMs: 60_000,
    corsOrigins: [],
    hosts: [],
    trustedProxies: [],
    botWorkspace: 'bot',
    defaultTimeoutMs: 1_800_000,
  },
});
const documents = [
  {
    target: new URL('../openapi.yaml', import.meta.url),
    text: `# Written by scripts/write-openapi.ts from src/http/docs/components.ts and the routes of src/http: npm run openapi\n${server.openApi()}`,
  },
  { target: new URL('../docs/errors.md', import.meta.url), text: toErrorsPage() },
  { target: new URL('../src/client/api.ts', import.meta.url), text: await toTypes(server.openApi()) },
];
await server.close();

for (const { target, text } of documents) {
  if (!process.argv.includes('--check')) await writeFile(target, text);
  else if ((await readFile(target, 'utf8').catch(() => '')) !== text) {
    process.stderr.write(`${target.pathname} differs from the schemas: run npm run openapi\n`);
    process.exitCode = 1;
  }
}

async function readVersion(): Promise<string> {
  const manifest: unknown = JSON.parse(await readFile(new URL('../package.json', import.meta.url), 'utf8'));
  if (typeof manifest === 'object' && manifest !== null && 'version' in manifest) return String(manifest.version);
  throw new Error('package.json has no version');
}

/** The types of a client. */
async function toTypes(openApi: string): Promise<string> {
  const types = astToString(await openapiTS(openApi, { silent: true }));
  return `// Written by scripts/write-openapi.ts from openapi.yaml: npm run openapi\n/* oxlint-disable */\n${types}`;
}
