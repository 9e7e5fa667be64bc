import type { AttachedTerminal, TerminalExit, TerminalSpec } from '../../src/core/ports/terminal.ts';
import type { TerminalSize } from '../../src/core/ports/terminal.ts';

/** A terminal as its port tells it, in memory. */
export interface FakeTerminal extends AttachedTerminal {
  readonly spec: TerminalSpec;
  /** What was written to it, as text. */
  readonly written: readonly string[];
  readonly sizes: readonly TerminalSize[];
  isPaused(): boolean;
  isClosed(): boolean;
  /** Kept until somebody listens. */
  print(bytes: Uint8Array | string): void;
  exit(reason: TerminalExit): void;
}

export function createFakeTerminal(spec: TerminalSpec): FakeTerminal {
  const written: string[] = [];
  const sizes: TerminalSize[] = [];
  const waiting: Uint8Array[] = [];
  const gone = Promise.withResolvers<TerminalExit>();
  let listener: ((bytes: Uint8Array) => void) | null = null;
  let paused = false;
  let closed = false;
  return {
    spec,
    written,
    sizes,
    onOutput(listen) {
      listener = listen;
      for (const bytes of waiting.splice(0)) listen(bytes);
    },
    write(bytes) {
      if (!spec.readOnly) written.push(Buffer.from(bytes).toString());
    },
    resize: (size) => void sizes.push(size),
    pause: () => void (paused = true),
    resume: () => void (paused = false),
    exited: gone.promise,
    async close() {
      closed = true;
      gone.resolve('detached');
    },
    isPaused: () => paused,
    isClosed: () => closed,
    print(output) {
      const bytes = Buffer.from(output);
      if (listener === null) waiting.push(bytes);
      else listener(bytes);
    },
    exit: gone.resolve,
  };
}
