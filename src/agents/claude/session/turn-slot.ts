import type { CurrentTurn } from '../turn/current-turn.ts';

/** Where the turn of a session runs: one at most. */
export interface TurnSlot {
  current: CurrentTurn | null;
  /** `unsteady`, until a prompt was received: what is pasted may be lost, or be joined by something. */
  agent: 'unsteady' | 'steady';
  /** Enter was pressed for this text, and its turn was over before the agent had reported it as often: a report may still
   *  come. */
  unreported: { readonly text: string; readonly until: number } | null;
}
