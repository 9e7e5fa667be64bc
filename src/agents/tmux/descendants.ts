import { createHash } from 'node:crypto';
import { quote, type AskTmux } from './server/command.ts';

/** In the environment of all that is started in a session, whoever its parent is by then. */
const MARK = 'GATEHOUSE_PANE';

/** Says nothing of where the server is. */
export function markOf(socket: string, session: string): Readonly<Record<string, string>> {
  return { [MARK]: createHash('sha256').update(`${socket}\n${session}`).digest('hex').slice(0, 32) };
}

/** Ends what a session that has ended left behind: it is told to end, and forced when it does not. By the server, which
 *  has the rights for it. What has set its environment aside and its parents as well is not found. */
export async function endDescendants(tmux: AskTmux, socket: string, session: string): Promise<void> {
  const mark = quote(`${MARK}=${markOf(socket, session)[MARK]}`);
  // Elsewhere than on Linux there is nothing to look in. One that waits to be reaped has no environment.
  const find = `left=$(grep -lzxF ${mark} /proc/[0-9]*/environ 2>/dev/null | cut -d/ -f3); [ -n "$left" ] || exit 0`;
  const told = `${find}; kill -TERM $left; kill -CONT $left; for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do sleep 0.1; ${find}; done`;
  const forced = `for _ in 1 2 3 4 5; do ${find}; kill -KILL $left; sleep 0.05; done`;
  await tmux(['run-shell', `{ ${told}; ${forced}; exit 0; } >/dev/null 2>&1`]);
}
