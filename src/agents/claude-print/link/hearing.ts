import type { PriceTable } from '../../program/prices/price-table.ts';
import { createAgentState, type AgentState } from '../stream/agent-state.ts';
import type { PlacedLine } from '../stream/read-lines.ts';
import { toRefusal } from '../stream/words.ts';
import type { Turn } from '../turn/turn.ts';
import type { Controls } from './controls.ts';
import { orAborted } from './or-aborted.ts';

/** Where the turn of a session runs: one at most. */
export interface TurnSlot {
  /** Null also while it does not hear what the agent says by now. */
  turn: Turn | null;
  /** The agent is gone: what a turn that comes here is told of it. */
  dead: { readonly why: string; readonly isHeard: boolean } | null;
}

/** Hears what an agent says, for the turn that runs and between turns. */
export interface Hearing {
  readonly state: AgentState;
  take(line: PlacedLine): void;
  /** All that stands there has been taken. */
  rested(): void;
  /** Whether a turn of ours runs is known from here on: of an agent that was taken over it is not, until its turn is heard
   *  once more. What a turn asks that nobody asked for is refused. */
  known(): void;
  /** Resolves when all that stands there has been taken and the agent does nothing, or when the signal aborts. */
  untilIdle(signal: AbortSignal): Promise<void>;
  readonly hasCaughtUp: boolean;
}

export interface HearingParts {
  readonly slot: TurnSlot;
  readonly controls: Controls;
  readonly prices: PriceTable;
  readonly say: (line: string) => Promise<void>;
  /** The agent names its conversation. */
  readonly named: (agentSessionId: string) => void;
}

const NOBODY = 'Nobody is there to decide.';

export function createHearing({ slot, controls, prices, say, named }: HearingParts): Hearing {
  const state = createAgentState(prices);
  let hasCaughtUp = false;
  let isKnown = false;
  let change = Promise.withResolvers<void>();

  function wake(): void {
    change.resolve();
    change = Promise.withResolvers();
  }

  /** In a turn that nobody asked for, nobody is asked. Without an answer it would stand still. */
  function refuse(requestIds: readonly string[]): void {
    const isOurs = slot.turn?.state === 'working' || slot.turn?.state === 'resting';
    if (isOurs || !hasCaughtUp || !isKnown) return;
    for (const requestId of requestIds) void say(toRefusal(requestId, NOBODY));
  }

  return {
    state,
    get hasCaughtUp() {
      return hasCaughtUp;
    },
    take({ line }) {
      const usage = state.take(line);
      if (line.kind === 'answers') controls.hear(line);
      if (line.kind === 'begun' && line.sessionId !== null) named(line.sessionId);
      slot.turn?.hear(line, usage, state.hasTasks);
      if (line.kind === 'asks') refuse([line.requestId]);
      if (line.kind === 'state') wake();
    },
    rested() {
      const isFirst = !hasCaughtUp;
      hasCaughtUp = true;
      if (isFirst) refuse(state.asks);
      wake();
    },
    known() {
      const isFirst = !isKnown;
      isKnown = true;
      if (isFirst) refuse(state.asks);
    },
    async untilIdle(signal) {
      while (!signal.aborted && !(hasCaughtUp && state.isIdle)) await orAborted(change.promise, signal);
    },
  };
}
