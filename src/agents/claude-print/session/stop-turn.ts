import { settlesWithin } from '../../../lib/settles-within.ts';
import type { Turn } from '../turn/turn.ts';
import type { Controls } from '../link/controls.ts';
import type { Life } from '../../program/ending/life.ts';

export interface StopParts {
  readonly controls: Controls;
  readonly life: Pick<Life, 'close' | 'released'>;
}

/** An interrupt takes some 50 ms; one that came before the turn began does nothing. */
const INTERRUPT_EVERY_MS = 500;
const INTERRUPT_MAX_MS = 5_000;

/** Stops a turn that the gateway does not want any more. Resolves when its end is known; then the agent is idle, or
 *  gone. Also when nobody watches it any more. */
export async function stopTurn({ controls, life }: StopParts, turn: Turn): Promise<void> {
  const { uuid } = turn;
  const { released } = life;
  turn.stopping();
  if (turn.state === 'preparing' || uuid === null) return turn.finish({ kind: 'interrupted', text: null });
  if (turn.state === 'resting') {
    // What the end of its work wakes the agent to say is nobody's.
    turn.died('It was stopped.', true);
    // Only the end of its program ends what runs in the background.
    return life.close();
  }
  if (turn.state === 'said' && (await isTakenBack(controls, uuid, released)))
    return turn.finish({ kind: 'interrupted', text: null });
  for (const until = performance.now() + INTERRUPT_MAX_MS; performance.now() < until;) {
    // A program that cannot be told any more is ended below.
    void controls.ask(released, 'interrupt').catch(() => {});
    if (await settlesWithin(turn.end, INTERRUPT_EVERY_MS, released)) return;
    if (released.aborted) return;
  }
  await life.close();
}

/** It was waiting still, and its model never gets it. */
async function isTakenBack(controls: Controls, uuid: string, released: AbortSignal): Promise<boolean> {
  const answer = await controls.ask(released, 'cancel_async_message', { message_uuid: uuid }).catch(() => null);
  return answer?.response['cancelled'] === true;
}
