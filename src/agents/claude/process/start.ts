import { AgentStartError } from '../../../core/ports/agent.ts';
import { settlesWithin } from '../../../lib/settles-within.ts';
import type { NewPane } from '../../tmux/open-session.ts';
import type { Tmux } from '../../tmux/tmux.ts';
import type { HookPayload } from '../hooks/hook-payload.ts';
import { lastLines } from '../screen/screen.ts';

export interface StartParts {
  readonly tmux: Tmux;
  readonly pane: NewPane;
  /** The variable that each session of ours has, and no other one. */
  readonly mark: string;
  /** Resolves when the agent says that it has started. */
  readonly started: Promise<HookPayload>;
  /** Looks whether a dialog stands, and resolves when it is answered; false when none does.
   *  @throws AgentStartError when nobody answers it */
  readonly attendDialog: (signal: AbortSignal) => Promise<boolean>;
}

const START_TIMEOUT_MS = 60_000;
const LOOK_EVERY_MS = 1_000;

/** Starts the CLI and waits for its word. When it does not come to that, its tmux session is gone again.
 *  @throws AgentStartError with the last lines of the screen, or the dialog. Rejects when the signal aborts. */
export async function startAgent(parts: StartParts, signal: AbortSignal): Promise<HookPayload> {
  const { tmux, pane, mark } = parts;
  await tmux.ensureServer();
  if (!(await endEarlier(tmux, pane.session, mark)))
    throw new AgentStartError('agent_unavailable', toStranger(pane.session));
  await tmux.open(pane);
  try {
    return await waitForStart(parts, signal);
  } catch (error) {
    await tmux.kill(pane.session);
    throw error;
  }
}

/** Ends what an earlier process left under this name. False: a session that is not ours stands there, and is left alone. */
export async function endEarlier(tmux: Tmux, session: string, mark: string): Promise<boolean> {
  if (!(await tmux.list()).includes(session)) return true;
  if ((await tmux.variable(session, mark)) === null) return false;
  await tmux.kill(session);
  return true;
}

function toStranger(session: string): string {
  return `A tmux session named ${session} that Gatehouse did not start stands in its tmux server: end or rename it.`;
}

/** The first of: the agent says that it has started, its program ends, nobody answers its dialog, the time is up, the
 *  caller gives up. The time stands still while a dialog stands. */
async function waitForStart(
  { tmux, pane, started, attendDialog }: StartParts,
  signal: AbortSignal,
): Promise<HookPayload> {
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
      if (performance.now() > until)
        throw await toError('agent_unavailable', `did not start within ${START_TIMEOUT_MS / 1000} s`);
    }
    signal.throwIfAborted();
    if (hasEnded)
      // It would ask again.
      throw await (wasAnswered
        ? toError('agent_unavailable', 'ended when its dialog was answered')
        : toError('agent_exited', 'ended before it took input'));
    return await started;
  } finally {
    over.abort();
  }

  async function toError(reason: 'agent_exited' | 'agent_unavailable', what: string): Promise<AgentStartError> {
    return new AgentStartError(
      reason,
      `The agent's program ${what}. Its last lines:\n${await readLastLines(tmux, name)}`,
    );
  }
}

async function readLastLines(tmux: Tmux, session: string): Promise<string> {
  return lastLines((await tmux.capture(session, 'history')) ?? '');
}
