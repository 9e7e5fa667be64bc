import { createHash } from 'node:crypto';
import { WebSocket } from 'ws';
import { clock } from '../../../../src/compose/clock.ts';
import type { Clock } from '../../../../src/core/ports/clock.ts';
import type { NewKey, KeyWish } from '../../../../src/core/ports/keys/keys.ts';
import type { Store } from '../../../../src/core/ports/store.ts';
import type { HttpSettings } from '../../../../src/http/door/settings.ts';
import { createHttpServer, type HttpServer } from '../../../../src/http/server.ts';
import { aRequest, COMPLETED, enqueue, mustClaim, T0 } from '../../../contract/store-fixtures.ts';
import { LS } from '../../../helpers/examples.ts';
import { createFakeWorktrees } from '../../../helpers/fake-worktrees.ts';
import { createMemoryLog, KEY, type LogLine } from '../../../helpers/http-server.ts';
import { createMemoryTransport } from '../../../helpers/memory-transport.ts';
import { NO_METRICS } from '../../../helpers/no-metrics.ts';
import { openHouse, type House, type HouseOptions } from '../../../unit/core/flows/house.ts';

/** The real server over the real flows and store, and what belongs to the workspace `mine`. Nothing is claimed. */
export interface KeysHouse extends AsyncDisposable {
  readonly house: House;
  readonly store: Store;
  readonly server: HttpServer;
  readonly baseUrl: string;
  readonly lines: readonly LogLine[];
  makeKey(wish?: Partial<KeyWish>): Promise<NewKey>;
  /** The status and the text of the answer; 101 where a WebSocket opens. */
  ask(call: Call, key: string | null): Promise<Answered>;
}

export interface Call {
  /** As in the table of the door: `GET /status/:requestId`. */
  readonly method: string;
  readonly path: string;
  readonly body?: object;
  readonly isSocket?: boolean;
}

export interface Answered {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

export const OWN = {
  workspace: 'mine',
  queued: 'req-queued',
  running: 'req-running',
  approval: 'apr-1',
  quick: `quick-${T0 / 1_000}`,
  bot: 'bot',
} as const;

export async function openKeysHouse(
  settings: Partial<HttpSettings> = {},
  options: HouseOptions = {},
): Promise<KeysHouse> {
  const worktrees = createFakeWorktrees();
  worktrees.leave(OWN.quick);
  const house = await openHouse({
    passing: clock,
    worktrees,
    transports: new Map([['memory', createMemoryTransport()]]),
    ...options,
  });
  const lines: LogLine[] = [];
  const server = await createHttpServer({
    gateway: house.api,
    log: createMemoryLog(lines),
    metrics: NO_METRICS,
    version: '0.0.0-test',
    settings: toSettings(settings),
  });
  const { port } = await server.listen();
  const baseUrl = `http://127.0.0.1:${port}`;
  return {
    house,
    store: house.store,
    server,
    baseUrl,
    lines,
    makeKey: (wish = {}) => house.api.keys.create({ name: 'a test', scopes: ['read'], ...wish }),
    ask: (call, key) => (call.isSocket === true ? askSocket(baseUrl, call, key) : askHttp(baseUrl, call, key)),
    async [Symbol.asyncDispose]() {
      await server.close();
      await house[Symbol.asyncDispose]();
    },
  };
}

/** For `passing`: a clock that goes on by itself until the test sets it. */
export function createSetClock(): Clock & { readonly set: (byMs: number) => void } {
  let off = 0;
  return { ...clock, now: () => clock.now() + off, set: (byMs) => void (off = byMs) };
}

export function toSettings(more: Partial<HttpSettings> = {}): HttpSettings {
  return {
    ...{
      host: '127.0.0.1',
      port: 0,
      auth: true,
      rateLimitMax: 0,
      rateLimitWindowMs: 60_000,
      corsOrigins: [],
      hosts: [],
      trustedProxies: [],
    },
    keys: [{ id: 'default', sha256: createHash('sha256').update(KEY).digest() }],
    botWorkspace: OWN.bot,
    defaultTimeoutMs: 60_000,
    ...more,
  };
}

const MADE = {
  path: `/worktrees/${OWN.quick}`,
  branch: 'quick/x',
  base: 'c0ffee',
  fetch: { kind: 'no_remote' },
} as const;

/** One of each thing that has an id; returns the id of the delivery. */
export async function fill(store: Store): Promise<string> {
  const { workspace } = OWN;
  await enqueue(store, aRequest('req-told', { workspace, replyTo: 'memory:me' }));
  await store.end(await mustClaim(store, workspace), COMPLETED, T0);
  await enqueue(store, aRequest(OWN.running, { workspace }), aRequest(OWN.queued, { workspace }));
  const turn = await mustClaim(store, workspace);
  await store.progress(turn, { phase: 'preparing', transcriptOffset: 0 }, T0);
  await store.openApproval(turn, {
    ...{ id: OWN.approval, requestId: OWN.running, workspace, kind: 'tool', toolUseId: 'use-1', subagent: null },
    ...{ tool: 'Bash', input: { command: 'ls' }, rules: [LS], createdAt: T0, expiresAt: Date.now() + 3_600_000 },
  });
  const { id } = await store.beginQuick('o/r', T0);
  await store.readyQuick(id, MADE, T0);
  await enqueue(store, aRequest('req-bot', { workspace: OWN.bot }));
  const [delivery] = await store.listDeliveries({ workspace }, null, 1);
  if (delivery === undefined) throw new Error('nothing is owed');
  return delivery.id;
}

async function askHttp(baseUrl: string, { method, path, body }: Call, key: string | null): Promise<Answered> {
  const response = await fetch(`${baseUrl}${path}`, {
    method,
    headers: {
      ...(key !== null && { 'x-api-key': key }),
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(10_000),
  });
  const { status, headers } = response;
  // What goes on, as a stream of events, is not waited for.
  if (headers.get('content-type')?.startsWith('text/event-stream') === true) {
    await response.body?.cancel();
    return { status, headers, text: '' };
  }
  return { status, headers, text: await response.text() };
}

function askSocket(baseUrl: string, { path }: Call, key: string | null): Promise<Answered> {
  const socket = new WebSocket(`${baseUrl.replace(/^http/, 'ws')}${path}`, {
    headers: key === null ? {} : { 'x-api-key': key },
  });
  return new Promise((resolve, reject) => {
    socket.once('open', () => {
      socket.terminate();
      resolve({ status: 101, text: '', headers: new Headers() });
    });
    socket.once('unexpected-response', (request, response) => {
      let text = '';
      response.on('data', (chunk: Buffer) => (text += chunk.toString()));
      response.on('end', () => {
        request.destroy();
        const headers = new Headers(Object.entries(response.headers).map(([name, value]) => [name, String(value)]));
        resolve({ status: response.statusCode ?? 0, text, headers });
      });
    });
    socket.once('error', reject);
  });
}
