import type { Log } from '../../../core/ports/log.ts';
import type { ProcessMark } from '../../processes/process-mark.ts';
import type { SendSignal } from '../../processes/signals.ts';
import type { Tmux } from '../../tmux/tmux.ts';
import { describeDeath, findDeath, withDisk, type Death } from './death.ts';
import { endAgent } from './end-agent.ts';

export interface LifeParts {
  readonly tmux: Tmux;
  /** The name of the tmux session. */
  readonly name: string;
  /** Its program; null when it ended just now. */
  readonly agent: ProcessMark | null;
  readonly sendSignal: SendSignal;
  /** `hasRoom`: whether there is room on the disk. */
  readonly files: { hasRoom(): Promise<boolean> };
  readonly log: Log;
  /** The agent is gone: what it still said is to be heard, and its turn ends, with these words if it has no end. */
  readonly died: (why: string) => Promise<void>;
  /** The session closes: `kill` ends the agent, and the turn ends before or behind that, with these words if it has no end.
   *  Called behind `died`, too. */
  readonly closing: (why: string, kill: () => Promise<void>) => Promise<void>;
  readonly onClosed: () => void;
}

/** The end of a session: its agent's own, ours, or that it goes on without us. */
export interface Life {
  readonly exited: Promise<{ readonly screen: string }>;
  /** True from the moment at which it begins to close. */
  readonly isClosing: boolean;
  /** Ends the agent and all that it started, once. */
  close(): Promise<void>;
  /** Aborts when nobody watches the agent any more, which goes on. */
  readonly released: AbortSignal;
  letGo(): void;
}

export function followLife(parts: LifeParts): Life {
  const { tmux, name, log, onClosed } = parts;
  const watching = new AbortController();
  const released = new AbortController();
  const exited = Promise.withResolvers<{ readonly screen: string }>();
  let screen = '';
  let closing: Promise<void> | null = null;

  async function followEnd(): Promise<void> {
    try {
      await tmux.ended(name, watching.signal);
    } catch {
      return; // let go, or closed by ourselves
    }
    const death = await findDeath(tmux, name).catch((): Death => UNKNOWN_DEATH);
    if (death.what === 'agent') screen = death.lines;
    const isFull = !(await parts.files.hasRoom().catch(() => true));
    log.warn({ session: name, ...toFields(death), isFull }, 'agent.exited');
    await parts.died(withDisk(describeDeath(death, 'life'), isFull)).catch((error: unknown) => {
      // Its turn ends all the same, as the session closes.
      log.error({ session: name, error: String(error) }, 'agent.not_heard');
    });
    await close();
  }

  function close(): Promise<void> {
    closing ??= end();
    return closing;
  }

  async function end(): Promise<void> {
    watching.abort();
    await parts.closing('The session was closed.', () => kill(parts));
    onClosed();
    exited.resolve({ screen });
  }

  void followEnd();

  return {
    exited: exited.promise,
    get isClosing() {
      return closing !== null;
    },
    close,
    released: released.signal,
    letGo() {
      released.abort();
      watching.abort();
      onClosed();
    },
  };
}

/** Whoever opens this session next ends what is left of it. */
async function kill(parts: LifeParts): Promise<void> {
  const { name, agent, log } = parts;
  try {
    const hasEnded = await endAgent(parts, name, agent);
    if (!hasEnded) log.error({ session: name, pid: agent?.pid }, 'agent.not_ended');
  } catch (error) {
    log.error({ session: name, error: String(error) }, 'agent.not_ended');
  }
}

/** Nobody could look any more. */
const UNKNOWN_DEATH: Death = { what: 'agent', exitCode: null, lines: '' };

/** What was on the screen may be secret. */
function toFields(death: Death): object {
  return death.what === 'agent' ? { died: death.what, exitCode: death.exitCode } : { died: death.what };
}
