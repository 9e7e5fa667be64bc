import { settlesWithin } from '../../../lib/settles-within.ts';
import { createAgentState, type AgentState } from '../stream/agent-state.ts';
import type { PlacedLine } from '../stream/read-lines.ts';
import { toRefusal } from '../stream/words.ts';
import type { Turn } from '../turn/turn.ts';
import type { Controls } from './controls.ts';
import type { Mouth } from './mouth.ts';

/** Where the turn of a session runs: one at most. Null also while it does not hear what the agent says by now. */
export interface TurnSlot {
  turn: Turn | null;
}

/** Hears what an agent says, for the turn that runs and between turns. */
export interface Hearing {
  readonly state: AgentState;
  take(line: PlacedLine): void;
  /** All that stands there has been taken. */
  rested(): void;
  /** Resolves when all that stands there has been taken and the agent does nothing, or when the signal aborts. */
  untilIdle(signal: AbortSignal): Promise<void>;
  readonly hasCaughtUp: boolean;
}

export interface HearingParts {
  readonly slot: TurnSlot;
  readonly controls: Controls;
  readonly mouth: Mouth;
  /** The agent names its conversation. */
  readonly named: (agentSessionId: string) => void;
}

const LOOK_EVERY_MS = 1_000;
const NOBODY = 'Nobody is there to decide.';

export function createHearing({ slot, controls, mouth, named }: HearingParts): Hearing {
  const state = createAgentState();
  let hasCaughtUp = false;
  let change = Promise.withResolvers<void>();

  function wake(): void {
    change.resolve();
    change = Promise.withResolvers();
  }

  /** In a turn that nobody asked for, nobody is asked. Without an answer it would stand still. */
  function refuse(requestId: string): void {
    void mouth.say(toRefusal(requestId, NOBODY)).catch(() => {});
  }

  return {
    state,
    get hasCaughtUp() {
      return hasCaughtUp;
    },
    take({ line }) {
      const usage = state.take(line);
      const { turn } = slot;
      if (line.kind === 'answers') controls.hear(line);
      if (line.kind === 'begun' && line.sessionId !== null) named(line.sessionId);
      turn?.hear(line, usage, state.hasTasks);
      const isOurs = turn?.state === 'working' || turn?.state === 'resting';
      if (line.kind === 'asks' && hasCaughtUp && !isOurs) refuse(line.requestId);
      if (line.kind === 'state') wake();
    },
    rested() {
      hasCaughtUp = true;
      wake();
    },
    async untilIdle(signal) {
      let isRefused = false;
      while (!signal.aborted && !(hasCaughtUp && state.isIdle)) {
        if (hasCaughtUp && !isRefused) {
          isRefused = true;
          for (const requestId of state.asks) refuse(requestId);
        }
        await settlesWithin(change.promise, LOOK_EVERY_MS, signal);
      }
    },
  };
}
