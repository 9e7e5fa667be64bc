import { chmod, mkdir, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive } from '../../processes/process-mark.ts';
import { sendSignal } from '../../processes/signals.ts';
import {
  isEnd,
  isStart,
  isUnheard,
  runTmux,
  toServerWords,
  type AskTmux,
  type TmuxAnswer,
  type TmuxServer,
} from './command.ts';
import { endServers, findServers } from './end-server.ts';

/** Asks as the user of this process. A server that lost its socket is asked for it again: without one, its agents
 *  could never be reached again, and others would be started beside them. */
export function createAskTmux(server: TmuxServer): AskTmux {
  let last: Promise<unknown> = Promise.resolve();

  /** One that begins looks like one that cannot be reached. */
  function inOrder<T>(work: () => Promise<T>): Promise<T> {
    const done = last.then(work);
    last = done.catch(() => {});
    return done;
  }

  return async (args, options) => {
    if (isStart(args)) return inOrder(() => start(server, args));
    const first = await runTmux(server, args, options);
    if (isEnd(args)) await removeSocket(server);
    if (isEnd(args) || !isUnheard(first)) return first;
    const found = await inOrder(() => reach(server));
    if (found === 'none') return first;
    if (found === 'hidden') return { ...first, lost: found };
    const second = await runTmux(server, args, options);
    return found === 'answers' ? second : { ...second, lost: found };
  };
}

/** One server, and no other beside it. */
async function start(server: TmuxServer, args: readonly string[]): Promise<TmuxAnswer> {
  const found = await reach(server);
  if (found === 'hidden') await endServers(toServerWords(server.socket), null);
  await openSocketFolder(server);
  const answer = await runTmux(server, [...args, ';', ...PING]);
  // Nobody reaches the agents of another one any more.
  if (answer.code === 0) await endServers(toServerWords(server.socket), Number(answer.stdout));
  if (found === 'none' || found === 'answers') return answer;
  return { ...answer, lost: found === 'hidden' ? 'ended' : found };
}

const PING = ['display-message', '-p', '#{pid}'];
const RESTORE_MAX_MS = 3_000;
const LOOK_EVERY_MS = 20;

/** `none`: no server lives. */
async function reach(server: TmuxServer): Promise<'answers' | 'none' | 'restored' | 'hidden'> {
  if (!isUnheard(await runTmux(server, PING))) return 'answers';
  const known = await findServers(toServerWords(server.socket));
  if (known.length === 0) return 'none';
  // What stands in its place is no socket on which anybody listens.
  await openSocketFolder(server).then(
    () => rm(server.socket, { force: true, recursive: true }),
    () => {},
  );
  for (const mark of known) await sendSignal(mark, 'SIGCONT');
  for (const mark of known) await sendSignal(mark, 'SIGUSR1');
  for (const until = performance.now() + RESTORE_MAX_MS; performance.now() < until; await delay(LOOK_EVERY_MS)) {
    if (!isUnheard(await runTmux(server, PING))) return 'restored';
    if (!(await Promise.all(known.map(isAlive))).includes(true)) return 'none';
  }
  return 'hidden';
}

/** For its own user alone. */
async function openSocketFolder({ socket }: TmuxServer): Promise<void> {
  const folder = path.dirname(socket);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await chmod(folder, 0o700);
}

/** tmux leaves it behind. */
async function removeSocket({ socket }: TmuxServer): Promise<void> {
  await rm(socket, { force: true });
  await rmdir(path.dirname(socket)).catch(() => {}); // somebody keeps something in it
}
