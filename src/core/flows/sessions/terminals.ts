import { GatewayError } from '../../model/errors.ts';
import type { SessionRecord } from '../../model/session.ts';
import type { TerminalsApi, TerminalWish } from '../../ports/gateway/terminals.ts';
import type { AttachedTerminal, TerminalSpec } from '../../ports/terminal.ts';
import { driverOf, type FlowParts } from '../parts.ts';
import type { Readiness } from '../readiness.ts';
import { requireSession } from './require-session.ts';

export interface TerminalsDeps {
  readonly parts: FlowParts;
  readonly readiness: Pick<Readiness, 'refuseWhileDraining'>;
}

/** Of all sessions together. */
const TERMINALS_MAX = 32;

/** Opens terminals at live sessions, and counts them. */
export function createTerminals({ parts, readiness }: TerminalsDeps): TerminalsApi {
  let open = 0;

  /** Its place is taken before it is open, and given back when it is closed. */
  async function openCounted(spec: TerminalSpec): Promise<AttachedTerminal> {
    const { workspace, readOnly } = spec;
    open += 1;
    try {
      const terminal = await parts.terminals.open(spec);
      parts.log.info({ workspace, readOnly }, 'terminal.opened');
      void terminal.exited.then((reason) => {
        open -= 1;
        parts.log.info({ workspace, readOnly, reason }, 'terminal.closed');
      });
      return terminal;
    } catch (error) {
      open -= 1;
      throw error;
    }
  }

  async function check(workspace: string, { write }: Pick<TerminalWish, 'write'>): Promise<void> {
    readiness.refuseWhileDraining();
    const session = await requireSession(parts.store, workspace);
    if (write && !parts.settings.terminalWriteEnabled) throw new GatewayError('terminal_read_only', READ_ONLY);
    await mustBeLive(parts, session);
    if (open >= TERMINALS_MAX) {
      throw new GatewayError('too_many_terminals', `${TERMINALS_MAX} terminals are open: close one of them`);
    }
  }

  return {
    check,
    async open(workspace, { write, ...size }) {
      await check(workspace, { write });
      return openCounted({ ...size, workspace, readOnly: !write });
    },
  };
}

async function mustBeLive(parts: FlowParts, { workspace, agent }: SessionRecord): Promise<void> {
  if ((await driverOf(parts, agent).screen(workspace)) !== null) return;
  throw new GatewayError('no_screen', `The session of ${workspace} is asleep and has no terminal`, { retry: 'later' });
}

const READ_ONLY = 'Terminals are read-only here: ask without write=true, or set TERMINAL_WRITE_ENABLED';
