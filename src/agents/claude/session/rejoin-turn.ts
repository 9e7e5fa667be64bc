import type { ApprovalAsk, RejoinedTurn } from '../../../core/ports/agent.ts';
import type { CurrentTurn } from '../turn/current-turn.ts';
import { stopperOf, supervise } from '../turn/supervise.ts';
import { runTurn, type RunParts } from './run-turn.ts';
import { isInConversation, toEnd } from '../watch/turn-ends.ts';

/** Puts a turn where an earlier process left it. */
export function restore(turn: CurrentTurn, { transcriptOffset, told }: RejoinedTurn): void {
  turn.beginsAt(transcriptOffset);
  turn.restoreNarration(told);
  turn.watch.pasting();
  turn.watch.entering();
}

/** From what the transcript tells of it to its end. */
export async function rejoinTurn(
  parts: RunParts,
  past: RejoinedTurn,
  turn: CurrentTurn,
  signal: AbortSignal,
): Promise<void> {
  const found = await turn.readTranscript();
  if (isInConversation(found)) turn.watch.joined(found.promptId);
  if (found.kind === 'resting') turn.watch.rests(found.tasks, found.wakeUps);
  const isHeld = found.kind === 'ended' && (await turn.mayBeWoken());
  const end = isHeld ? null : toEnd(found, null, stopperOf(await turn.terminal.lastKeyAt(), past.begunAt));
  const isUntold = ({ kind }: ApprovalAsk): boolean => kind === 'dialog';
  turn.prompts.restore(past.open.filter((ask) => !isUntold(ask)));
  turn.dialogs.restore(past.open.filter(isUntold));
  await turn.catchUp();
  if (end !== null) turn.watch.finish(end);
  await supervise(turn, signal);
  if (turn.watch.isRetracted) await runTurn(parts, turn, signal);
}
