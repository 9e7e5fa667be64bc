import type { RejoinedTurn, TurnObserver } from '../../../core/ports/agent.ts';
import type { Follower } from '../stream/follow.ts';
import { toSaying } from '../stream/words.ts';
import type { Turn } from '../turn/turn.ts';
import type { Steps } from './carry-out.ts';
import { readAnswers, replay } from '../link/replay.ts';
import type { PrintSessionParts } from './parts.ts';
import { tellArrival } from './submit.ts';

export interface RejoinParts extends Pick<
  PrintSessionParts,
  'files' | 'workspace' | 'token' | 'version' | 'memory' | 'log' | 'prices'
> {
  readonly follower: Pick<Follower, 'offset'>;
  /** `answered`: what was answered to a request of the agent, by its id. */
  readonly begin: (answered: (requestId: string) => boolean | null) => Turn;
  /** Hands the turn over to the one who hears the rest. */
  readonly attach: (turn: Turn) => void;
  readonly giveUp: () => Promise<void>;
}

export interface Rejoined {
  readonly turn: Turn;
  /** Hears what was said since it began, and hands it over. */
  listen(): Steps;
}

/** Goes on with a turn that an earlier process said to the agent. */
export function rejoin(parts: RejoinParts, past: RejoinedTurn, observer: TurnObserver): Rejoined {
  const { files, workspace, token, version, prices, log, follower } = parts;
  const { prompt, transcriptOffset: offset } = past;
  let answers: ReadonlyMap<string, boolean> = new Map();
  const turn = parts.begin((requestId) => answers.get(requestId) ?? null);
  const saying = toSaying({ token, offset, prompt, version });
  const attached = Promise.withResolvers<void>();

  function attach(): void {
    parts.attach(turn);
    attached.resolve();
  }

  async function hearAgain(): Promise<void> {
    const from = { stream: files.stream, workspace, log };
    try {
      answers = await readAnswers(from, offset);
      await replay({ ...from, prices, until: () => follower.offset, attach }, turn, saying.uuid);
    } catch (error) {
      turn.died(`What the agent said could not be read: ${String(error)}`, false);
      attach();
      await parts.giveUp();
    }
  }

  async function run(): Promise<void> {
    turn.saying(saying);
    turn.restore(past.told, past.open);
    await hearAgain();
    await turn.received;
    if (turn.isReceived) await tellArrival(parts, observer, saying);
  }

  return { turn, listen: () => ({ done: run(), attached: attached.promise }) };
}
