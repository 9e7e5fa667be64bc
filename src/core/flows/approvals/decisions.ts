import type { Who } from '../../model/audit/audit.ts';
import type { Decider, Decision } from '../../model/approval.ts';
import type { FlowParts } from '../parts.ts';

/** The decisions, and the agents of this process that wait for one. */
export interface Decisions {
  /** Notes a decision, and hands it to the agent that waits for it here; false when somebody else was first. */
  note(id: string, decision: Decision, by: Decider, who?: Who): Promise<boolean>;
  waiterOf(id: string): Waiter | undefined;
  wait(id: string, waiter: Waiter): void;
  forget(id: string, waiter: Waiter): void;
}

/** An agent that waits for the decision of one approval. */
export interface Waiter {
  readonly decided: PromiseWithResolvers<Decision>;
  /** Resolves when its end is on disk, or nothing more will be heard of it here. */
  readonly over: PromiseWithResolvers<void>;
  /** Of its time-out. */
  readonly callOff: () => void;
}

export function createDecisions({ store, clock, log }: Pick<FlowParts, 'store' | 'clock' | 'log'>): Decisions {
  const waiters = new Map<string, Waiter>();

  return {
    async note(id, decision, by, who) {
      if (!(await store.decideApproval(id, decision, by, clock.now(), who))) return false;
      log.info({ approvalId: id, allow: decision.allow, by }, 'approval.decided');
      waiters.get(id)?.decided.resolve(decision);
      return true;
    },
    waiterOf: (id) => waiters.get(id),
    wait: (id, waiter) => void waiters.set(id, waiter),
    forget(id, waiter) {
      if (waiters.get(id) === waiter) waiters.delete(id);
    },
  };
}
