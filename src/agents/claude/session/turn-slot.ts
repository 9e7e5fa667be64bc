import type { CurrentTurn } from '../turn/current-turn.ts';

/** Where the turn of a session runs: one at most. */
export interface TurnSlot {
  current: CurrentTurn | null;
  /** `unsteady`, until a prompt was received: what is pasted may be lost, or be joined by something. */
  agent: 'unsteady' | 'steady';
}
