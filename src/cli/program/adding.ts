import type { Command } from 'commander';
import type { Terminal } from '../terminal.ts';

/** Gets the exit code of the command. */
export type Ended = (code: number) => void;

export interface Adding {
  readonly program: Command;
  readonly terminal: Terminal;
  readonly ended: Ended;
}
