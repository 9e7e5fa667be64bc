/** What was typed and is not known to be taken. Nothing of it is lost when a connection breaks: it is given again to the
 *  next one. */
export interface Keys {
  press(keys: Uint8Array): void;
  /** A connection takes keys from now on. */
  open(give: (keys: Uint8Array) => void): void;
  /** It has taken so many bytes in all. */
  taken(bytes: number): void;
  /** It broke. */
  close(): void;
}

/** Of one frame; the gateway takes no larger ones than 64 kB. */
const FRAME_BYTES = 32_768;

export function createKeys(): Keys {
  let waiting: Buffer = Buffer.alloc(0);
  /** Of the present connection. */
  let confirmed = 0;
  let give: ((keys: Uint8Array) => void) | null = null;

  function giveAll(keys: Uint8Array): void {
    for (let at = 0; at < keys.length; at += FRAME_BYTES) give?.(keys.subarray(at, at + FRAME_BYTES));
  }

  return {
    press(keys) {
      if (keys.length === 0) return;
      waiting = Buffer.concat([waiting, keys]);
      giveAll(keys);
    },
    open(next) {
      give = next;
      confirmed = 0;
      giveAll(waiting);
    },
    taken(bytes) {
      waiting = waiting.subarray(bytes - confirmed);
      confirmed = bytes;
    },
    close() {
      give = null;
    },
  };
}
