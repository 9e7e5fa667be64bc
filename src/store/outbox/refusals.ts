import { forgetFailures, owedToWebhook } from '../deliveries/delivery-queries.ts';
import { toAddressee } from '../deliveries/owe.ts';
import type { GroupCommit } from '../sql/group-commit.ts';
import type { Statements } from '../sql/statements.ts';
import { disable, dropWebhook } from '../webhooks/webhook-queries.ts';
import { readWebhook } from '../webhooks/webhooks.ts';
import { endDelivery } from './outbox.ts';

/** In one transaction: others come between, however much is owed. */
const AT_ONCE = 200;

/** First the webhook, so that nothing more becomes owed to it. What the end of the process leaves of the rest is refused
 *  when its turn comes. */
export async function deleteWebhook(group: GroupCommit, db: Statements, id: string, now: number): Promise<boolean> {
  if (!(await group.write(() => drop(db, id)))) return false;
  await refuseOwed(group, db, id, 'the webhook was deleted', now);
  return true;
}

/** Its failures are forgotten with it. */
function drop(db: Statements, id: string): boolean {
  const webhook = readWebhook(db, id);
  if (webhook === null) return false;
  db.run(dropWebhook, { id });
  db.run(forgetFailures, { lane: toAddressee(webhook).to });
  return true;
}

export async function disableWebhook(group: GroupCommit, db: Statements, id: string, now: number): Promise<void> {
  if ((await group.write(() => db.run(disable, { id, now }))) === 0) return;
  await refuseOwed(group, db, id, 'the receiver of this webhook is gone (410)', now);
}

async function refuseOwed(
  group: GroupCommit,
  db: Statements,
  webhookId: string,
  error: string,
  now: number,
): Promise<void> {
  const refuseSome = (): number => {
    const some = db.all(owedToWebhook, { webhookId, limit: AT_ONCE });
    for (const { id } of some) endDelivery(db, id, { state: 'refused', error, link: null }, now);
    return some.length;
  };
  while ((await group.write(refuseSome)) === AT_ONCE);
}
