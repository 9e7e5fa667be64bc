import type { Who } from '../../core/model/audit/audit.ts';
import { forgetFailures, owedToWebhook } from '../deliveries/delivery-queries.ts';
import { toAddressee } from '../deliveries/owe.ts';
import type { Database } from '../sql/database.ts';
import { all, run, type Step } from '../sql/step.ts';
import { disable, dropWebhook } from '../webhooks/webhook-queries.ts';
import { noteWebhook, readWebhook } from '../webhooks/webhooks.ts';
import { endDelivery } from './outbox.ts';

/** In one transaction: others come between, however much is owed. */
const AT_ONCE = 200;

/** First the webhook, so that nothing more becomes owed to it. What the end of the process leaves of the rest is refused
 *  when its turn comes. */
export async function deleteWebhook(
  { write }: Pick<Database, 'write'>,
  id: string,
  now: number,
  who?: Who,
): Promise<boolean> {
  if (!(await write(() => drop(id, now, who)))) return false;
  await refuseOwed(write, id, 'the webhook was deleted', now);
  return true;
}

/** Its failures are forgotten with it. */
function* drop(id: string, now: number, who: Who | undefined): Step<boolean> {
  const webhook = yield* readWebhook(id);
  if (webhook === null) return false;
  yield* noteWebhook('deleted', webhook, now, who);
  yield* run(dropWebhook, { id });
  yield* run(forgetFailures, { lane: toAddressee(webhook).to });
  return true;
}

export async function disableWebhook({ write }: Pick<Database, 'write'>, id: string, now: number): Promise<void> {
  if ((await write(() => run(disable, { id, now }))) === 0) return;
  await refuseOwed(write, id, 'the receiver of this webhook is gone (410)', now);
}

async function refuseOwed(write: Database['write'], webhookId: string, error: string, now: number): Promise<void> {
  while ((await write(() => refuseSome(webhookId, error, now))) === AT_ONCE);
}

/** Returns how many it refused. */
function* refuseSome(webhookId: string, error: string, now: number): Step<number> {
  const some = yield* all(owedToWebhook, { webhookId, limit: AT_ONCE });
  for (const { id } of some) yield* endDelivery(id, { state: 'refused', error, link: null }, now);
  return some.length;
}
