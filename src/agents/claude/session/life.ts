import type { Log } from '../../../core/ports/log.ts';
import type { Tmux } from '../../tmux/tmux.ts';
import { lastLines } from '../screen/screen.ts';
import { isInConversation, toExited } from '../watch/turn-ends.ts';
import type { TurnSlot } from './turn-slot.ts';

export interface LifeParts {
  readonly tmux: Tmux;
  /** The name of the tmux session. */
  readonly name: string;
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

export function followLife({ tmux, name, log, slot, onClosed }: LifeParts): SessionLife {
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
    const screen = lastLines((await tmux.capture(name, 'history')) ?? '');
    log.warn({ session: name }, 'agent.exited');
    if (slot.current?.watch.state === 'entered' && isInConversation(await slot.current.readTranscript()))
      slot.current?.watch.joined(null);
    endTurn(slot, screen);
    await close();
    exited.resolve({ screen });
  }

  function close(): Promise<void> {
    closing ??= end();
    return closing;
  }

  async function end(): Promise<void> {
    watching.abort();
    endTurn(slot, 'The session was closed.');
    // Whoever opens this session next ends what is left of it.
    await tmux
      .kill(name)
      .catch((error: unknown) => log.error({ session: name, error: String(error) }, 'agent.not_ended'));
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

function endTurn({ current }: TurnSlot, screen: string): void {
  current?.watch.finish(toExited(current.watch.state, current.watch.partialText(), screen));
}
