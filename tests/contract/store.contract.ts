import { describe } from '@jest/globals';
import { describeAccepting } from './store-accepting.ts';
import { describeApprovals } from './store-approvals.ts';
import { describeAudit } from './store-audit.ts';
import { describeBacklog } from './store-backlog.ts';
import { describeClaiming } from './store-claiming.ts';
import { describeDeliveries } from './store-deliveries.ts';
import { describeDurability } from './store-durability.ts';
import { describeHooks } from './store-hooks.ts';
import { describeForeseeing } from './store-foreseeing.ts';
import { describeList } from './store-list.ts';
import { describeKeys } from './store-keys.ts';
import { describeMoves } from './store-moves.ts';
import { describeChanging } from './store-changing.ts';
import { describeOverdue } from './store-overdue.ts';
import { describeOwedAnswers } from './store-owed-answers.ts';
import { describeQuick } from './store-quick.ts';
import { describeRetention } from './store-retention.ts';
import { describeEvents, describeSessions } from './store-sessions.ts';
import type { OpenStore } from './store-fixtures.ts';
import { describeThreads } from './store-threads.ts';
import { describeUsage } from './store-usage.ts';
import { describeTurns } from './store-turns.ts';

/** The promises of `core/ports/store.ts`. Every store passes all of them. `share`: how much of what is tried many times. */
export function describeStore(name: string, open: OpenStore, share = 1): void {
  describe(name, () => {
    describeAccepting(open);
    describeForeseeing(open);
    describeClaiming(open, share);
    describeTurns(open);
    describeChanging(open);
    describeOverdue(open);
    describeOwedAnswers(open);
    describeMoves(open, share);
    describeList(open, share);
    describeApprovals(open);
    describeDeliveries(open);
    describeHooks(open);
    describeSessions(open);
    describeThreads(open);
    describeQuick(open);
    describeUsage(open, share);
    describeKeys(open);
    describeAudit(open);
    describeBacklog(open);
    describeRetention(open);
    describeEvents(open);
    describeDurability(open, share);
  });
}
