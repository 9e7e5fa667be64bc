import { GatewayError } from '../../model/errors.ts';
import type { RequestRecord } from '../../model/request.ts';
import type { TurnObserver } from '../../ports/agent.ts';
import type { TurnProgress } from '../../ports/store.ts';
import type { TurnApprovals } from '../approvals/turn-approvals.ts';
import { appendNotice } from '../events/notices.ts';
import type { FlowParts } from '../parts.ts';
import { whileAway } from '../until-stored.ts';
import type { Stopping } from './stopping.ts';

export interface ObserverDeps {
  readonly parts: Pick<FlowParts, 'store' | 'clock' | 'log'>;
  readonly request: RequestRecord;
  readonly stopping: Stopping;
  readonly approvals: Pick<TurnApprovals, 'asked'>;
}

/** Notes the steps of a turn on disk. */
export function createObserver({ parts, request, stopping, approvals }: ObserverDeps): TurnObserver {
  const isOver = (): boolean => stopping.cause() !== null;
  const write = (progress: TurnProgress): Promise<boolean> =>
    parts.store.progress(request, progress, parts.clock.now());
  const writePatiently = (progress: TurnProgress): Promise<boolean> =>
    whileAway(parts, 'turn.step_waits', isOver, () => write(progress));

  async function note(progress: TurnProgress, store = writePatiently): Promise<void> {
    // The driver stands still at this point; no step is taken that no process answers for.
    if (stopping.cause() === 'let_go') return new Promise(() => {});
    if (await store(progress)) return;
    stopping.stop('not_owner');
    throw new GatewayError('internal', 'this turn has another owner');
  }

  return {
    prepared: (transcriptOffset) => note({ phase: 'preparing', transcriptOffset }),
    submitting: () => note({ phase: 'submitting' }),
    asked: approvals.asked,
    async working({ text, altered, lost = null }) {
      if (request.phase === 'working' || request.phase === 'waiting_approval') return;
      // The agent has the prompt whether or not the disk takes the note; after a crash the transcript tells.
      const progress: TurnProgress = {
        phase: 'working',
        altered: [...request.altered, ...altered],
        ...(text !== request.prompt && { arrived: text }),
        ...(lost !== null && { conversationLost: lost }),
      };
      await note(progress, write).catch((error: unknown) => {
        if (stopping.cause() === 'not_owner') throw error;
        parts.log.error({ requestId: request.id, error: String(error) }, 'turn.step_not_stored');
      });
    },
    noticed: (notice) => appendNotice(parts, request.workspace, request.id, notice),
  };
}
