/** In characters. */
export interface TerminalSize {
  readonly columns: number;
  readonly rows: number;
}

export interface TerminalBounds {
  readonly min: TerminalSize;
  readonly max: TerminalSize;
  readonly byDefault: TerminalSize;
}

/** With nobody else attached, tmux gives the agent's screen the size of the terminal, less one row for its own line. So
 *  the smallest one leaves the 60 by 20 that the screen is read by, and the default changes nothing. */
export const TERMINAL_BOUNDS: TerminalBounds = {
  min: { columns: 60, rows: 21 },
  max: { columns: 500, rows: 200 },
  byDefault: { columns: 200, rows: 51 },
};

export interface TerminalSpec extends TerminalSize {
  readonly workspace: string;
  /** What is written is dropped. */
  readonly readOnly: boolean;
}

/** Why a terminal ended that nobody closed. `detached`: a person let it go at tmux itself. */
export type TerminalExit = 'session_ended' | 'detached';

/** A terminal attached to a session, as a person's own would be. It counts as a person there. */
export interface AttachedTerminal {
  /** Output waits until somebody listens; one listener. */
  onOutput(listener: (bytes: Uint8Array) => void): void;
  /** What is written before its first output waits for that, whole and in order. */
  write(bytes: Uint8Array): void;
  resize(size: TerminalSize): void;
  /** Leaves output unread. The session goes on: it drops what was not read, and draws the screen anew after `resume`. */
  pause(): void;
  resume(): void;
  /** Resolves when its process is gone, whoever ended it. */
  readonly exited: Promise<TerminalExit>;
  /** Resolves when its process is gone. */
  close(): Promise<void>;
}

export interface Terminals {
  /** Throws `terminal_unavailable` where this machine cannot open any. */
  open(spec: TerminalSpec): Promise<AttachedTerminal>;
}
