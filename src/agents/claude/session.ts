import type { AgentSession, SessionListener, TurnEnd, TurnObserver } from '../../core/ports/agent.ts';
import type { Log } from '../../core/ports/log.ts';
import { settlesWithin } from '../../lib/settles-within.ts';
import type { Tmux } from '../tmux/tmux.ts';
import type { AgentFiles } from './process/agent-files.ts';
import { toComposerText } from './screen/composer.ts';
import { followConversation, type Conversation } from './transcript/conversation.ts';
import { beginTurn, type CurrentTurn } from './turn/current-turn.ts';
import type { HookListener } from './hooks/hook-listeners.ts';
import { interrupt } from './turn/interrupt.ts';
import { NotReadyError } from './submission/not-ready.ts';
import { composerHolds, lastLines } from './screen/screen.ts';
import { maySleep } from './turn/sleep.ts';
import { submit } from './submission/submission.ts';
import { supervise } from './turn/supervise.ts';
import { toForeignNotice } from './watch/reported-prompt.ts';
import { toEnd, toExited } from './watch/turn-ends.ts';
import { createTerminal, TerminalGoneError } from './screen/terminal.ts';

export interface SessionParts {
  readonly tmux: Tmux;
  readonly files: AgentFiles;
  /** The name of the tmux session. */
  readonly name: string;
  /** Of the workspace. */
  readonly cwd: string;
  readonly conversation: Conversation;
  /** How this process came to it. `deaf`: adopted, and its agent reports to a port on which nobody listens any more. */
  readonly origin: 'started' | 'resumed' | 'adopted' | 'deaf';
  readonly log: Log;
  readonly listener: SessionListener;
  /** Resolves when a later process would find the new conversation. */
  readonly onMoved: (conversation: Conversation) => Promise<void>;
  /** Called once, when the session is closed or its agent is gone. */
  readonly onClosed: () => void;
}

export interface ClaudeSession extends AgentSession {
  /** Takes the payloads of this session's agent hooks. */
  tell: HookListener;
  /** Whether the composer holds exactly this prompt, and nobody's turn runs. */
  holds(prompt: string): Promise<boolean>;
  /** True from the moment at which it begins to close. */
  isClosing(): boolean;
  /** Stops watching without ending the agent, which goes on in tmux. */
  letGo(): void;
}

