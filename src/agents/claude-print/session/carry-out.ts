import type { TurnEnd } from '../../../core/ports/agent.ts';
import type { Turn } from '../turn/turn.ts';
import type { Controls } from '../link/controls.ts';
import { orAborted } from '../link/or-aborted.ts';
import type { Life } from '../../program/ending/life.ts';
import { stopTurn } from './stop-turn.ts';

export interface CarryParts {
  readonly controls: Controls;
  readonly life: Life;
}

/** What is done in a turn until the agent has it. */
export interface Steps {
  /** Rejects with what a step of the observer rejected with. */
  readonly done: Promise<void>;
  /** Resolves when the turn hears what the agent says. */
  readonly attached: Promise<void>;
}

/** Carries the turn out. When the caller gives up, it is interrupted. */
export async function carryOut(
  { controls, life }: CarryParts,
  turn: Turn,
  begin: (signal: AbortSignal) => Steps,
  signal: AbortSignal,
): Promise<TurnEnd> {
  const over = new AbortController();
  const steps = begin(AbortSignal.any([signal, over.signal, life.released]));
  const failed = new Promise<never>((_resolve, reject) => void steps.done.catch(reject));
  try {
    const either = AbortSignal.any([signal, life.released]);
    const end = await Promise.race([orAborted(turn.end, either), failed]);
    if (end === null && !life.released.aborted) {
      await Promise.race([steps.attached, turn.end, failed]);
      await stopTurn({ controls, life }, turn);
    }
    over.abort();
    // A turn may be over before it was told that it has begun.
    await orAborted(steps.done, life.released);
    // The agent works on; a later process will hear of the end.
    return await (life.released.aborted && turn.state !== 'ended' ? new Promise<never>(() => {}) : turn.end);
  } catch (error) {
    // Nobody answers for what the agent does with a prompt that it has.
    if (turn.state !== 'preparing' && turn.state !== 'ended') await life.close();
    throw error;
  } finally {
    over.abort();
  }
}
