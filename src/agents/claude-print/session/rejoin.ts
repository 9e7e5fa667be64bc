import type { RejoinedTurn, TurnObserver } from '../../../core/ports/agent.ts';
import type { Follower } from '../stream/follow.ts';
import { toSaying } from '../stream/words.ts';
import type { Turn } from '../turn/turn.ts';
import type { Steps } from './carry-out.ts';
import { readAnswers, replay } from '../link/replay.ts';
import type { PrintSessionParts } from './parts.ts';
import { tellArrival } from './submit.ts';

export interface RejoinParts extends Pick<PrintSessionParts, 'files' | 'workspace' | 'token' | 'version' | 'memory'> {
  readonly follower: Pick<Follower, 'offset'>;
  /** `answers`: what was answered to requests of the agent, by their ids. */
  readonly begin: (answers: ReadonlyMap<string, boolean>) => Turn;
}

export interface Rejoined {
  readonly turn: Turn;
  /** Hears what was said since it began, and hands it over to the one who hears the rest. */
  listen(attach: (turn: Turn) => void): Steps;
}

/** Goes on with a turn that an earlier process said to the agent. */
export async function rejoin(parts: RejoinParts, past: RejoinedTurn, observer: TurnObserver): Promise<Rejoined> {
  const { files, workspace, token, version, follower } = parts;
  const { stream } = files;
  const { prompt, transcriptOffset: offset } = past;
  const turn = parts.begin(await readAnswers(stream, workspace, offset));
  const saying = toSaying({ token, offset, prompt, version });
  const attached = Promise.withResolvers<void>();

  async function run(attach: (turn: Turn) => void): Promise<void> {
    turn.saying(saying);
    turn.restore(past.told, past.open);
    const until = (): number => follower.offset;
    const join = (): void => {
      attach(turn);
      attached.resolve();
    };
    await replay({ stream, workspace, until, attach: join }, turn, saying.uuid);
    await turn.received;
    if (turn.isReceived) await tellArrival(parts, observer, saying);
  }

  return {
    turn,
    listen: (attach) => ({ done: run(attach), attached: attached.promise }),
  };
}
