import type { ApprovalRecord, Decider, Decision } from '../../model/approval.ts';
import { GatewayError } from '../../model/errors.ts';
import type { RequestRecord } from '../../model/request.ts';
import type { ApprovalAsk, Settlement, TurnObserver } from '../../ports/agent.ts';
import type { GivenDecision } from '../../ports/gateway.ts';
import type { ApprovalEnd } from '../../ports/store.ts';
import type { Deadline } from '../deadline.ts';
import { toDecision } from './decision.ts';
import type { FlowParts } from '../parts.ts';
import { untilStored } from '../until-stored.ts';

/** The agents' permission prompts, and who decides them. What the agent did with a decision is the truth: a person
 *  at the terminal may have been faster. */
export interface Approvals {
  /** The prompts of one turn that runs here. Its deadline stands still while one is open. */
  ofTurn(request: RequestRecord, deadline: Deadline): TurnApprovals;
  /** Resolves when the agent has taken the decision, or as it stands after ten seconds.
   *  @throws GatewayError `not_found`, `invalid_field`, `approval_decided` */
  decide(id: string, given: GivenDecision): Promise<ApprovalRecord>;
}

export interface TurnApprovals {
  readonly asked: TurnObserver['asked'];
  /** The agent is done with the turn: resolves when what it told of is on disk, and what it never took has expired. */
  stored(): Promise<void>;
  /** The turn is over here. */
  close(): void;
}

interface Waiting {
  readonly decided: PromiseWithResolvers<Decision>;
  /** Resolves when its end is on disk, or nothing more will be heard of it here. */
  readonly over: PromiseWithResolvers<void>;
  /** Of its time-out. */
  readonly callOff: () => void;
}

const CONFIRM_MS = 10_000;
const NOBODY: Decision = {
  allow: false,
  message: 'Nobody answered in time. Go on without it, or say what you would need.',
  remember: false,
  answers: null,
  mode: null,
};
const BY_RULE: Decision = { allow: true, message: null, remember: true, answers: null, mode: null };

