import { access } from 'node:fs/promises';
import path from 'node:path';

/** Keys that were pressed and opened nothing: an agent that was busy takes them later, and each finds what is kept for it. */
export interface LateKeys {
  /** By the nonce that is kept for it. */
  add(folder: string, nonce: string): void;
  /** Another one has come in its place. */
  forget(folder: string, nonce: string): void;
  /** A new agent knows of none. */
  forgetAll(folder: string): void;
  look(folder: string): Promise<{ readonly waiting: readonly string[]; readonly done: readonly string[] }>;
}

/** A key may be taken as late as this. */
export const LATE_S = 60;

export function createLateKeys(): LateKeys {
  /** Of each nonce, until when its key may still come (milliseconds of time that passes). */
  const folders = new Map<string, Map<string, number>>();

  return {
    add(folder, nonce) {
      const keys = folders.get(folder) ?? new Map<string, number>();
      folders.set(folder, keys.set(nonce, performance.now() + LATE_S * 1_000));
    },

    forget: (folder, nonce) => void folders.get(folder)?.delete(nonce),

    forgetAll: (folder) => void folders.delete(folder),

    async look(folder) {
      const keys = folders.get(folder);
      const [waiting, done]: [string[], string[]] = [[], []];
      for (const [nonce, until] of keys ?? []) {
        const isOver = performance.now() > until || (await isThere(path.join(folder, `taken-${nonce}`)));
        (isOver ? done : waiting).push(nonce);
        if (isOver) keys?.delete(nonce);
      }
      if (keys?.size === 0) folders.delete(folder);
      return { waiting, done };
    },
  };
}

function isThere(file: string): Promise<boolean> {
  return access(file).then(
    () => true,
    () => false,
  );
}
