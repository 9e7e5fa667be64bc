import { setTimeout as delay } from 'node:timers/promises';
import type { AskTmux } from './command.ts';
import type { Ends } from './ends.ts';
import type { Panes } from './panes.ts';

/** For a program that was told to end. */
const END_TIMEOUT_MS = 5_000;
const END_LOOKS = 50;
const END_LOOK_EVERY_MS = 10;

/** Resolves when the session's program has ended or the session is gone; rejects when the signal aborts. */
export async function untilEnded(
  panes: Pick<Panes, 'pane'>,
  ends: Ends,
  session: string,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    // Waiting before the look: an end between the two wakes us.
    const stop = new AbortController();
    const woken = ends.mayHaveEnded(session, AbortSignal.any([signal, stop.signal]));
    woken.catch(() => {});
    // A server that does not answer proves nothing.
    const found = await panes.pane(session).catch(() => undefined);
    if (found === null || found?.dead === true) {
      stop.abort();
      return;
    }
    await woken;
    if (await endsSoon(panes, session, END_LOOKS)) return;
  }
}

/** Ends the session; resolves when its program is gone. */
export async function endSession(tmux: AskTmux, panes: Pick<Panes, 'pane'>, session: string): Promise<void> {
  const found = await panes.pane(session);
  if (found !== null && !found.dead) {
    // Claude Code goes at once when it is told to, and takes a second when its terminal is taken away.
    await tmux(['run-shell', '-b', `pkill -TERM -P ${found.pid}`]);
    // Another one who waits for the signal may take it.
    if (!(await endsSoon(panes, session, END_TIMEOUT_MS / END_LOOK_EVERY_MS))) {
      await tmux(['run-shell', '-b', `pkill -KILL -P ${found.pid}`]);
      await endsSoon(panes, session, END_LOOKS);
    }
  }
  await tmux(['kill-session', '-t', `=${session}`]);
}

/** The signal comes a moment before the shell's own end. */
async function endsSoon(panes: Pick<Panes, 'pane'>, session: string, looks: number): Promise<boolean> {
  for (let look = 1; ; look += 1) {
    const found = await panes.pane(session).catch(() => undefined);
    if (found === null || found?.dead === true) return true;
    if (look >= looks) return false;
    await delay(END_LOOK_EVERY_MS);
  }
}
