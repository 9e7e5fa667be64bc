import type { Log } from '../../../core/ports/log.ts';
import type { ProcessMark } from '../../processes/process-mark.ts';
import type { SendSignal } from '../../processes/signals.ts';
import type { Tmux } from '../../tmux/tmux.ts';
import type { AgentFiles } from '../../program/files/agent-files.ts';
import { describeDeath, findDeath, withDisk, type Death } from '../../program/ending/death.ts';
import { endAgent } from '../../program/ending/end-agent.ts';
import { isInConversation, toExited } from '../watch/turn-ends.ts';
import type { TurnSlot } from './turn-slot.ts';

export interface LifeParts {
  readonly tmux: Tmux;
  /** The name of the tmux session. */
  readonly name: string;
  /** Its program; null when it ended just now. */
  readonly agent: ProcessMark | null;
  readonly sendSignal: SendSignal;
  readonly files: Pick<AgentFiles, 'hasRoom'>;
  readonly log: Log;
  readonly slot: TurnSlot;
  readonly onClosed: () => void;
}

/** The end of a session: its agent's own, ours, or that it goes on without us. */
export interface SessionLife {
  readonly exited: Promise<{ readonly screen: string }>;
  /** True from the moment at which it begins to close. */
  readonly isClosing: boolean;
  /** Ends the agent, once. */
  close(): Promise<void>;
  /** Aborts when nobody watches the agent any more, which goes on. */
  readonly released: AbortSignal;
  letGo(): void;
}

export function followLife(parts: LifeParts): SessionLife {
  const { tmux, name, agent, log, slot, onClosed } = parts;
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
    log.warn({ session: name, ...toFields(death), isFull }, 'agent.exited');
    if (slot.current?.watch.state === 'entered' && isInConversation(await slot.current.readTranscript()))
      slot.current?.watch.joined(null);
    endTurn(slot, withDisk(describeDeath(death, 'life'), isFull));
    await close();
    exited.resolve({ screen: death.what === 'agent' ? death.lines : '' });
  }

  function close(): Promise<void> {
    closing ??= end();
    return closing;
  }

  async function end(): Promise<void> {
    watching.abort();
    endTurn(slot, 'The session was closed.');
    // Whoever opens this session next ends what is left of it.
    await endAgent(parts, name, agent).then(
      (ended) => ended || log.error({ session: name, pid: agent?.pid }, 'agent.not_ended'),
      (error: unknown) => log.error({ session: name, error: String(error) }, 'agent.not_ended'),
    );
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

function endTurn({ current }: TurnSlot, why: string): void {
  current?.watch.finish(toExited(current.watch.state, current.watch.partialText(), why));
}

/** Nobody could look any more. */
const UNKNOWN_DEATH: Death = { what: 'agent', exitCode: null, lines: '' };

/** What was on the screen may be secret. */
function toFields(death: Death): object {
  return death.what === 'agent' ? { died: death.what, exitCode: death.exitCode } : { died: death.what };
}
