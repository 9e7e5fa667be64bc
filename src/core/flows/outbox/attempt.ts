import { type FailingLane, isChatAddress } from '../../model/delivery.ts';
import { GatewayError } from '../../model/errors.ts';
import type { EndedDelivery, LaneHead } from '../../ports/outbox-store.ts';
import type { DueDelivery, Outcome, Transport } from '../../ports/transport.ts';
import type { FoundFile, WorkspaceFiles } from '../../ports/workspace-files.ts';
import type { FlowParts } from '../parts.ts';
import { untilStored } from '../until-stored.ts';
import { planNextAttempt } from './pauses/retries.ts';

export interface AttemptDeps {
  readonly parts: Pick<FlowParts, 'store' | 'clock' | 'log' | 'chance' | 'workspaceFiles'>;
  readonly transport: Transport;
  /** The network asks for patience, for so long. */
  readonly hold: (ms: number) => void;
  /** It has been sent, and this is on disk. */
  readonly told: (delivery: DueDelivery) => void;
  /** Aborts when the outbox stops. */
  readonly stopping: AbortSignal;
}

/** One attempt, and what became of it on disk. It is on disk first that it begins; one that the end of the process cuts
 *  off stays `sending`, so that the next one knows that it cannot know. */
export async function attempt(deps: AttemptDeps, head: LaneHead): Promise<void> {
  const { parts, stopping } = deps;
  const { store, clock } = parts;
  const { id } = head.delivery;
  const due = await toDue(parts, head);
  if (isOrphan(due)) {
    await store.endDelivery(id, { state: 'refused', error: 'the webhook was deleted', link: null }, clock.now());
    return;
  }
  if (!(await store.beginDelivery(id))) return;
  const begunAt = clock.now();
  const outcome = await deliver(deps, due);
  if (outcome === null) return;
  const fields = { deliveryId: id, requestId: due.requestId, kind: due.kind, attempts: due.attempts };
  await untilStored(
    parts,
    'delivery.not_stored',
    () => stopping.aborted,
    () => settle(deps, due, head.failing, outcome),
  );
  if (outcome.kind === 'sent') deps.told(due);
  log(parts, { ...fields, ms: clock.now() - begunAt }, outcome);
}

/** Its webhook was deleted, and the process ended before what was still owed to it was refused. */
function isOrphan({ webhookId, secrets }: DueDelivery): boolean {
  return webhookId !== null && secrets === null;
}

async function toDue(
  { store, clock, workspaceFiles }: Pick<FlowParts, 'store' | 'clock' | 'workspaceFiles'>,
  { delivery, isUnsure }: LaneHead,
): Promise<DueDelivery> {
  const { requestId, webhookId, event, workspace } = delivery;
  const approvalId = event.data['approvalId'];
  const now = clock.now();
  const webhook = webhookId === null ? null : await store.readWebhook(webhookId);
  return {
    ...delivery,
    attempts: delivery.attempts + 1,
    isUnsure,
    request: requestId === null ? null : await store.readRequest(requestId),
    earlier: isChatAddress(delivery.to) ? await store.readEarlierMessages(delivery) : [],
    readFile: (path, maxBytes) => readFile(workspaceFiles, workspace, path, maxBytes),
    approval: typeof approvalId === 'string' ? await store.readApproval(approvalId) : null,
    secrets:
      webhook?.secrets.filter(({ validUntil }) => (validUntil ?? now) >= now).map(({ secret }) => secret) ?? null,
  };
}

async function readFile(
  files: WorkspaceFiles,
  workspace: string | null,
  path: string,
  maxBytes: number,
): Promise<FoundFile> {
  if (workspace === null) return { kind: 'refused', why: 'is in no workspace' };
  const found = await files.read(workspace, path, maxBytes).catch((cause: unknown) => {
    throw new GatewayError('storage_unavailable', 'the files of the workspace cannot be read now', { cause });
  });
  return found.kind === 'found' && found.bytes.length === 0 ? { kind: 'refused', why: 'is empty' } : found;
}

/** Null: the outbox stops, and the outcome is not known. */
async function deliver({ parts, transport, stopping }: AttemptDeps, due: DueDelivery): Promise<Outcome | null> {
  const late = new AbortController();
  const { timeoutMs } = transport.policy;
  const callOff = parts.clock.after(timeoutMs, () => late.abort());
  try {
    return await transport.deliver(due, AbortSignal.any([late.signal, stopping]));
  } catch (error) {
    if (late.signal.aborted) return { kind: 'unknown', error: `no answer within ${timeoutMs} ms` };
    if (stopping.aborted) return null;
    if (error instanceof GatewayError) return { kind: 'retry', error: error.message };
    parts.log.error({ deliveryId: due.id, error: String(error) }, 'delivery.broke');
    return { kind: 'unknown', error: 'the attempt broke: see the log of the gateway' };
  } finally {
    callOff();
  }
}

async function settle(
  { parts: { store, clock, chance }, transport, hold }: AttemptDeps,
  { id, webhookId }: DueDelivery,
  failing: FailingLane | null,
  outcome: Outcome,
): Promise<void> {
  const now = clock.now();
  switch (outcome.kind) {
    case 'sent':
      await store.endDelivery(id, toEnd(outcome), now);
      return;
    case 'part':
      await store.keepPart(id, outcome.messages);
      return;
    case 'refused':
      await store.endDelivery(id, { state: 'refused', error: outcome.error, link: null }, now);
      if (outcome.gone === true && webhookId !== null) await store.disableWebhook(webhookId, now);
      return;
    case 'retry':
    case 'unknown': {
      const afterMs = outcome.kind === 'retry' ? outcome.afterMs : undefined;
      if (afterMs !== undefined) hold(Math.min(afterMs, Math.max(...transport.policy.retryMs)));
      const next = planNextAttempt(transport.policy, failing, now, afterMs, chance());
      await store.delayDelivery(id, { error: outcome.error, isUnsure: outcome.kind === 'unknown', ...next }, now);
    }
  }
}

function toEnd({ link, messages }: Extract<Outcome, { readonly kind: 'sent' }>): EndedDelivery {
  return { state: 'sent', error: null, link: link ?? null, ...(messages !== undefined && { messages }) };
}

function log({ log: to }: Pick<FlowParts, 'log'>, fields: Readonly<Record<string, unknown>>, outcome: Outcome): void {
  // What it becomes is told once it is whole.
  if (outcome.kind === 'part') return;
  if (outcome.kind === 'sent') to.info(fields, 'delivery.sent');
  else if (outcome.kind === 'refused') to.warn({ ...fields, error: outcome.error }, 'delivery.refused');
  else to.warn({ ...fields, error: outcome.error }, 'delivery.failed');
}
