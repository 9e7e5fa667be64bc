import type { AgentFiles } from '../process/agent-files.ts';
import { NotReadyError } from '../submission/not-ready.ts';
import { submit } from '../submission/submission.ts';
import type { FollowedConversation } from '../transcript/conversation.ts';
import type { CurrentTurn } from '../turn/current-turn.ts';
import { supervise } from '../turn/supervise.ts';
import type { Reports, SessionOrigin } from './reports.ts';
import type { TurnSlot } from './turn-slot.ts';

export interface RunParts {
  readonly origin: SessionOrigin;
  readonly slot: TurnSlot;
  readonly reports: Reports;
  readonly conversation: FollowedConversation;
  readonly files: AgentFiles;
}

/** From an idle agent to the end of a turn. */
export async function runTurn(parts: RunParts, turn: CurrentTurn, signal: AbortSignal): Promise<void> {
  const { origin, slot, reports, conversation, files } = parts;
  // What it cannot report cannot be compared, nor kept from its model.
  if (origin === 'deaf') throw new NotReadyError('The agent reports to an earlier AGENT_HOOK_PORT.');
  await submit(
    {
      ...turn,
      get isUnsteady() {
        return slot.agent === 'unsteady';
      },
      isMoving: () => conversation.isMoving(),
      isUnasked: () => reports.isUnasked,
      isPrompted: () => reports.isPrompted,
      isSettling: () => reports.isSettling,
      noticed: (notice) => turn.observer.noticed(notice),
      async transcriptEnd() {
        const offset = (await files.sizeOf(conversation.current.transcript)) ?? 0;
        turn.beginsAt(offset);
        return offset;
      },
    },
    signal,
  );
  if (turn.watch.state !== 'preparing' && turn.watch.state !== 'pasted') await supervise(turn, signal);
}
