import { AgentStartError } from '../../../core/ports/agent.ts';
import { settlesWithin } from '../../../lib/settles-within.ts';
import type { NewPane } from '../../tmux/open-session.ts';
import type { Tmux } from '../../tmux/tmux.ts';
import type { HookPayload } from '../hooks/hook-payload.ts';
import { lastLines, readScreen } from '../screen/screen.ts';

/** The program stands at a dialog of its first run. */
export class FirstRunDialogError extends AgentStartError {
  constructor(screen: string) {
    super('agent_unavailable', `The agent asks something before it starts. Its screen:\n${screen}`);
  }
}

export interface StartParts {
  readonly tmux: Tmux;
  readonly pane: NewPane;
  /** The variable that each session of ours has, and no other one. */
  readonly mark: string;
  /** Resolves when the agent says that it has started. */
  readonly started: Promise<HookPayload>;
}

const START_TIMEOUT_MS = 60_000;
const LOOK_EVERY_MS = 1_000;
const DIALOG_LOOKS = 2;

/** Starts the CLI and waits for its word. When it does not come to that, its tmux session is gone again.
 *  @throws AgentStartError with the last lines of the screen, FirstRunDialogError. Rejects when the signal aborts. */
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

/** The first of: the agent says that it has started, its program ends, a dialog stands, the time is up, the caller gives up. */
async function waitForStart({ tmux, pane, started }: StartParts, signal: AbortSignal): Promise<HookPayload> {
  const name = pane.session;
  const over = new AbortController();
  const either = AbortSignal.any([over.signal, signal]);
  let hasEnded = false;
  const ended = tmux.ended(name, either).then(
    () => void (hasEnded = true),
    () => {},
  );
  try {
    const word = Promise.race([started, ended]);
    const until = performance.now() + START_TIMEOUT_MS;
    for (let dialogs = 0; !(await settlesWithin(word, LOOK_EVERY_MS, either));) {
      signal.throwIfAborted();
      const screen = await tmux.look(name);
      dialogs = screen !== null && isDialog(screen.screen) ? dialogs + 1 : 0;
      if (dialogs >= DIALOG_LOOKS) throw new FirstRunDialogError(await readLastLines(tmux, name));
      if (performance.now() > until)
        throw await toError('agent_unavailable', `did not start within ${START_TIMEOUT_MS / 1000} s`);
    }
    signal.throwIfAborted();
    if (hasEnded) throw await toError('agent_exited', 'ended before it took input');
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

function isDialog(capture: string): boolean {
  const screen = readScreen(capture);
  return screen.kind === 'other' && /❯ 1\.|Enter to confirm|Press Enter/.test(screen.lines);
}

async function readLastLines(tmux: Tmux, session: string): Promise<string> {
  return lastLines((await tmux.capture(session, 'history')) ?? '');
}
