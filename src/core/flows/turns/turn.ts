import type { RequestEnd, RequestRecord } from '../../model/request.ts';
import type { Approvals } from '../approvals/approvals.ts';
import { createDeadline } from '../deadline.ts';
import type { FlowParts } from '../parts.ts';
import type { Ended } from '../requests/ends.ts';
import type { LateUsage } from '../usage/late-usage.ts';
import { untilStored } from '../until-stored.ts';
import { carryOut, type Carry, type CarryDeps } from './carry-out.ts';
import { mayBegin } from './may-begin.ts';
import { createObserver } from './observer.ts';
import { toRequestEnd } from './request-end.ts';
import { createStopping, type StopCause, type Stopping } from './stopping.ts';

/** A turn that runs in this process. */
export interface RunningTurn {
  readonly request: RequestRecord;
  stop(cause: StopCause): void;
  /** Resolves when the turn is over here: ended in the store, or let go. */
  readonly done: Promise<void>;
}

export interface TurnDeps extends CarryDeps {
  readonly approvals: Pick<Approvals, 'ofTurn'>;
  readonly ended: Ended;
  readonly lateUsage: Pick<LateUsage, 'follow'>;
}

/** Runs a claimed request to its end. Never rejects. `heldMs`: for so long its deadline stood still before. */
export function startTurn(deps: TurnDeps, request: RequestRecord, carry: Carry, heldMs = 0): RunningTurn {
  const { parts } = deps;
  const stopping = createStopping();
  // Less than none where the clock was set back meanwhile.
  const spentMs = Math.max(0, parts.clock.now() - (request.startedAt ?? parts.clock.now()) - heldMs);
  const deadline = createDeadline(parts.clock, request.timeoutMs - spentMs, () => stopping.stop('deadline'));
  const approvals = deps.approvals.ofTurn(request, deadline);
  const observer = createObserver({ parts, request, stopping, approvals });
  if (request.cancelAskedAt !== null) stopping.stop('cancelled');

  async function run(): Promise<void> {
    const isOver = (): boolean => stopping.cause() === 'let_go' || stopping.cause() === 'not_owner';
    const denial = await mayBegin({ parts, request, approvals, stopping });
    if (isOver()) return;
    const end = denial ?? (await carryOut(deps, { request, carry, observer, stopping }));
    if (isOver()) return;
    await approvals.stored();
    const outcome = 'kind' in end ? toRequestEnd(end, stopping.cause(), request) : end;
    if (!(await storeEnd(parts, request, outcome, stopping))) return;
    if ('laterUsage' in end && end.laterUsage !== undefined) deps.lateUsage.follow(request, end.laterUsage);
    deps.ended(request, outcome);
  }

  const done = Promise.race([run(), stopping.letGo]).finally(() => {
    deadline.callOff();
    approvals.close();
  });
  return { request, stop: (cause) => stopping.stop(cause), done };
}

/** False when the turn has another owner, or was let go before the disk took its end. */
async function storeEnd(
  parts: FlowParts,
  request: RequestRecord,
  outcome: RequestEnd,
  stopping: Stopping,
): Promise<boolean> {
  const { store, clock, log } = parts;
  const { id: requestId, workspace, startedAt } = request;
  const now = clock.now();
  // In the same tick, so that both share one sync.
  const touched = store
    .updateSession(workspace, { lastActivityAt: now })
    .catch((error: unknown) => log.warn({ error: String(error) }, 'session.not_touched'));
  const isLetGo = (): boolean => stopping.cause() === 'let_go';
  const isOurs = await untilStored(parts, 'turn.end_not_stored', isLetGo, () => store.end(request, outcome, now));
  await touched;
  if (isOurs !== true) return false;
  const { state, reason, text } = outcome;
  log.info({ requestId, workspace, state, reason, text, ms: now - (startedAt ?? now) }, 'turn.ended');
  return true;
}
