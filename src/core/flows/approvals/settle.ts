import type { ApprovalRecord } from '../../model/approval.ts';
import type { Settlement } from '../../ports/agent.ts';
import type { ApprovalEnd, Store } from '../../ports/store.ts';
import type { FlowParts } from '../parts.ts';

/** Stores what became of the prompt at the agent. */
export async function settle(
  { store, clock, log }: Pick<FlowParts, 'store' | 'clock' | 'log'>,
  approval: ApprovalRecord,
  told: Settlement,
): Promise<void> {
  const latest = (await store.readApproval(approval.id)) ?? approval;
  await store.settleApproval(approval.id, await toEnd(store, latest, told), clock.now());
  log.info({ approvalId: approval.id, ...told }, 'approval.settled');
}

async function toEnd(store: Store, approval: ApprovalRecord, { allowed, by }: Settlement): Promise<ApprovalEnd> {
  const state = allowed ? 'allowed' : 'denied';
  if (by === 'decision') {
    const isExpired = approval.decidedBy === 'timeout';
    return { state: isExpired ? 'expired' : state, by: approval.decidedBy ?? 'api' };
  }
  return { state, by: allowed && (await isCovered(store, approval)) ? 'rule' : 'terminal' };
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