export function createClaudeSession(parts: SessionParts): ClaudeSession {
  const { tmux, files, name, log, listener } = parts;
  const terminal = createTerminal(tmux, name);
  const watching = new AbortController();
  const letGo = new AbortController();
  const exited = Promise.withResolvers<{ readonly screen: string }>();
  /** Of tasks that run in the background: those of an earlier turn do not hold a later one. */
  let backgroundTasks: ReadonlySet<string> = new Set();
  const conversation = followConversation(parts.conversation, moved);
  /** Until a prompt was received: what is pasted may be lost. */
  let isUnsteady = true;
  let isUnasked = parts.origin === 'resumed';
  /** When the agent told the end of our last turn; the next prompt takes it back. */
  let stoppedAt = -Infinity;
  let current: CurrentTurn | null = null;
  /** Of the last prompts that were reported. */
  let promptIds: readonly string[] = [];
  /** A prompt was reported, and no end of its turn. */
  let isPrompted = false;
  let closing: Promise<void> | null = null;

  void followEnd();

  async function followEnd(): Promise<void> {
    try {
      await tmux.ended(name, watching.signal);
    } catch {
      return; // let go, or closed by ourselves
    }
    const screen = lastLines((await tmux.capture(name, 'history')) ?? '');
    log.warn({ session: name }, 'agent.exited');
    if (current?.watch.state === 'entered' && (await current.readTranscript()).kind !== 'absent')
      current.watch.joined(null);
    current?.watch.finish(toExited(current.watch.state, current.watch.partialText(), screen));
    await close();
    exited.resolve({ screen });
  }

  function close(): Promise<void> {
    closing ??= (async () => {
      watching.abort();
      current?.watch.finish(toExited(current.watch.state, current.watch.partialText(), 'The session was closed.'));
      // Whoever opens this session next ends what is left of it.
      await tmux
        .kill(name)
        .catch((error: unknown) => log.error({ session: name, error: String(error) }, 'agent.not_ended'));
      parts.onClosed();
      exited.resolve({ screen: '' });
    })();
    return closing;
  }

  function begin(prompt: string, observer: TurnObserver): CurrentTurn {
    const transcript = (): string => conversation.current.transcript;
    return beginTurn({
      terminal,
      files,
      prompt,
      observer,
      transcript,
      earlierTasks: backgroundTasks,
      earlierPrompts: new Set(promptIds),
      cwd: parts.cwd,
      giveUp: close,
      log,
    });
  }

  /** Carries the turn out. When the caller gives up, it is interrupted. */
  async function carry(
    turn: CurrentTurn,
    signal: AbortSignal,
    steps: (either: AbortSignal) => Promise<void>,
  ): Promise<TurnEnd> {
    const { watch } = turn;
    const over = new AbortController();
    current = turn;
    let was = watch.state;
    const onAbort = (): void => {
      was = watch.state;
      watch.stopping();
    };
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
    try {
      const stepping = steps(AbortSignal.any([signal, over.signal, letGo.signal])).catch((error: unknown) =>
        fail(turn, error, signal),
      );
      // Without an end the steps return only when the caller gave up.
      await Promise.race([watch.end, stepping]);
      over.abort();
      // A tmux that does not answer must not hold up what is known.
      await settlesWithin(stepping, STEPS_MAX_MS, NEVER);
      if (watch.state === 'ended') {
        await turn.prompts.close('ended');
        await turn.closeNarration();
        return await watch.end;
      }
      // The agent works on; a later process will hear of the end.
      if (letGo.signal.aborted) return await new Promise(() => {});
      // An Escape in the moment of a permission would look like a No.
      await settlesWithin(turn.prompts.stop(), STEPS_MAX_MS, NEVER);
      const isIdle = await interrupt(turn, was);
      await turn.prompts.close('cancelled');
      await turn.closeNarration();
      watch.finish({ kind: 'interrupted', text: watch.partialText() });
      if (!isIdle) await close();
      return await watch.end;
    } finally {
      signal.removeEventListener('abort', onAbort);
      if (!turn.isShared) isPrompted = false;
      isUnsteady = signal.aborted || !watch.isReceived;
      current = null;
    }
  }

  async function fail(turn: CurrentTurn, error: unknown, signal: AbortSignal): Promise<void> {
    const { watch } = turn;
    if (signal.aborted || letGo.signal.aborted || watch.state === 'ended') return;
    if (error instanceof TerminalGoneError && watch.state === 'working') {
      // Its end is being told.
      await watch.end;
      return;
    }
    if (error instanceof NotReadyError || error instanceof TerminalGoneError) {
      watch.finish({ kind: 'unsubmitted', why: error.message });
      return close();
    }
    // What a step of the observer rejected with is the end.
    current = null;
    await close();
    throw error;
  }

  function moved(next: Conversation): void {
    current?.beginsAt(0);
    log.info({ session: name }, 'session.moved');
    listener.noticed({ type: 'session.moved', data: { agentSessionId: next.agentSessionId } });
    listener.moved(next.agentSessionId);
    parts
      .onMoved(next)
      .catch((error: unknown) => log.error({ session: name, error: String(error) }, 'launch.not_written'));
  }

  return {
    get agentSessionId() {
      return conversation.current.agentSessionId;
    },
    exited: exited.promise,
    close,
    isClosing: () => closing !== null,

    async sleep() {
      const isBusy = (): boolean => current !== null || backgroundTasks.size > 0;
      const needs = { terminal, isBusy, isPrompted: () => isPrompted };
      if (closing === null && !(await maySleep(needs))) return false;
      await close();
      return true;
    },

    runTurn(prompt, observer, signal) {
      const turn = begin(prompt, observer);
      return carry(turn, signal, async (either) => {
        // What it cannot report cannot be compared, nor kept from its model.
        if (parts.origin === 'deaf') throw new NotReadyError('The agent reports to an earlier AGENT_HOOK_PORT.');
        await submit(
          {
            ...turn,
            isUnsteady,
            isMoving: () => conversation.isMoving(),
            isUnasked: () => isUnasked,
            isSettling: () => performance.now() - stoppedAt < SETTLE_MAX_MS && backgroundTasks.size === 0,
            noticed: (notice) => observer.noticed(notice),
            async transcriptEnd() {
              const offset = (await files.sizeOf(conversation.current.transcript)) ?? 0;
              turn.beginsAt(offset);
              return offset;
            },
          },
          either,
        );
        if (turn.watch.state !== 'preparing' && turn.watch.state !== 'pasted') await supervise(turn, either);
      });
    },

    rejoinTurn({ prompt, transcriptOffset, open, told }, observer, signal) {
      const turn = begin(prompt, observer);
      turn.beginsAt(transcriptOffset);
      turn.restoreNarration(told);
      turn.watch.pasting();
      turn.watch.entering();
      return carry(turn, signal, async (either) => {
        const found = await turn.readTranscript();
        if (found.kind !== 'absent') turn.watch.joined(found.promptId);
        const end = toEnd(found, null);
        turn.prompts.restore(open);
        await turn.catchUp();
        if (end !== null) turn.watch.finish(end);
        await supervise(turn, either);
      });
    },

    async holds(prompt) {
      if (parts.origin === 'deaf') return false;
      const view = await terminal.look();
      return view?.screen.kind === 'idle' && composerHolds(view.screen.composer, toComposerText(prompt).expected);
    },

    tell(payload, gone) {
      if (!conversation.hear(payload)) return {};
      if (payload.hook_event_name === 'UserPromptSubmit') {
        isUnasked = false;
        isPrompted = true;
        if (payload.prompt_id !== null) promptIds = [...promptIds.slice(-PROMPTS_KEPT), payload.prompt_id];
      }
      if (payload.hook_event_name === 'Stop' || payload.hook_event_name === 'StopFailure') isPrompted = false;
      const reply = current?.tell(payload, gone) ?? {};
      if (payload.hook_event_name === 'UserPromptSubmit') {
        stoppedAt = -Infinity;
        if (current === null) listener.noticed(toForeignNotice(payload.prompt ?? ''));
      }
      if (payload.hook_event_name === 'Stop') {
        backgroundTasks = new Set(payload.background_tasks);
        if (current?.watch.state === 'ended' && !current.isShared) stoppedAt = performance.now();
      }
      return reply;
    },

    letGo() {
      current?.prompts.letGo();
      letGo.abort();
      watching.abort();
      parts.onClosed();
    },
  };
}

/** The transcript lags behind by less than so many prompts. */
const PROMPTS_KEPT = 50;
const SETTLE_MAX_MS = 500;
const STEPS_MAX_MS = 2_000;
const NEVER: AbortSignal = new AbortController().signal;
