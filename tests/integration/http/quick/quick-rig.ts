import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { WebSocket } from 'ws';
import { NO_METRICS } from '../../../helpers/no-metrics.ts';
import type { Script } from '../../../helpers/fake-driver.ts';
import { createApiCall, type ApiCall } from '../../../helpers/api-call.ts';
import { createFakeWorktrees, type FakeWorktrees } from '../../../helpers/fake-worktrees.ts';
import { until } from '../../../helpers/until.ts';
import type { Worktrees } from '../../../../src/core/ports/quick/worktrees.ts';
import { createHttpServer } from '../../../../src/http/server.ts';
import { openHouse, type House } from '../../../unit/core/flows/house.ts';

const KEY = 'test-key-0123456789abcdefghij';

/** The real server over the real flows and store, with worktrees in memory and an agent that the test scripts. */
export interface QuickRig extends QuickServer {
  readonly worktrees: FakeWorktrees;
}

export interface QuickServer extends AsyncDisposable {
  readonly house: House;
  readonly call: ApiCall;
  start(): Promise<string>;
  connect(id: string, query?: string): Promise<QuickClient>;
  /** The status with which an upgrade is refused. */
  refusal(id: string): Promise<number>;
}

export interface QuickClient {
  readonly frames: readonly Frame[];
  send(frame: unknown): void;
  /** Waits for the frame of this type, the nth one. */
  gets(type: string, nth?: number): Promise<Frame>;
  /** Resolves with the close code. */
  readonly ended: Promise<number>;
  close(): Promise<void>;
}

export type Frame = Readonly<Record<string, unknown>> & { readonly type: string; readonly seq?: number };

export async function openQuickRig(runTurn?: Script, rateLimitMax = 0): Promise<QuickRig> {
  const worktrees = createFakeWorktrees();
  return { ...(await openQuickServer(worktrees, runTurn, rateLimitMax)), worktrees };
}

/** With these worktrees, real or not. */
export async function openQuickServer(worktrees: Worktrees, runTurn?: Script, rateLimitMax = 0): Promise<QuickServer> {
  const house = await openHouse({ worktrees, ...(runTurn && { runTurn }) });
  await house.start();
  const server = await createHttpServer({
    gateway: house.api,
    log: { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} },
    metrics: NO_METRICS,
    version: '0.0.0-test',
    settings: {
      ...{
        host: '127.0.0.1',
        port: 0,
        auth: true,
        corsOrigins: [],
        hosts: [],
        trustedProxies: [],
        botWorkspace: 'bot',
        defaultTimeoutMs: 60_000,
      },
      keys: [{ id: 'one', sha256: createHash('sha256').update(KEY).digest() }],
      ...{ rateLimitMax, rateLimitWindowMs: 60_000 },
    },
  });
  const baseUrl = `http://127.0.0.1:${(await server.listen()).port}`;
  const call = createApiCall(baseUrl, KEY);
  const open = (id: string, query = ''): WebSocket =>
    new WebSocket(`${baseUrl.replace(/^http/, 'ws')}/quick/ws/sessions/${id}${query}`, {
      headers: { 'x-api-key': KEY },
    });
  return {
    ...{ house, call },
    async start() {
      const { body } = await call('POST', '/quick/sessions/start', { json: { repo: 'o/r' } });
      return (body as { id: string }).id;
    },
    connect: (id, query) => toClient(open(id, query)),
    async refusal(id) {
      const socket = open(id);
      socket.on('error', () => {});
      const [, response] = (await once(socket, 'unexpected-response')) as [unknown, { statusCode: number }];
      return response.statusCode;
    },
    async [Symbol.asyncDispose]() {
      await server.close();
      await house[Symbol.asyncDispose]();
    },
  };
}

async function toClient(socket: WebSocket): Promise<QuickClient> {
  const frames: Frame[] = [];
  socket.on('message', (data: Buffer) => void frames.push(JSON.parse(data.toString()) as Frame));
  const ended = new Promise<number>((resolve) => socket.once('close', resolve));
  await once(socket, 'open');
  return {
    frames,
    send: (frame) => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
    gets: (type, nth = 1) => until(() => frames.filter((frame) => frame.type === type)[nth - 1]),
    ended,
    async close() {
      socket.close();
      await ended;
    },
  };
}
