import { setTimeout as delay } from 'node:timers/promises';
import { watch } from 'node:fs/promises';
import path from 'node:path';
import type { AgentSession, TurnEnd, TurnObserver } from '../../core/ports/agent.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Tmux } from '../tmux/tmux.ts';
import { composerHolds, toComposerText, type ComposerText } from './composer.ts';
import type { HookPayload } from './hook-payload.ts';
import { readTurn, sizeOf } from './transcript.ts';
import { denyPermission, watchTurn, type TurnWatch } from './turn.ts';

export interface SessionParts {
  readonly tmux: Tmux;
  /** The name of the tmux session. */
  readonly name: string;
  readonly agentSessionId: string;
  /** Of exactly this conversation; the file appears with the first prompt. */
  readonly transcript: string;
  readonly log: Log;
  /** Called once, when the session is closed or its agent is gone. */
  readonly onClosed: () => void;
}

export interface ClaudeSession extends AgentSession {
  /** Takes the payloads of this session's agent hooks. */
  tell(payload: HookPayload): object;
  /** Stops watching without ending the agent, which goes on in tmux. */
  letGo(): void;
}

/** How long to wait for the agent's report of a prompt before looking whether Enter was swallowed.
 *  A live agent reports within 0.2 s; a machine under load takes longer. */
const REPORT_DEADLINES_MS = [500, 1_000, 2_000, 4_000, 8_000, 15_000];
const SCREEN_LINES = 15;

