import type { DeliveryRecord } from '../../../src/core/model/delivery.ts';
import { GatewayError } from '../../../src/core/model/errors.ts';
import { hasEnded, isRetryable, type RequestEnd, type RequestRecord } from '../../../src/core/model/request.ts';
import type { SessionRecord } from '../../../src/core/model/session.ts';

/** What the nouns of a fake gateway know together. */
export interface Memory {
  readonly requests: Map<string, RequestRecord>;
  readonly sessions: Map<string, SessionRecord>;
  /** Oldest first. */
  readonly deliveries: DeliveryRecord[];
  /** An event named after a request whenever it changes. */
  readonly changed: EventTarget;
  findRequest(id: string): RequestRecord;
  findSession(workspace: string): SessionRecord;
  /** Queued or running. */
  listActive(workspace: string): readonly RequestRecord[];
  /** True when it is new. */
  ensureSession(workspace: string): boolean;
  change(id: string, change: Partial<RequestRecord>): void;
  end(id: string, end?: Partial<RequestEnd>): void;
  failNext(error: unknown): void;
  throwIfAsked(): void;
}

export function createMemory(): Memory {
  const requests = new Map<string, RequestRecord>();
  const sessions = new Map<string, SessionRecord>();
  const changed = new EventTarget();
  let failure: { readonly error: unknown } | null = null;

  function findRequest(id: string): RequestRecord {
    const request = requests.get(id);
    if (request === undefined) throw new GatewayError('not_found', `there is no request ${id}`);
    return request;
  }

  function change(id: string, update: Partial<RequestRecord>): void {
    requests.set(id, { ...findRequest(id), ...update });
    changed.dispatchEvent(new Event(id));
  }

  return {
    requests,
    sessions,
    deliveries: [],
    changed,
    findRequest,
    findSession(workspace) {
      const session = sessions.get(workspace);
      if (session === undefined) throw new GatewayError('not_found', `there is no session ${workspace}`);
      return session;
    },
    listActive: (name) =>
      [...requests.values()].filter(({ workspace, state }) => workspace === name && !hasEnded(state)),
    ensureSession(workspace) {
      if (sessions.has(workspace)) return false;
      const now = Date.now();
      const agent = 'claude';
      sessions.set(workspace, { workspace, agent, agentSessionId: null, createdAt: now, lastActivityAt: now });
      return true;
    },
    change,
    end(id, how = {}) {
      const outcome: RequestEnd = { state: 'completed', reason: null, error: null, text: null, usage: null, ...how };
      change(id, {
        ...outcome,
        usage: outcome.usage === 'pending' ? null : outcome.usage,
        usagePending: outcome.usage === 'pending',
        phase: null,
        completedAt: Date.now(),
        retryable: outcome.reason === null ? null : isRetryable(outcome.reason),
      });
    },
    failNext: (error) => {
      failure = { error };
    },
    throwIfAsked() {
      const asked = failure;
      failure = null;
      // oxlint-disable-next-line typescript/only-throw-error -- a test may ask for anything
      if (asked !== null) throw asked.error;
    },
  };
}
