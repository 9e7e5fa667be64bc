import type { Log } from '../../../core/ports/log.ts';
import type { ProcessMark } from '../../processes/process-mark.ts';
import type { SendSignal } from '../../processes/signals.ts';
import { describeDeath, findDeath, withDisk, type Death } from '../../program/ending/death.ts';
import { endAgent } from '../../program/ending/end-agent.ts';
import type { AgentFiles } from '../../program/files/agent-files.ts';
import type { Tmux } from '../../tmux/tmux.ts';

export interface LifeParts {
  readonly tmux: Tmux;
  /** The name of the tmux session. */
  readonly name: string;
  /** Its program; null when it ended just now. */
  readonly agent: ProcessMark | null;
  readonly sendSignal: SendSignal;
  readonly files: Pick<AgentFiles, 'hasRoom'>;
  readonly log: Log;
  /** The agent is gone: what it still said is to be heard, and its turn ends, with these words if it has no end. */
  readonly died: (why: string) => Promise<void>;
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
  const { tmux, name, agent, log, onClosed } = parts;
  const watching = new AbortController();
  const released = new AbortController();
  const exited = Promise.withResolvers<{ readonly screen: string }>();
  let closing: Promise<void> | null = null;

  async function followEnd(): Promise<void> {
    try {
      await tmux.ended(name, watching.signal);
    } catch {
      return; // let go, or closed by ourselves
    }
    const death = await findDeath(tmux, name).catch((): Death => UNKNOWN_DEATH);
    const isFull = !(await parts.files.hasRoom().catch(() => true));
    log.warn({ session: name, died: death.what, isFull }, 'agent.exited');
    await parts.died(withDisk(describeDeath(death, 'life'), isFull));
    await close();
    exited.resolve({ screen: death.what === 'agent' ? death.lines : '' });
  }

  function close(): Promise<void> {
    closing ??= end();
    return closing;
  }

  async function end(): Promise<void> {
    watching.abort();
    // Whoever opens this session next ends what is left of it.
    await endAgent(parts, name, agent).then(
      (ended) => ended || log.error({ session: name, pid: agent?.pid }, 'agent.not_ended'),
      (error: unknown) => log.error({ session: name, error: String(error) }, 'agent.not_ended'),
    );
    await parts.died('The session was closed.');
    onClosed();
    exited.resolve({ screen: '' });
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

/** Nobody could look any more. */
const UNKNOWN_DEATH: Death = { what: 'agent', exitCode: null, lines: '' };
