import type { TurnObserver } from '../../../core/ports/agent.ts';
import type { Memory } from '../../program/launch/memory.ts';
import { toSaying, type Saying } from '../stream/words.ts';
import type { Turn } from '../turn/turn.ts';
import type { Mouth } from '../link/mouth.ts';

export interface SubmitParts {
  readonly token: string;
  readonly version: string | null;
  readonly mouth: Mouth;
  readonly memory: Memory;
  /** Nothing can be said to it any more: ends it. `why`: when the turn provably did not reach it. */
  readonly giveUp: (why: string | null) => Promise<void>;
}

/** Says the prompt to an idle agent. Null: the signal aborted before, or it could not be said. */
export async function submit(
  { token, version, mouth, giveUp }: SubmitParts,
  turn: Turn,
  prompt: string,
  observer: TurnObserver,
  signal: AbortSignal,
): Promise<Saying | null> {
  for (;;) {
    const offset = await mouth.next().catch(toError);
    if (typeof offset !== 'number') {
      await giveUp(`The agent's input could not be written: ${offset.message}`);
      return null;
    }
    await observer.prepared(offset);
    if (signal.aborted) return null;
    await observer.submitting();
    if (signal.aborted) return null;
    const saying = toSaying({ token, offset, prompt, version });
    turn.saying(saying);
    try {
      if (await mouth.sayAt(saying.line, offset)) return saying;
      turn.unsaid();
    } catch {
      // Half of it may stand there.
      await giveUp(null);
      return saying;
    }
  }
}

function toError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}

/** The agent has it. */
export async function tellArrival({ memory }: Pick<SubmitParts, 'memory'>, observer: TurnObserver, saying: Saying) {
  const { lost } = memory;
  // Unwritten, a loss is told that was none.
  void memory.prompted().catch(() => {});
  await observer.working({ text: saying.text, altered: saying.altered, lost: lost?.why ?? null });
  if (lost === null) return;
  observer.noticed({ type: 'conversation.lost', data: { ...lost } });
  // Unwritten, the next request is told once more.
  await memory.told().catch(() => {});
}
