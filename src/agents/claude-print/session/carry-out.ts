import type { TurnEnd } from '../../../core/ports/agent.ts';
import type { Turn } from '../turn/turn.ts';
import type { Controls } from './controls.ts';
import type { Life } from './life.ts';
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
    const first = Promise.race([turn.end, untilAborted(signal), untilAborted(life.released), failed]);
    const end = await first;
    if (end !== null) return end;
    // The agent works on; a later process will hear of the end.
    if (life.released.aborted) return await new Promise(() => {});
    await Promise.race([steps.attached, turn.end, failed]);
    await stopTurn({ controls, close: () => life.close() }, turn);
    return await turn.end;
  } catch (error) {
    // Nobody answers for what the agent does with a prompt that it has.
    if (turn.state !== 'preparing' && turn.state !== 'ended') await life.close();
    throw error;
  } finally {
    over.abort();
  }
}

function untilAborted(signal: AbortSignal): Promise<null> {
  if (signal.aborted) return Promise.resolve(null);
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(null), { once: true }));
}
