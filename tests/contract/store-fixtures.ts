import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RequestEnd, RequestRecord } from '../../src/core/model/request.ts';
import type { SessionRecord } from '../../src/core/model/session.ts';
import type { IdempotencyClaim, NewRequest, AcceptanceLimits } from '../../src/core/ports/requests/acceptance.ts';
import type { NewApproval, Store } from '../../src/core/ports/store.ts';
import { LS, usageOf } from '../helpers/examples.ts';

export interface StorePlace {
  readonly file: string;
  readonly now: () => number;
}

export type OpenStore = ((place: StorePlace) => Promise<Store>) & {
  /** At the end of a test; without it the store is closed. */
  readonly done?: (store: Store) => Promise<void>;
};

/** All instants of these tests are near it. */
export const T0 = 1_800_000_000_000;
export const ROOMY: AcceptanceLimits = { total: 1_000_000, perSession: 1_000_000 };

export interface Bench {
  readonly store: Store;
  /** Closes the store and opens its file again. */
  readonly reopen: () => Promise<Store>;
  /** Sets what the store's clock shows. */
  readonly setNow: (instant: number) => void;
}

/** Opens a store on a real file of a temporary folder, and cleans up. */
export async function withStore(open: OpenStore, act: (bench: Bench) => Promise<void>): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'gatehouse-store-'));
  let instant = T0;
  const place = { file: join(dir, 'gateway.db'), now: () => instant };
  let store = await open(place);
  try {
    await act({
      store,
      async reopen() {
        await store.close();
        store = await open(place);
        return store;
      },
      setNow(next) {
        instant = next;
      },
    });
    await (open.done ?? close)(store);
  } catch (error) {
    await close(store);
    throw error;
  } finally {
    await rm(dir, { recursive: true });
  }
}

function close(store: Store): Promise<void> {
  return store.close();
}

export function aRequest(id: string, overrides: Partial<NewRequest> = {}): NewRequest {
  return {
    id,
    workspace: 'demo',
    agent: 'claude',
    source: 'http',
    identity: { transport: 'http', user_id: 'key-1', channel_id: 'http-api', thread_id: null },
    priority: 'normal',
    prompt: `say "${id}" – née 🚪`,
    timeoutMs: 60_000,
    replyTo: null,
    createdAt: T0,
    ...overrides,
  };
}

/** Of request `a`. */
export function anApproval(id: string, overrides: Partial<NewApproval> = {}): NewApproval {
  return {
    id,
    requestId: 'a',
    workspace: 'demo',
    kind: 'tool',
    toolUseId: `use-${id}`,
    subagent: null,
    tool: 'Bash',
    input: { command: 'echo "née 🚪"', nested: { list: [1, null] } },
    rules: [LS],
    createdAt: T0,
    expiresAt: T0 + 600_000,
    ...overrides,
  };
}

export function aSession(workspace: string, overrides: Partial<SessionRecord> = {}): SessionRecord {
  return { workspace, agent: 'claude', agentSessionId: null, createdAt: T0, lastActivityAt: T0, ...overrides };
}

export function aClaim(overrides: Partial<IdempotencyClaim> = {}): IdempotencyClaim {
  return { owner: 'key-1', key: 'once', bodyHash: 'hash-1', notBefore: T0 - 86_400_000, ...overrides };
}

export const COMPLETED: RequestEnd = {
  state: 'completed',
  reason: null,
  error: null,
  text: 'done',
  usage: usageOf(12, 3),
};

/** What a list shows of `aRequest` that has completed, but for its id and its times. */
export const LISTED_COMPLETED = {
  workspace: 'demo',
  agent: 'claude',
  source: 'http',
  priority: 'normal',
  state: 'completed',
  phase: null,
  reason: null,
  retryable: null,
  error: null,
  createdAt: T0,
  retries: 0,
} as const;

export const CANCELLED: RequestEnd = { state: 'cancelled', reason: null, error: null, text: null, usage: null };

/** Accepts requests in this order. */
export async function enqueue(store: Store, ...requests: readonly NewRequest[]): Promise<void> {
  const outcomes = await Promise.all(requests.map((request) => store.accept(request, ROOMY, null)));
  const refused = outcomes.find((outcome) => outcome.kind !== 'created');
  if (refused !== undefined) throw new Error(`not accepted: ${refused.kind}`);
}

export async function mustClaim(store: Store, workspace = 'demo', now = T0): Promise<RequestRecord> {
  const claimed = await store.claim(workspace, now);
  if (claimed === null) throw new Error(`nothing to claim in ${workspace}`);
  return claimed;
}

/** Claims the head and completes it; returns its id. */
export async function runNext(store: Store, now = T0, workspace = 'demo'): Promise<string> {
  const turn = await mustClaim(store, workspace, now);
  await store.end(turn, COMPLETED, now);
  return turn.id;
}

/** Runs all that wait; returns their ids in the order of their turns. */
export async function drain(store: Store, now = T0): Promise<readonly string[]> {
  const waiting = await store.listQueued('demo');
  const order: string[] = [];
  for (const _ of waiting) order.push(await runNext(store, now));
  return order;
}

export async function eventTypes(store: Store): Promise<readonly string[]> {
  return (await store.listEvents(0, 10_000)).map((event) => event.type);
}
