import { closeSync, openSync } from 'node:fs';

/** SIGHUP says that HOOKS_FILE is to be read again, but where it says that the terminal of the command has gone away. */
export interface Reload {
  /** Whether a SIGHUP was meant for this. */
  onHangup(): boolean;
  /** From now on it is. */
  open(reload: () => Promise<void>): void;
}

export function createReload(hasTerminal: () => boolean = seesTerminal): Reload {
  const hadTerminal = hasTerminal();
  let reload: (() => Promise<void>) | null = null;
  return {
    onHangup() {
      if (reload === null || (hadTerminal && !hasTerminal())) return false;
      void reload();
      return true;
    },
    open(next) {
      reload = next;
    },
  };
}

function seesTerminal(): boolean {
  try {
    closeSync(openSync('/dev/tty', 'r'));
    return true;
  } catch {
    return false;
  }
}
