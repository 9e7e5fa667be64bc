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
