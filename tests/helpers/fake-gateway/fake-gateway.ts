import type { ApprovalRecord } from '../../../src/core/model/approval.ts';
import { GatewayError } from '../../../src/core/model/errors.ts';
import type { DeliveryRecord } from '../../../src/core/model/delivery.ts';
import type { RequestEnd, RequestRecord } from '../../../src/core/model/request.ts';
import type { GatewayApi } from '../../../src/core/ports/gateway/gateway.ts';
import type { Health } from '../../../src/core/ports/gateway/health.ts';
import type { Submission } from '../../../src/core/ports/gateway/requests.ts';
import { createFakeTerminal, type FakeTerminal } from '../fake-attached-terminal.ts';
import { createFakeApprovals } from './approvals.ts';
import { createFakeDeliveries, createFakeWebhooks } from './deliveries.ts';
import { NOTHING_SPENT } from '../examples.ts';
import { createFakeKeys } from './keys.ts';
import { createMemory } from './memory.ts';
import { createFakeQuick } from './quick.ts';
import { createFakeRequests } from './requests.ts';
import { createFakeSessions } from './sessions.ts';

export interface FakeGateway extends GatewayApi {
  /** All terminals that were opened, oldest first. */
  readonly opened: readonly FakeTerminal[];
  /** Every submission that was accepted or refused, oldest first. */
  readonly submissions: readonly Submission[];
  /** Aborted or not, for every wait that began, oldest first. */
  readonly waits: readonly AbortSignal[];
  /** What became a request, oldest first. */
  readonly accepted: readonly RequestRecord[];
  /** The next call of a method throws this. */
  failNext(error: unknown): void;
  change(id: string, change: Partial<RequestRecord>): void;
  end(id: string, end?: Partial<RequestEnd>): void;
  setScreen(workspace: string, screen: string): void;
  addApproval(approval: ApprovalRecord): void;
  addDelivery(delivery: DeliveryRecord): void;
  setReady(ready: boolean): void;
  setHealth(health: Health['status']): void;
  /** Resolves when the next wait for an end begins. */
  nextWait(): Promise<AbortSignal>;
}

/** Verbs that a test has of its own. */
export type Overrides = { readonly [Noun in keyof GatewayApi]?: Partial<GatewayApi[Noun]> };

/** The gateway as its port tells it, in memory; turns end only when a test says so. */
export function createFakeGateway(overrides: Overrides = {}): FakeGateway {
  const memory = createMemory();
  const requests = createFakeRequests(memory);
  const sessions = createFakeSessions(memory);
  const approvals = createFakeApprovals(memory);
  const opened: FakeTerminal[] = [];
  let ready = true;
  let healthy: Health['status'] = 'healthy';

  return {
    requests: { ...requests.api, ...overrides.requests },
    answers: { leave: async () => {}, handedOver: async () => {}, ...overrides.answers },
    keptKeys: { ...requests.keptKeys, ...overrides.keptKeys },
    sessions: { ...sessions.api, ...overrides.sessions },
    approvals: { ...approvals.api, ...overrides.approvals },
    deliveries: { ...createFakeDeliveries(memory), ...overrides.deliveries },
    webhooks: { ...createFakeWebhooks(memory), ...overrides.webhooks },
    chats: {
      said: async () => null,
      edited: async () => null,
      deleted: async () => {},
      pressed: async () => ({ text: '' }),
      turn: async () => true,
      ...overrides.chats,
    },
    usage: {
      read: async () => ({ groups: [], total: NOTHING_SPENT }),
      today: async () => ({ since: 0, spent: NOTHING_SPENT, leftMicroUsd: null }),
      refuseBeyondBudget: async () => {},
      ...overrides.usage,
    },
    events: { follow: async () => (async function* () {})(), ...overrides.events },
    terminals: {
      check: async (workspace) => {
        memory.throwIfAsked();
        memory.findSession(workspace);
      },
      open: async (workspace, { write, ...size }) => {
        memory.throwIfAsked();
        memory.findSession(workspace);
        const terminal = createFakeTerminal({ ...size, workspace, readOnly: !write });
        opened.push(terminal);
        return terminal;
      },
      ...overrides.terminals,
    },
    threads: {
      open: async () => {
        throw new GatewayError('no_task_channel', 'there is no channel');
      },
      canOpen: () => false,
      find: async () => null,
      list: async () => [],
      count: async () => 0,
      ...overrides.threads,
    },
    quick: { ...createFakeQuick(), ...overrides.quick },
    keys: { ...createFakeKeys(), ...overrides.keys },
    audit: { list: async () => [], note: async () => {}, ...overrides.audit },
    health: {
      check: async () => {
        memory.throwIfAsked();
        return createHealth(healthy);
      },
      isReady: () => ready,
      takesWork: async () => ready,
      ...overrides.health,
    },
    opened,
    submissions: requests.submissions,
    waits: requests.waits,
    get accepted() {
      return [...memory.requests.values()];
    },
    failNext: (error) => memory.failNext(error),
    change: (id, change) => memory.change(id, change),
    end: (id, end) => memory.end(id, end),
    setScreen: (workspace, screen) => sessions.setScreen(workspace, screen),
    addApproval: (approval) => approvals.add(approval),
    addDelivery: (delivery) => void memory.deliveries.push(delivery),
    setReady: (value) => {
      ready = value;
    },
    setHealth: (status) => {
      healthy = status;
    },
    nextWait: () =>
      new Promise((resolve) => {
        const tell = (): void => resolve(requests.waits.at(-1) ?? AbortSignal.abort());
        memory.changed.addEventListener('wait', tell, { once: true });
      }),
  };
}

function createHealth(status: Health['status']): Health {
  const check = { healthy: true };
  return {
    status,
    timestamp: Date.now(),
    checks: {
      tmuxServer: { healthy: true, sessionsCount: 3 },
      sessions: { healthy: true, total: 3, active: 2, live: 3, max: 8 },
      filesystem: check,
      gateway: check,
      store: check,
      agent: { healthy: status === 'healthy', installed: true, credentials: status === 'healthy' },
    },
  };
}
