import { setTimeout as delay } from 'node:timers/promises';
import type { Notice } from '../../../core/ports/agent.ts';
import type { Log } from '../../../core/ports/log.ts';
import type { HookPayload } from '../hooks/hook-payload.ts';
import { narrate } from '../narration/narration.ts';
import type { TurnTranscript } from './turn-transcript.ts';

/** Tells what is said and done in a turn, as its agent hooks tell it, and otherwise its transcript. */
export interface TurnNarration {
  /** An agent hook of this turn. */
  hear(payload: HookPayload): void;
  /** Told what an earlier process told of it. */
  restore(told: readonly Notice[]): void;
  /** Tells what its agent hooks missed, as far as its transcript has it by now. */
  catchUp(): Promise<void>;
  /** The turn is over: tells what is still missing. */
  close(): Promise<void>;
}

/** So much later than the agent the transcript has what it said, at most. */
const TRANSCRIPT_LAG_MS = 1_000;
const LOOK_EVERY_MS = 50;

export function narrateTurn(
  noticed: (notice: Notice) => void,
  transcript: Pick<TurnTranscript, 'read' | 'readSteps'>,
  log: Log,
): TurnNarration {
  const narration = narrate(noticed);

  async function catchUp(): Promise<void> {
    if (!narration.isBehind) return;
    try {
      narration.catchUp(await transcript.readSteps());
    } catch (error) {
      log.warn({ error: String(error) }, 'narration.not_read'); // the next look reads again
    }
  }

  /** Its end, so that all of it can be read. */
  function isNoted(): Promise<boolean> {
    return transcript.read().then(
      ({ kind }) => kind !== 'begun',
      () => true,
    );
  }

  return {
    hear: (payload) => narration.hear(payload),
    restore: (told) => narration.restore(told),
    catchUp,
    async close() {
      const lastLook = performance.now() + TRANSCRIPT_LAG_MS;
      while (narration.isBehind && performance.now() < lastLook && !(await isNoted())) await delay(LOOK_EVERY_MS);
      await catchUp();
      narration.close();
    },
  };
}
