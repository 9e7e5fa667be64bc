import type { Decision } from '../../model/approval.ts';
import type { RequestRecord } from '../../model/request.ts';
import type { ApprovalAsk, TurnObserver } from '../../ports/agent.ts';
import type { ApprovalEnd, NewApproval } from '../../ports/store.ts';
import type { Deadline } from '../deadline.ts';
import type { FlowParts } from '../parts.ts';
import { untilStored } from '../until-stored.ts';
import { awaitDecision, type AskingTurn } from './await-decision.ts';
import type { Decisions, Waiter } from './decisions.ts';

/** The permission prompts of one turn that runs here. */
export interface TurnApprovals {
  readonly asked: TurnObserver['asked'];
  /** The agent is done with the turn: resolves when what it told of is on disk, and what it never took has expired. */
  stored(): Promise<void>;
  /** The turn is over here. */
  close(): void;
}

export interface TurnApprovalsDeps {
  readonly parts: FlowParts;
  readonly decisions: Decisions;
  /** Of the turn. */
  readonly deadline: Deadline;
}

const NEVER_TAKEN: ApprovalEnd = { state: 'expired', by: 'turn_end' };

export function createTurnApprovals(deps: TurnApprovalsDeps, request: RequestRecord): TurnApprovals {
  const { parts, decisions } = deps;
  const { store, clock } = parts;
  const waiters = new Map<string, Waiter>();
  const opening = new Set<Promise<unknown>>();
  let isOver = false;

  const turn: AskingTurn = {
    ...deps,
    wait(id, waiter) {
      decisions.wait(id, waiter);
      waiters.set(id, waiter);
    },
    forget(id, waiter) {
      waiter.callOff();
      waiter.over.resolve();
      waiters.delete(id);
      decisions.forget(id, waiter);
    },
    settling: new Set(),
    untilStored: (failure, write) => untilStored(parts, failure, () => isOver, write),
  };

  return {
    async asked(ask, settled) {
      const fresh = toNewApproval(parts, request, ask);
      const opened = turn.untilStored('approval.not_stored', () => store.openApproval(request, fresh));
      opening.add(opened);
      const approval = await opened;
      // Its wait begins in the same step, so that `stored` sees the one or the other.
      opening.delete(opened);
      if (approval?.state !== 'open' || isOver) return never();
      return awaitDecision(turn, approval, settled);
    },
    async stored() {
      // What was settled before it was on disk is told in the step after that.
      while (opening.size + turn.settling.size > 0) await Promise.all([...opening, ...turn.settling]);
      // The agent has told of all that it took.
      const left = [...waiters.keys()].map((id) =>
        turn.untilStored('approval.end_not_stored', () => store.settleApproval(id, NEVER_TAKEN, clock.now())),
      );
      await Promise.all(left);
    },
    close() {
      isOver = true;
      for (const [id, waiter] of waiters) turn.forget(id, waiter);
    },
  };
}

function toNewApproval({ clock, ids, settings }: FlowParts, request: RequestRecord, ask: ApprovalAsk): NewApproval {
  const { id: requestId, workspace } = request;
  const createdAt = clock.now();
  const expiresAt = createdAt + settings.approvalTimeoutMs;
  return { ...ask, id: ids.approvalId(), requestId, workspace, createdAt, expiresAt };
}

function never(): Promise<Decision> {
  return new Promise(() => {});
}
