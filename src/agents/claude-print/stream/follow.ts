import type { Log } from '../../../core/ports/log.ts';
import type { StreamFiles } from '../../program/files/stream-files.ts';
import { readLines, splitLines, type PlacedLine } from './read-lines.ts';
import { tryAgain } from './try-again.ts';

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
  /** The agent is gone: takes what it still said, once, and stops. False: nobody can tell whether that is all. */
  drain(): Promise<boolean>;
  stop(): void;
}

const REST_MS = 1_000;

export function follow({ stream, workspace, take, rested, log }: FollowParts): Follower {
  const stopped = new AbortController();
  const { signal } = stopped;
  let offset = 0;
  let hasCaughtUp = false;
  let drained: Promise<boolean> | null = null;
  const failed = (error: unknown): void => log.warn({ workspace, error: String(error) }, 'agent.not_heard');

  async function hearNext(): Promise<void> {
    const withinMs = hasCaughtUp ? REST_MS : 0;
    const heard = await tryAgain(() => stream.hear(workspace, offset, withinMs, signal), { signal, failed });
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
      await hearNext().catch((error: unknown) => {
        // What a listener could not take does not end the hearing of the rest.
        if (!signal.aborted) failed(error);
      });
    }
  })();

  async function drain(): Promise<boolean> {
    stopped.abort();
    await following;
    try {
      for await (const line of readLines(stream, workspace, offset)) {
        offset = line.end;
        take(line);
      }
      return true;
    } catch (error) {
      failed(error);
      return false;
    }
  }

  return {
    get offset() {
      return offset;
    },
    drain: () => (drained ??= drain()),
    stop: () => stopped.abort(),
  };
}
