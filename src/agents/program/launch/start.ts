import { setTimeout as delay } from 'node:timers/promises';
import { AgentStartError } from '../../../core/ports/agent.ts';
import { settlesWithin } from '../../../lib/settles-within.ts';
import { markChild } from '../../processes/process-list.ts';
import type { ProcessMark } from '../../processes/process-mark.ts';
import type { SendSignal } from '../../processes/signals.ts';
import type { NewPane } from '../../tmux/open-session.ts';
import type { Tmux } from '../../tmux/tmux.ts';
import { lastLines } from '../ending/last-lines.ts';
import { describeDeath, findDeath } from '../ending/death.ts';
import { endAgent, endEarlier, type Obstacle } from '../ending/end-agent.ts';

/** `W`: the word by which the agent says that it has started. */
export interface StartParts<W> {
  readonly tmux: Tmux;
  readonly sendSignal: SendSignal;
  readonly pane: NewPane;
  /** Of the launch before. */
  readonly earlier: ProcessMark | null;
  /** Resolves when a later process would find this one. */
  readonly onRunning: (agent: ProcessMark) => Promise<void>;
  /** Resolves when the agent says that it has started. */
  readonly started: Promise<W>;
  /** Looks whether a dialog stands, and resolves when it is answered; false when none does.
   *  @throws AgentStartError when nobody answers it */
  readonly attendDialog: (signal: AbortSignal) => Promise<boolean>;
}

export interface Started<W> {
  readonly word: W;
  readonly agent: ProcessMark | null;
}

const START_TIMEOUT_MS = 60_000;
const LOOK_EVERY_MS = 1_000;

/** Starts the CLI and waits for its word, when it is certain that no earlier one runs. When it does not come to that,
 *  it and its tmux session are gone again.
 *  @throws AgentStartError with the last lines of the screen, or the dialog. Rejects when the signal aborts. */
export async function startAgent<W>(parts: StartParts<W>, signal: AbortSignal): Promise<Started<W>> {
  const { tmux, pane, earlier, onRunning } = parts;
  await tmux.ensureServer();
  const obstacle = await endEarlier(parts, pane.session, earlier);
  if (obstacle !== null) throw new AgentStartError('agent_unavailable', toWayOut(obstacle, pane.session));
  await tmux.open(pane);
  let agent: ProcessMark | null = null;
  try {
    agent = await untilRunning(tmux, pane.session);
    if (agent !== null) await onRunning(agent);
    return { word: await waitForStart(parts, signal), agent };
  } catch (error) {
    await endAgent(parts, pane.session, agent);
    throw error;
  }
}

function toWayOut(obstacle: Obstacle, session: string): string {
  switch (obstacle.kind) {
    case 'stranger':
      return `A tmux session named ${session} that Gatehouse did not start stands in its tmux server: end or rename it.`;
    case 'stuck':
      return `An earlier agent of this session (pid ${obstacle.pid}) cannot be ended, and two would share one conversation: end it by hand.`;
  }
}

const RUNNING_WITHIN_MS = 1_000;
const RUNNING_LOOK_MS = 10;

/** Null when it has ended by then. */
async function untilRunning(tmux: Tmux, session: string): Promise<ProcessMark | null> {
  const pane = await tmux.pane(session);
  for (const until = performance.now() + RUNNING_WITHIN_MS; performance.now() < until; await delay(RUNNING_LOOK_MS)) {
    const agent = pane === null ? null : await markChild(pane.pid);
    if (agent !== null) return agent;
    if ((await tmux.pane(session))?.dead !== false) return null;
  }
  return null;
}

/** The first of: the agent says that it has started, its program ends, nobody answers its dialog, the time is up, the
 *  caller gives up. The time stands still while a dialog stands. */
async function waitForStart<W>({ tmux, pane, started, attendDialog }: StartParts<W>, signal: AbortSignal): Promise<W> {
  const name = pane.session;
  const over = new AbortController();
  const either = AbortSignal.any([over.signal, signal]);
  let hasEnded = false;
  let wasAnswered = false;
  const ended = tmux.ended(name, either).then(
    () => void (hasEnded = true),
    () => {},
  );
  try {
    const word = Promise.race([started, ended]);
    let until = performance.now() + START_TIMEOUT_MS;
    while (!(await settlesWithin(word, LOOK_EVERY_MS, either))) {
      signal.throwIfAborted();
      if (await attendDialog(either)) {
        wasAnswered = true;
        until = performance.now() + START_TIMEOUT_MS;
      }
      if (performance.now() > until) throw await toSilentError(tmux, name);
    }
    signal.throwIfAborted();
    if (!hasEnded) return await started;
    const words = describeDeath(await findDeath(tmux, name), 'start');
    // It would ask again.
    if (wasAnswered) throw new AgentStartError('agent_unavailable', `Its dialog was answered. ${words}`);
    throw new AgentStartError('agent_exited', words);
  } finally {
    over.abort();
  }
}

async function toSilentError(tmux: Tmux, session: string): Promise<AgentStartError> {
  const lines = await readLastLines(tmux, session);
  const what = `The agent's program did not start within ${START_TIMEOUT_MS / 1000} s`;
  return new AgentStartError('agent_unavailable', `${what}${lines === '' ? '.' : `. Its last lines:\n${lines}`}`);
}

async function readLastLines(tmux: Tmux, session: string): Promise<string> {
  return lastLines((await tmux.capture(session, 'history')) ?? '');
}
