import type { Store, TurnProgress } from '../../src/core/ports/store.ts';
import type { CrashPlan, Point } from './points.ts';

/** A store in which the request of the plan comes to its point: there `die` is called, and does not return. */
export function createDoomedStore(store: Store, plan: CrashPlan, die: () => void): Store {
  let id: string | null = null;
  let isOver = false;
  /** Of the request that is hit. */
  let approvalId: string | null = null;

  function dieSoon(): void {
    if (plan.delayMs === 0) die();
    else setTimeout(die, plan.delayMs);
  }

  async function reach(point: Point): Promise<void> {
    if (point !== plan.point || isOver) return;
    isOver = true;
    if (plan.cancels && id !== null) await store.askCancel(id, Date.now());
    dieSoon();
    if (plan.holds) await new Promise(() => {});
  }

  /** The timer of `K3'` runs since Enter; a report that comes first is not stored any more. */
  function dieUnreported(): void {
    if (plan.point === "K3'") die();
  }

  async function progress(step: TurnProgress, write: () => Promise<boolean>): Promise<boolean> {
    if (step.phase === 'submitting') await reach("K2'");
    if (step.phase === 'working') dieUnreported();
    const isOwner = await write();
    if (step.transcriptOffset !== undefined) await reach('K2');
    if (step.phase === 'submitting') await reach('K3');
    if (step.phase === 'submitting') await reach("K3'");
    if (step.phase === 'working') await reach('K4');
    return isOwner;
  }

  return {
    ...store,
    async accept(request, limits, idempotency) {
      const accepted = await store.accept(request, limits, idempotency);
      if (request.prompt.includes(plan.mark)) {
        id = request.id;
        await reach('K0');
      }
      return accepted;
    },
    async claim(workspace, now) {
      const request = await store.claim(workspace, now);
      if (request !== null && request.id === id) await reach('K1');
      return request;
    },
    async progress(turn, step, now) {
      const write = (): Promise<boolean> => store.progress(turn, step, now);
      return turn.id === id ? progress(step, write) : write();
    },
    async openApproval(turn, approval) {
      if (turn.id !== id) return store.openApproval(turn, approval);
      await reach('A-');
      const opened = await store.openApproval(turn, approval);
      approvalId = opened?.id ?? null;
      await reach('A');
      return opened;
    },
    async decideApproval(which, decision, by, now) {
      const isFirst = await store.decideApproval(which, decision, by, now);
      if (which === approvalId) await reach('D');
      return isFirst;
    },
    async settleApproval(which, end, now) {
      if (which === approvalId) await reach('S-');
      return store.settleApproval(which, end, now);
    },
    async end(turn, end, now) {
      if (turn.id === id) {
        // A turn that is over at once is never noted as working.
        dieUnreported();
        await reach('K4');
        await reach('K5-');
      }
      const isOwner = await store.end(turn, end, now);
      if (turn.id === id) await reach('K5+');
      return isOwner;
    },
    async noteUsage(turn, usage, now) {
      if (turn.id === id) await reach('U-');
      const lanes = await store.noteUsage(turn, usage, now);
      if (turn.id === id) await reach('U');
      return lanes;
    },
  };
}
