import type { ApprovalRecord, Decider } from '../../model/approval.ts';
import type { Settlement } from '../../ports/agent.ts';
import type { Store } from '../../ports/store.ts';
import type { FlowParts } from '../parts.ts';

/** Stores what became of the prompt at the agent. */
export async function settle(
  { store, clock, log }: Pick<FlowParts, 'store' | 'clock' | 'log'>,
  approval: ApprovalRecord,
  told: Settlement,
): Promise<void> {
  const by = await toDecider(store, (await store.readApproval(approval.id)) ?? approval, told);
  const state = by === 'timeout' ? 'expired' : told.allowed ? 'allowed' : 'denied';
  await store.settleApproval(approval.id, { state, by }, clock.now());
  log.info({ approvalId: approval.id, allowed: told.allowed, by }, 'approval.settled');
  if (by === 'agent') log.warn({ approvalId: approval.id, allowed: told.allowed }, 'approval.decided_by_agent');
}

/** A hook of the agent's own answers as ours does: only what was decided here is a decision of ours. */
async function toDecider(store: Store, approval: ApprovalRecord, { allowed, by }: Settlement): Promise<Decider> {
  const { decision, decidedBy } = approval;
  if (by === 'decision' && decidedBy !== null && decision?.allow === allowed) return decidedBy;
  if (allowed && (await isCovered(store, approval))) return 'rule';
  return by === 'terminal' ? 'terminal' : 'agent';
}

/** Whether a rule that was remembered allows what the agent asks. */
export async function isCovered(
  store: Pick<Store, 'readRules'>,
  { workspace, rules }: ApprovalRecord,
): Promise<boolean> {
  if (rules.length === 0) return false;
  const known = new Set((await store.readRules(workspace)).map((rule) => JSON.stringify(rule)));
  return rules.every((rule) => known.has(JSON.stringify(rule)));
}
