import { watch, type FSWatcher } from 'node:fs';
import type { Log } from '../core/ports/log.ts';
import { toCode } from '../lib/error-code.ts';

/** Tells of changes in a folder as soon as the system does. It may miss some: somebody has to look by himself, too. */
export interface Watcher {
  /** Begins anew where the folder is another one than before, or the watch broke. */
  renew(inode: bigint): void;
  close(): void;
}

export function createWatcher(folder: string, changed: () => void, log: Log): Watcher {
  let watched: { readonly inode: bigint; readonly watcher: FSWatcher } | null = null;

  function close(): void {
    watched?.watcher.close();
    watched = null;
  }

  return {
    renew(inode) {
      if (watched?.inode === inode) return;
      close();
      try {
        const watcher = watch(folder, changed);
        watcher.on('error', close);
        watched = { inode, watcher };
      } catch (error) {
        log.warn({ error: toCode(error) }, 'inbox.not_watched');
      }
    },
    close,
  };
}
