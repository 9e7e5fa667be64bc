import type { Who } from '../../model/audit/audit.ts';
import type { ApprovalRecord, Decider } from '../../model/approval.ts';
import { GatewayError } from '../../model/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { GivenDecision } from '../../ports/gateway/approvals.ts';
import type { Store } from '../../ports/store.ts';
import type { FlowParts } from '../parts.ts';
import { toDecision } from './decision.ts';
import type { Decisions } from './decisions.ts';

export interface DecideDeps {
  readonly parts: Pick<FlowParts, 'store' | 'clock'>;
  readonly decisions: Pick<Decisions, 'note' | 'waiterOf'>;
}

const CONFIRM_MS = 10_000;

/** Resolves when the agent has taken the decision, or as it stands after ten seconds.
 *  @throws GatewayError `not_found`, `invalid_field`, `approval_decided` */
export async function decide(
  { parts: { store, clock }, decisions }: DecideDeps,
  id: string,
  given: GivenDecision,
  who?: Who,
): Promise<ApprovalRecord> {
  const approval = await requireApproval(store, id);
  if (approval.state !== 'open' || approval.decision !== null) throw decided(approval);
  const decision = toDecision(approval, given);
  if (!(await decisions.note(id, decision, 'api', who))) throw decided(await requireApproval(store, id));
  const over = decisions.waiterOf(id)?.over.promise;
  if (over !== undefined) await within(clock, over, CONFIRM_MS);
  const latest = await requireApproval(store, id);
  if (latest.decidedBy !== 'api') throw decided(latest);
  return latest;
}

/** @throws GatewayError `not_found` */
export async function requireApproval(store: Store, id: string): Promise<ApprovalRecord> {
  const approval = await store.readApproval(id);
  if (approval === null) throw unknownApproval(id);
  return approval;
}

export function unknownApproval(id: string): GatewayError {
  return new GatewayError('not_found', `Approval not found: ${id}`);
}

function within(clock: Clock, promise: Promise<void>, ms: number): Promise<void> {
  const late = Promise.withResolvers<void>();
  const callOff = clock.after(ms, late.resolve);
  return Promise.race([promise, late.promise]).finally(callOff);
}

function decided({ state, decidedBy, decision }: ApprovalRecord): GatewayError {
  const what = state === 'open' ? (decision?.allow === true ? 'allowed' : 'denied') : state;
  const person = decision?.person;
  const how = decidedBy === null ? '' : `, ${WHO[decidedBy]}`;
  const who = person === undefined || decidedBy !== 'api' ? how : `, by ${person}`;
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
