import type { ApprovalRecord, Decision } from '../../model/approval.ts';
import type { Settlement } from '../../ports/agent.ts';
import type { Deadline } from '../deadline.ts';
import type { FlowParts } from '../parts.ts';
import type { Decisions, Waiter } from './decisions.ts';
import { isCovered, settle } from './settle.ts';

/** What the approvals of one turn have in common. */
export interface AskingTurn {
  readonly parts: FlowParts;
  readonly decisions: Decisions;
  readonly deadline: Deadline;
  wait(id: string, waiter: Waiter): void;
  forget(id: string, waiter: Waiter): void;
  /** Settlements that are not on disk yet. */
  readonly settling: Set<Promise<unknown>>;
  /** Until it is stored, or the turn is over here. */
  untilStored<T>(failure: string, write: () => Promise<T>): Promise<T | undefined>;
}

const NOBODY: Decision = {
  allow: false,
  message: 'Nobody answered in time. Go on without it, or say what you would need.',
  remember: false,
  answers: null,
  mode: null,
  lapsed: true,
};
const BY_RULE: Decision = { allow: true, message: null, remember: true, answers: null, mode: null };

/** The decision of an open approval; never, when the agent settled it before. */
export function awaitDecision(
  turn: AskingTurn,
  approval: ApprovalRecord,
  settled: Promise<Settlement>,
): Promise<Decision> {
  const { parts, deadline } = turn;
  const { id } = approval;
  const callOff = expireInTime(turn, approval);
  const waiter = { decided: Promise.withResolvers<Decision>(), over: Promise.withResolvers<void>(), callOff };
  turn.wait(id, waiter);
  // Until it is decided: one that cannot be given must not hold its turn for ever.
  deadline.hold();
  void Promise.race([waiter.decided.promise, settled, waiter.over.promise]).then(() => deadline.release());
  void settled.then(async (told) => {
    callOff();
    const stored = turn.untilStored('approval.end_not_stored', () => settle(parts, approval, told));
    turn.settling.add(stored);
    await stored;
    turn.settling.delete(stored);
    turn.forget(id, waiter);
  });
  void decideAtOnce(turn, approval, waiter);
  return waiter.decided.promise;
}

function expireInTime(turn: AskingTurn, { id, expiresAt }: ApprovalRecord): () => void {
  const { clock } = turn.parts;
  return clock.after(Math.max(0, expiresAt - clock.now()), () => {
    void turn.untilStored('approval.not_decided', () => turn.decisions.note(id, NOBODY, 'timeout'));
  });
}

/** By what was noted before anybody waited here, also in this very tick, or by a rule. */
async function decideAtOnce(turn: AskingTurn, approval: ApprovalRecord, waiter: Waiter): Promise<void> {
  const { store } = turn.parts;
  await turn.untilStored('approval.not_decided', async () => {
    const { decision } = (await store.readApproval(approval.id)) ?? approval;
    if (decision !== null) waiter.decided.resolve(decision);
    else if (await isCovered(store, approval)) await turn.decisions.note(approval.id, BY_RULE, 'rule');
  });
}
