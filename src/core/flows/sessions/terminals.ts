import { GatewayError } from '../../model/errors.ts';
import type { SessionRecord } from '../../model/session.ts';
import type { TerminalWish } from '../../ports/gateway/terminals.ts';
import type { AttachedTerminal } from '../../ports/terminal.ts';
import type { FlowParts } from '../parts.ts';
import type { Sessions } from './sessions.ts';

/** Of all sessions together. */
const TERMINALS_MAX = 32;

/** Opens terminals at live sessions, and counts them. */
export interface TerminalDoor {
  /** Throws `terminal_read_only`, `no_screen`, `too_many_terminals`, `terminal_unavailable`. */
  open(session: SessionRecord, wish: TerminalWish): Promise<AttachedTerminal>;
}

export function createTerminalDoor(parts: FlowParts, sessions: Sessions): TerminalDoor {
  let open = 0;

  async function mustBeLive({ workspace, agent }: SessionRecord): Promise<void> {
    if ((await sessions.driverOf(agent).screen(workspace)) !== null) return;
    throw new GatewayError('no_screen', `The session of ${workspace} is asleep and has no terminal`, {
      retry: 'later',
    });
  }

  return {
    async open(session, { write, ...size }) {
      if (write && !parts.settings.terminalWriteEnabled) throw new GatewayError('terminal_read_only', READ_ONLY);
      await mustBeLive(session);
      if (open >= TERMINALS_MAX) {
        throw new GatewayError('too_many_terminals', `${TERMINALS_MAX} terminals are open: close one of them`);
      }
      open += 1;
      const place = { workspace: session.workspace, readOnly: !write };
      try {
        const terminal = await parts.terminals.open({ ...size, ...place });
        parts.log.info(place, 'terminal.opened');
        void terminal.exited.then((reason) => {
          open -= 1;
          parts.log.info({ ...place, reason }, 'terminal.closed');
        });
        return terminal;
      } catch (error) {
        open -= 1;
        throw error;
      }
    },
  };
}

const READ_ONLY = 'Terminals are read-only here: ask without write=true, or set TERMINAL_WRITE_ENABLED';