export function createApprovals(parts: FlowParts): Approvals {
  const { store, clock, log } = parts;
  const waiting = new Map<string, Waiting>();

  async function note(id: string, decision: Decision, by: Decider): Promise<boolean> {
    if (!(await store.decideApproval(id, decision, by, clock.now()))) return false;
    log.info({ approvalId: id, allow: decision.allow, by }, 'approval.decided');
    waiting.get(id)?.decided.resolve(decision);
    return true;
  }

  async function isCovered({ workspace, rules }: ApprovalRecord): Promise<boolean> {
    if (rules.length === 0) return false;
    const known = new Set((await store.readRules(workspace)).map((rule) => JSON.stringify(rule)));
    return rules.every((rule) => known.has(JSON.stringify(rule)));
  }

  async function settle(approval: ApprovalRecord, told: Settlement): Promise<void> {
    const by = await deciderOf((await store.readApproval(approval.id)) ?? approval, told);
    const state = by === 'timeout' ? 'expired' : told.allowed ? 'allowed' : 'denied';
    await store.settleApproval(approval.id, { state, by }, clock.now());
    log.info({ approvalId: approval.id, allowed: told.allowed, by }, 'approval.settled');
    if (by === 'agent') log.warn({ approvalId: approval.id, allowed: told.allowed }, 'approval.decided_by_agent');
  }

  /** A hook of the agent's own answers as ours does: only what was decided here is a decision of ours. */
  async function deciderOf(latest: ApprovalRecord, { allowed, by }: Settlement): Promise<Decider> {
    const { decision, decidedBy } = latest;
    if (by === 'decision' && decidedBy !== null && decision?.allow === allowed) return decidedBy;
    if (allowed && (await isCovered(latest))) return 'rule';
    return by === 'terminal' ? 'terminal' : 'agent';
  }

  async function decide(id: string, given: GivenDecision): Promise<ApprovalRecord> {
    const approval = await require(id);
    if (approval.state !== 'open' || approval.decision !== null) throw decided(approval);
    const decision = toDecision(approval, given);
    if (!(await note(id, decision, 'api'))) throw decided(await require(id));
    const over = waiting.get(id)?.over.promise;
    if (over !== undefined) await within(over, CONFIRM_MS);
    const latest = await require(id);
    if (latest.decidedBy !== 'api') throw decided(latest);
    return latest;
  }

  async function require(id: string): Promise<ApprovalRecord> {
    const approval = await store.readApproval(id);
    if (approval === null) throw new GatewayError('not_found', `Approval not found: ${id}`);
    return approval;
  }

  function within(promise: Promise<void>, ms: number): Promise<void> {
    const late = Promise.withResolvers<void>();
    const callOff = clock.after(ms, late.resolve);
    return Promise.race([promise, late.promise]).finally(callOff);
  }

  function ofTurn(request: RequestRecord, deadline: Deadline): TurnApprovals {
    const own = new Map<string, Waiting>();
    const asking = new Set<Promise<unknown>>();
    const storing = new Set<Promise<unknown>>();
    let isOver = false;
    const untilDone = <T>(failure: string, write: () => Promise<T>): Promise<T | undefined> =>
      untilStored(parts, failure, () => isOver, write);

    async function asked(ask: ApprovalAsk, settled: Promise<Settlement>): Promise<Decision> {
      const createdAt = clock.now();
      const expiresAt = createdAt + parts.settings.approvalTimeoutMs;
      const { id: requestId, workspace } = request;
      const fresh = { ...ask, id: parts.ids.approvalId(), requestId, workspace, createdAt, expiresAt };
      const opening = untilDone('approval.not_stored', () => store.openApproval(request, fresh));
      asking.add(opening);
      const approval = await opening;
      asking.delete(opening);
      if (approval?.state !== 'open' || isOver) return never();
      return wait(approval, settled);
    }

    function wait(approval: ApprovalRecord, settled: Promise<Settlement>): Promise<Decision> {
      const { id } = approval;
      const expire = (): void => void tryTo(id, NOBODY, 'timeout');
      const callOff = clock.after(Math.max(0, approval.expiresAt - clock.now()), expire);
      const entry = { decided: Promise.withResolvers<Decision>(), over: Promise.withResolvers<void>(), callOff };
      waiting.set(id, entry);
      own.set(id, entry);
      // Until it is decided: one that cannot be given must not hold its turn for ever.
      deadline.hold();
      void Promise.race([entry.decided.promise, settled, entry.over.promise]).then(() => deadline.release());
      void settled.then(async (told) => {
        callOff();
        const stored = untilDone('approval.end_not_stored', () => settle(approval, told));
        storing.add(stored);
        await stored;
        storing.delete(stored);
        forget(id, entry);
      });
      void decideAtOnce(approval, entry);
      return entry.decided.promise;
    }

    /** By what was noted before anybody waited here, also in this very tick, or by a rule. */
    async function decideAtOnce(approval: ApprovalRecord, { decided: waits }: Waiting): Promise<void> {
      await untilDone('approval.not_decided', async () => {
        const { decision } = (await store.readApproval(approval.id)) ?? approval;
        if (decision !== null) waits.resolve(decision);
        else if (await isCovered(approval)) await note(approval.id, BY_RULE, 'rule');
      });
    }

    async function tryTo(id: string, decision: Decision, by: Decider): Promise<void> {
      await untilDone('approval.not_decided', () => note(id, decision, by));
    }

    function forget(id: string, entry: Waiting): void {
      entry.callOff();
      entry.over.resolve();
      own.delete(id);
      if (waiting.get(id) === entry) waiting.delete(id);
    }

    return {
      asked,
      async stored() {
        // What was settled before it was on disk is told in the step after that.
        while (asking.size + storing.size > 0) await Promise.all([...asking, ...storing]);
        // The agent has told of all that it took.
        const end: ApprovalEnd = { state: 'expired', by: 'turn_end' };
        const left = [...own.keys()].map((id) =>
          untilDone('approval.end_not_stored', () => store.settleApproval(id, end, clock.now())),
        );
        await Promise.all(left);
      },
      close() {
        isOver = true;
        for (const [id, entry] of own) forget(id, entry);
      },
    };
  }

  return { ofTurn, decide };
}

function decided({ state, decidedBy, decision }: ApprovalRecord): GatewayError {
  const what = state === 'open' ? (decision?.allow === true ? 'allowed' : 'denied') : state;
  const who = decidedBy === null ? '' : `, ${WHO[decidedBy]}`;
  return new GatewayError('approval_decided', `This approval has been decided: ${what}${who}`);
}

const WHO: Readonly<Record<Decider, string>> = {
  api: 'over the API',
  terminal: 'at the terminal',
  agent: 'on the agent’s side, by no person at its terminal',
  timeout: 'for nobody answered in time',
  rule: 'by a rule that was remembered',
  turn_end: 'for its turn ended',
};

function never(): Promise<never> {
  return new Promise(() => {});
}
