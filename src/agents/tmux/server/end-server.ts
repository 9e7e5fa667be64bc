import { findByWords } from '../../processes/command-lines.ts';
import { markProcess, type ProcessMark } from '../../processes/process-mark.ts';
import { listProcesses, type ProcessLine } from '../../processes/process-list.ts';
import { endProcesses, sendSignal } from '../../processes/signals.ts';

/** Ends what a version up to 0.1 left: its agents know the way to their own tmux, and its socket lies where cleaners
 *  come by. How many there were. */
export function endOldServers(name: string): Promise<number> {
  return endServers(['-L', name, '-f', '/dev/null', 'start-server'], null);
}

/** Ends every server with these words in its command line but this one; how many there were. */
export async function endServers(words: readonly string[], but: number | null): Promise<number> {
  const servers = (await findServers(words)).filter(({ pid }) => pid !== but);
  for (const server of servers) await endServerProcess(server);
  return servers.length;
}

/** What one of them begins to start has its command line for a moment, and is none. */
export async function findServers(words: readonly string[]): Promise<readonly ProcessMark[]> {
  const found = await findByWords(words);
  if (found.length < 2) return markAll(found);
  const begun = below(await listProcesses(), found);
  return markAll(found.filter((pid) => !begun.includes(pid)));
}

/** Ends a server that cannot be asked, and its agents before it, which then write down what they have to. What they
 *  started goes by force: nobody knows it any more. */
async function endServerProcess(server: ProcessMark): Promise<void> {
  const all = await listProcesses();
  const shells = below(all, [server.pid]);
  const agents = below(all, shells);
  const [told, rest] = await Promise.all([markAll(agents), markAll([...shells, ...deepBelow(all, agents)])]);
  await endProcesses(sendSignal, told);
  // Told to end, it would take the socket of the next one along.
  await endProcesses(sendSignal, [server, ...rest], 'forced');
}

function below(all: readonly ProcessLine[], parents: readonly number[]): readonly number[] {
  return all.filter(({ parent }) => parents.includes(parent)).map(({ pid }) => pid);
}

function deepBelow(all: readonly ProcessLine[], parents: readonly number[]): readonly number[] {
  const children = below(all, parents);
  return children.length === 0 ? [] : [...children, ...deepBelow(all, children)];
}

async function markAll(pids: readonly number[]): Promise<readonly ProcessMark[]> {
  return (await Promise.all(pids.map(markProcess))).filter((mark) => mark !== null);
}
