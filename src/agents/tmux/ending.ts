import { setTimeout as delay } from 'node:timers/promises';
import { beside, type AskTmux } from './server/command.ts';
import type { Ends } from './ends.ts';
import type { Panes } from './panes.ts';

/** For a program that was told to end. */
const END_TIMEOUT_MS = 5_000;
/** From the signal of an end to the end itself. */
const END_SOON_MS = 500;
const LOOK_EVERY_MS = 10;

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
    if (await endsWithin(panes, session, END_SOON_MS)) return;
  }
}

/** Ends the session; resolves when its program is gone. */
export async function endSession(tmux: AskTmux, panes: Pick<Panes, 'pane'>, session: string): Promise<void> {
  const found = await panes.pane(session);
  if (found !== null && !found.dead) {
    // Claude Code goes at once when it is told to, and takes a second when its terminal is taken away. One that is
    // stopped hears nothing else before it is continued.
    await tmux(beside(`pkill -TERM -P ${found.pid}; pkill -CONT -P ${found.pid}`));
    // Another one who waits for the signal may take it.
    if (!(await endsWithin(panes, session, END_TIMEOUT_MS))) {
      await tmux(beside(`pkill -KILL -P ${found.pid}`));
      await endsWithin(panes, session, END_SOON_MS);
    }
  }
  await tmux(['kill-session', '-t', `=${session}`]);
}

async function endsWithin(panes: Pick<Panes, 'pane'>, session: string, ms: number): Promise<boolean> {
  for (const until = performance.now() + ms; ; await delay(LOOK_EVERY_MS)) {
    const found = await panes.pane(session).catch(() => undefined);
    if (found === null || found?.dead === true) return true;
    if (performance.now() > until) return false;
  }
}