export function createClaudeSession(parts: SessionParts): ClaudeSession {
  const { tmux, name, transcript, log } = parts;
  const watching = new AbortController();
  const exited = Promise.withResolvers<{ readonly screen: string }>();
  let turn: TurnWatch | null = null;
  let closing: Promise<void> | null = null;

  void followEnd();

  async function followEnd(): Promise<void> {
    try {
      await tmux.ended(name, watching.signal);
    } catch {
      return; // let go, or closed by ourselves
    }
    const screen = lastLines((await tmux.capture(name)) ?? '');
    log.warn({ session: name }, 'agent.exited');
    const error = `The agent's program ended during the turn. Its last lines: ${screen}`;
    turn?.finish({ kind: 'failed', reason: 'agent_exited', error, text: turn.partialText() });
    await close();
    exited.resolve({ screen });
  }

  function close(): Promise<void> {
    closing ??= (async () => {
      watching.abort();
      await tmux.kill(name);
      parts.onClosed();
      exited.resolve({ screen: '' });
    })();
    return closing;
  }

  /** An agent that was interrupted may keep the prompt in its composer or go on with a tool. Its program is
   *  ended; the conversation is resumed with the next prompt, and nothing of this turn can leak into it. */
  async function interrupt(current: TurnWatch): Promise<TurnEnd> {
    const text = current.partialText();
    current.finish({ kind: 'interrupted', text });
    const end = await current.end;
    if (end.kind === 'interrupted') {
      await tmux.keys(name, 'Escape');
      await close();
    }
    return end;
  }

  async function follow(current: TurnWatch, signal: AbortSignal, steps: () => Promise<void>): Promise<TurnEnd> {
    turn = current;
    const aborted = new Promise<'aborted'>((resolve) => {
      if (signal.aborted) resolve('aborted');
      signal.addEventListener('abort', () => resolve('aborted'), { once: true });
    });
    const stepping = steps().catch(async (error: unknown) => {
      if (!signal.aborted) await close();
      const message = error instanceof Error ? error.message : String(error);
      current.finish({ kind: 'failed', reason: 'submission_unknown', error: message, text: current.partialText() });
    });
    try {
      const first = await Promise.race([current.end, aborted]);
      const end = first === 'aborted' ? await interrupt(current) : first;
      await stepping;
      return end;
    } finally {
      turn = null;
    }
  }

  async function enter(current: TurnWatch, text: ComposerText, signal: AbortSignal): Promise<void> {
    const reported = Promise.race([current.received, current.end]).then(() => true);
    for (const deadlineMs of REPORT_DEADLINES_MS) {
      await sendOrFail(() => tmux.keys(name, 'Enter'));
      if (await settlesWithin(reported, deadlineMs, signal)) return;
      const screen = (await tmux.capture(name)) ?? '';
      if (!composerHolds(screen, text.expected)) break;
      log.warn({ session: name }, 'agent.enter_swallowed');
    }
    if (await settlesWithin(reported, REPORT_DEADLINES_MS.at(-1) ?? 0, signal)) return;
    throw new Error(
      'The agent did not report the prompt after Enter, and nothing proves whether it has it. Look at what it did before you send the request again.',
    );
  }

  async function sendOrFail(send: () => Promise<'sent' | 'dead' | 'gone'>): Promise<void> {
    const sent = await send();
    if (sent !== 'sent') throw new Error('The agent’s program has ended before it took the prompt.');
  }

  return {
    agentSessionId: parts.agentSessionId,
    exited: exited.promise,
    close,

    runTurn(prompt, observer, signal) {
      const text = toComposerText(prompt);
      const current = watchTurn({
        expected: text.expected,
        submitted: false,
        permissionDenied: (tool) => observer.permissionDenied(tool),
      });
      return follow(current, signal, () => submit(current, text, observer, signal));
    },

    rejoinTurn(prompt, transcriptOffset, signal) {
      const { expected } = toComposerText(prompt);
      const current = watchTurn({ expected, submitted: true, permissionDenied: () => {} });
      return follow(current, signal, () => followTranscript(current, transcriptOffset, expected, signal));
    },

    tell(payload) {
      if (turn !== null) return turn.tell(payload);
      return payload.hook_event_name === 'PermissionRequest' ? denyPermission() : {};
    },

    letGo() {
      watching.abort();
      parts.onClosed();
    },
  };

  async function submit(
    current: TurnWatch,
    text: ComposerText,
    observer: TurnObserver,
    signal: AbortSignal,
  ): Promise<void> {
    await observer.prepared((await sizeOf(transcript)) ?? 0);
    if (signal.aborted) return;
    await sendOrFail(() => tmux.paste(name, text.paste));
    await observer.submitting();
    if (signal.aborted) return;
    await enter(current, text, signal);
    const state = await Promise.race([current.received.then(() => 'received' as const), current.end]);
    if (state === 'received') await observer.working();
  }

  /** The end may have come while no gateway listened: it then stands in the transcript, now or very soon. */
  async function followTranscript(
    current: TurnWatch,
    offset: number,
    expected: string,
    signal: AbortSignal,
  ): Promise<void> {
    const ended = new AbortController();
    void current.end.then(() => ended.abort());
    const either = AbortSignal.any([signal, ended.signal]);
    const check = async (): Promise<void> => {
      const found = await readTurn(transcript, offset, expected);
      if (found.kind === 'ended') current.finish({ kind: 'completed', text: found.text, usage: null });
    };
    try {
      const changes = watch(path.dirname(transcript), { signal: either });
      await check();
      for await (const change of changes) {
        if (change.filename === path.basename(transcript)) await check();
      }
    } catch (error) {
      if (!either.aborted) throw error;
    }
  }
}

/** True when the promise settles in time; the timer is gone either way. */
async function settlesWithin(promise: Promise<unknown>, ms: number, signal: AbortSignal): Promise<boolean> {
  const timer = new AbortController();
  const late = delay(ms, 'late' as const, { signal: AbortSignal.any([timer.signal, signal]) }).catch(
    () => 'aborted' as const,
  );
  const outcome = await Promise.race([promise.then(() => 'settled' as const), late]);
  timer.abort();
  return outcome !== 'late';
}

export function lastLines(screen: string): string {
  return screen
    .split('\n')
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .slice(-SCREEN_LINES)
    .join('\n');
}
