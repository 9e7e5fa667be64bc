import type { Notice } from '../../../core/ports/agent.ts';
import { readState } from '../../processes/process-mark.ts';
import type { Hearing, TurnSlot } from '../link/hearing.ts';
import type { Turn } from '../turn/turn.ts';
import type { PrintSessionParts } from './parts.ts';

/** Looks after an agent of which nothing is heard. */
export interface Rest {
  look(): void;
  /** Continues its program when somebody has stopped it: it would hear nothing. */
  goOn(noticed: (notice: Notice) => void): Promise<void>;
}

type RestParts = Pick<PrintSessionParts, 'agent' | 'sendSignal' | 'log'>;

/** What ends in the background wakes the agent long before. */
const WAKES_WITHIN_MS = 5_000;

export function createRest({ agent, sendSignal, log }: RestParts, slot: TurnSlot, hearing: Hearing): Rest {
  let quiet: { readonly turn: Turn; readonly since: number } | null = null;

  async function goOn(noticed: (notice: Notice) => void): Promise<void> {
    if (agent === null || (await readState(agent.pid)) !== 'stopped') return;
    if (await sendSignal(agent, 'SIGCONT')) noticed({ type: 'agent.continued', data: {} });
  }

  return {
    goOn,
    look() {
      const { turn } = slot;
      if (turn === null) return;
      goOn((notice) => turn.noticed(notice)).catch((error: unknown) =>
        log.warn({ error: String(error) }, 'agent.not_continued'),
      );
      const isLeft = turn.state === 'resting' && hearing.state.isIdle && !hearing.state.hasTasks;
      if (!isLeft) quiet = null;
      else if (quiet?.turn !== turn) quiet = { turn, since: performance.now() };
      else if (performance.now() - quiet.since > WAKES_WITHIN_MS) turn.settle();
    },
  };
}
