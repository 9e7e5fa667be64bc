import type { StreamFiles } from '../../program/files/stream-files.ts';

/** Says lines to an agent, one after the other. */
export interface Mouth {
  /** Rejects when it was not said whole. */
  say(line: string): Promise<void>;
  /** Says it where it begins at this byte. False: something else was said first. */
  sayAt(line: string, at: number): Promise<boolean>;
  /** The byte at which the next line begins. */
  next(): Promise<number>;
}

export function createMouth(stream: Pick<StreamFiles, 'say' | 'mend' | 'saidBytes'>, workspace: string): Mouth {
  let last: Promise<unknown> = Promise.resolve();

  function inOrder<T>(work: () => Promise<T>): Promise<T> {
    const done = last.then(work);
    last = done.catch(() => {});
    return done;
  }

  return {
    say: (line) =>
      inOrder(async () => {
        await stream.say(workspace, line);
      }),
    sayAt: (line, at) => inOrder(() => stream.say(workspace, line, at)),
    next: () =>
      inOrder(async () => {
        await stream.mend(workspace);
        return stream.saidBytes(workspace);
      }),
  };
}
