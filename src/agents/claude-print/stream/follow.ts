import { setTimeout as delay } from 'node:timers/promises';
import type { Log } from '../../../core/ports/log.ts';
import type { StreamFiles } from '../../program/files/stream-files.ts';
import { readLines, splitLines, type PlacedLine } from './read-lines.ts';

export interface FollowParts {
  readonly stream: Pick<StreamFiles, 'hear'>;
  readonly workspace: string;
  /** Takes the next line. */
  readonly take: (line: PlacedLine) => void;
  /** Called when all that stands there has been taken, and then from time to time while nothing comes. */
  readonly rested: () => void;
  readonly log: Log;
}

/** Follows what an agent says, from its first line on. */
export interface Follower {
  /** All before this byte has been taken. */
  readonly offset: number;
  /** The agent is gone: takes what it still said, and stops. False: nobody can tell whether that is all. */
  drain(): Promise<boolean>;
  stop(): void;
}

const REST_MS = 1_000;
/** For a file or a steward that cannot be reached. */
const RETRY_MS = 100;

export function follow({ stream, workspace, take, rested, log }: FollowParts): Follower {
  const stopped = new AbortController();
  const { signal } = stopped;
  let offset = 0;
  let hasCaughtUp = false;

  async function hearNext(): Promise<void> {
    const heard = await stream.hear(workspace, offset, hasCaughtUp ? REST_MS : 0, signal);
    if (signal.aborted) return;
    const lines = splitLines(heard, offset);
    const isQuiet = heard.end === offset;
    offset = heard.end;
    for (const line of lines) take(line);
    if (!isQuiet) return;
    hasCaughtUp = true;
    rested();
  }

  const following = (async () => {
    while (!signal.aborted) {
      await hearNext().catch(async (error: unknown) => {
        if (signal.aborted) return;
        log.warn({ workspace, error: String(error) }, 'agent.not_heard');
        await delay(RETRY_MS, undefined, { signal }).catch(() => {});
      });
    }
  })();

  return {
    get offset() {
      return offset;
    },
    async drain() {
      stopped.abort();
      await following;
      try {
        for await (const line of readLines(stream, workspace, offset)) {
          offset = line.end;
          take(line);
        }
        return true;
      } catch (error) {
        log.warn({ workspace, error: String(error) }, 'agent.not_heard');
        return false;
      }
    },
    stop: () => stopped.abort(),
  };
}
