import type { Who } from '../../model/audit/audit.ts';
import type { TerminalSize } from '../terminal.ts';
import type { AttachedTerminal } from '../terminal.ts';

/** Seats at the live sessions. */
export interface TerminalsApi {
  /** The caller closes it. Throws `draining`, `not_found`, `no_screen` while the session is asleep, `terminal_read_only`
   *  for a wish to write where that is not allowed, `too_many_terminals`, `terminal_unavailable`. */
  open(workspace: string, wish: TerminalWish, who?: Who): Promise<AttachedTerminal>;
  /** Throws what opening it now would throw, and opens nothing. */
  check(workspace: string, wish: Pick<TerminalWish, 'write'>): Promise<void>;
}

/** How somebody wants to sit at the terminal of a session. */
export interface TerminalWish extends TerminalSize {
  readonly write: boolean;
}
