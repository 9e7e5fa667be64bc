import { rm } from 'node:fs/promises';
import { mkdtempSync, realpathSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createGatewayFlows, type GatewayFlows } from '../../../../src/core/flows/gateway.ts';
import type { FlowParts, FlowSettings } from '../../../../src/core/flows/parts.ts';
import type { RequestRecord } from '../../../../src/core/model/request.ts';
import type { Submission } from '../../../../src/core/ports/gateway/requests.ts';
import { NO_HOOKS } from '../../../../src/core/ports/hooks/hooks.ts';
import type { Log } from '../../../../src/core/ports/log.ts';
import type { Store } from '../../../../src/core/ports/store.ts';
import { createFileTransport } from '../../../../src/inbox/file-transport.ts';
import type { ResponseFiles } from '../../../../src/inbox/response-files.ts';
import { makeApiKey } from '../../../../src/lib/secrets/caller-key.ts';
import { openSqliteStore } from '../../../../src/store/sqlite/open.ts';
import { createFakeTerminal } from '../../../helpers/fake-attached-terminal.ts';
import { createFakeClock, type FakeClock } from '../../../helpers/fake-clock.ts';
import { createFakeDriver, type FakeDriver, type FakeDriverScript } from '../../../helpers/fake-driver.ts';
import { until } from '../../../helpers/until.ts';

/** The flows over the real store, with a clock that the test moves and an agent that it scripts. */
export interface House extends GatewayFlows {
  readonly store: Store;
  readonly driver: FakeDriver;
  readonly clock: FakeClock;
  readonly logged: readonly string[];
  /** Submits and returns the id. */
  readonly ask: (workspace: string, prompt: string, more?: Partial<Submission>) => Promise<string>;
  readonly ended: (id: string) => Promise<RequestRecord>;
  /** Waits until the request is in this phase. */
  reached(id: string, phase: RequestRecord['phase']): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface HouseOptions extends FakeDriverScript {
  /** Stands between the flows and the real store. */
  readonly wrapStore?: (store: Store) => Store;
  readonly settings?: Partial<FlowSettings>;
  /** Of an earlier house; it stays when this one is closed. */
  readonly folder?: string;
  readonly workspaces?: FlowParts['workspaces'];
  readonly workspaceFiles?: FlowParts['workspaceFiles'];
  readonly worktrees?: FlowParts['worktrees'];
  readonly terminals?: FlowParts['terminals'];
  readonly responseFiles?: Pick<ResponseFiles, 'write'>;
  readonly taskChannels?: FlowParts['taskChannels'];
  readonly transports?: FlowParts['transports'];
  /** Passes by itself, in place of the one that the test moves. */
  readonly passing?: FlowParts['clock'];
  readonly hooks?: FlowParts['hooks'];
}

/** Not started: `await house.start()`. */
export async function openHouse(options: HouseOptions = {}): Promise<House> {
  const folder = options.folder ?? realpathSync(mkdtempSync(path.join(os.tmpdir(), 'gatehouse-house-')));
  const logged: string[] = [];
  const log = createLog(logged);
  const clock = createFakeClock();
  const opened = await openSqliteStore({
    file: path.join(folder, 'gateway.db'),
    log,
    now: (options.passing ?? clock).now,
  });
  const store = options.wrapStore?.(opened) ?? opened;
  const driver = createFakeDriver(options);
  let made = 0;
  const flows = createGatewayFlows(
    {
      store,
      clock: options.passing ?? clock,
      log,
      drivers: toDrivers(driver, options.worktrees !== undefined),
      workspaces: options.workspaces ?? {
        ensure: async (workspace) => `/workspaces/${workspace}`,
        locate: async (workspace) => `/workspaces/${workspace}`,
        check: async () => {},
      },
      workspaceFiles: options.workspaceFiles ?? {
        receive: async (_workspace, name) => `inbox/${name}`,
        read: async () => ({ kind: 'refused', why: 'is not there' }),
      },
      worktrees: options.worktrees ?? null,
      terminals: options.terminals ?? { open: async (spec) => createFakeTerminal(spec) },
      taskChannels: options.taskChannels ?? { find: () => null, first: () => null },
      ids: {
        requestId: () => `req-${(made += 1)}`,
        approvalId: () => `apr-${(made += 1)}`,
        webhookId: () => `whk-${(made += 1)}`,
        traceId: () => 'a'.repeat(32),
        spanId: () => `${(made += 1)}`.padStart(16, 'b'),
        apiKey: makeApiKey,
        webhookSecret: () => `whsec_${btoa(`a secret of thirty-two bytes: ${(made += 1)}`)}`,
      },
      hooks: options.hooks ?? NO_HOOKS,
      chance: () => 0,
      transports: options.transports ?? toTransports(options.responseFiles),
      settings: { ...SETTINGS, ...options.settings },
    },
    { filesystem: async () => {}, hookListener: async () => {} },
  );
  return {
    ...flows,
    store,
    driver,
    clock,
    logged,
    ask: async (workspace, prompt, more) =>
      (await flows.api.requests.submit(toSubmission(workspace, prompt, more))).request.id,
    ended: (id) => flows.api.requests.waitForEnd(id, AbortSignal.timeout(10_000)),
    async reached(id, phase) {
      await until(async () => (await store.readRequest(id))?.phase === phase);
    },
    async [Symbol.asyncDispose]() {
      await flows.drain();
      await opened.close();
      if (options.folder === undefined) await rm(folder, { recursive: true });
    },
  };
}

/** Both agents are the same fake. */
function toDrivers(driver: FakeDriver, isQuick: boolean): FlowParts['drivers'] {
  const print = { ...driver, agent: 'claude-print', listLive: async () => [] } as const;
  return new Map([['claude', driver], ...(isQuick ? [['claude-print', print] as const] : [])]);
}

function toTransports(files: HouseOptions['responseFiles']): FlowParts['transports'] {
  return new Map(files === undefined ? [] : [['file', createFileTransport(files)]]);
}

const SETTINGS: FlowSettings = {
  defaultAgent: 'claude',
  turnTimeoutMs: 60_000,
  queueTimeoutMs: 3_600_000,
  pauseProbeMs: 10_000,
  queueMax: 100,
  sessionQueueMax: 50,
  maxLiveSessions: 8,
  sessionIdleMs: 1_800_000,
  maxRunningTurns: 4,
  approvalTimeoutMs: 600_000,
  terminalWriteEnabled: false,
  deliveryGiveUpMs: 345_600_000,
  chatFileMaxBytes: 1_000,
  chats: new Map(),
  dailyMaxMicroUsd: null,
  quickMaxMicroUsd: null,
  idempotencyTtlMs: 86_400_000,
  isTraced: false,
  retentionMs: null,
  notesPrompts: false,
  retentionMaxBytes: null,
};

export function toSubmission(workspace: string, prompt: string, more: Partial<Submission> = {}): Submission {
  return {
    workspace,
    prompt,
    promptField: 'command',
    source: 'http',
    identity: { transport: 'http', user_id: 'key', channel_id: 'http-api', thread_id: null },
    priority: 'normal',
    ...more,
  };
}

function createLog(logged: string[]): Log {
  const write = (_: Readonly<Record<string, unknown>>, event: string): void => void logged.push(event);
  return { debug: write, info: write, warn: write, error: write };
}
