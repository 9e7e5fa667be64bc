import type { Who } from '../../model/audit/audit.ts';
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

  async function admit(workspace: string, { write }: Pick<TerminalWish, 'write'>): Promise<void> {
    readiness.refuseWhileDraining();
    const session = await requireSession(parts.store, workspace);
    if (write && !parts.settings.terminalWriteEnabled) throw new GatewayError('terminal_read_only', READ_ONLY);
    await mustBeLive(parts, session);
  }

  /** Asked for in the same step as a place is taken. */
  function mustHaveRoom(): void {
    if (open < TERMINALS_MAX) return;
    throw new GatewayError('too_many_terminals', `${TERMINALS_MAX} terminals are open: close one of them`);
  }

  return {
    async check(workspace, wish) {
      await admit(workspace, wish);
      mustHaveRoom();
    },
    async open(workspace, { write, ...size }, who) {
      await admit(workspace, { write });
      mustHaveRoom();
      const terminal = await openCounted({ ...size, workspace, readOnly: !write });
      return who === undefined ? terminal : watched(parts, terminal, { workspace, who, write });
    },
  };
}

interface Watched {
  readonly workspace: string;
  readonly who: Who;
  readonly write: boolean;
}

/** Who sits down is written down before anything is shown, and the first key of theirs when it comes: keys do not wait. */
async function watched(
  { store, clock, log }: FlowParts,
  terminal: AttachedTerminal,
  { workspace, who, write }: Watched,
): Promise<AttachedTerminal> {
  const note = (action: 'terminal.attached' | 'terminal.typed'): Promise<void> =>
    store.noteAudit({ at: clock.now(), who, action, workspace, subject: null, detail: { write } });
  try {
    await note('terminal.attached');
  } catch (error) {
    await terminal.close();
    throw error;
  }
  let hasTyped = !write;
  return {
    ...terminal,
    write(bytes) {
      if (!hasTyped) {
        hasTyped = true;
        note('terminal.typed').catch((error: unknown) =>
          log.error({ workspace, who, error: String(error) }, 'audit.not_noted'),
        );
      }
      terminal.write(bytes);
    },
  };
}

async function mustBeLive(parts: FlowParts, { workspace, agent }: SessionRecord): Promise<void> {
  if ((await driverOf(parts, agent).screen(workspace)) !== null) return;
  throw new GatewayError('no_screen', `The session of ${workspace} is asleep and has no terminal`, { retry: 'later' });
}

const READ_ONLY = 'Typing at terminals is not allowed here';
