import { readdirSync, readFileSync } from 'node:fs';

/** Ends every process of a group at once. `SIGTERM`: tells them to end. */
export function endGroup(pid: number | undefined, signal: 'SIGKILL' | 'SIGTERM' = 'SIGKILL'): void {
  if (pid !== undefined) kill(-pid, signal);
}

/** Ends a program that leads a group, that group, and whatever below it has left the group. */
export function endTree(pid: number | undefined): void {
  if (pid === undefined) return;
  // Looked for first: who has lost its parent cannot be found any more.
  const below = listBelow(pid);
  endGroup(pid);
  for (const one of below) kill(one, 'SIGKILL');
}

/** Ends whatever a thread of this process has started, and what is below that. `cut` ends the thread: it starts no more. */
export function endBelowThread(tid: number, cut: () => void): void {
  const started = childrenOf(process.pid, tid);
  // Looked for first: who has lost its thread is taken over by another one.
  const below = [...started, ...started.flatMap(listBelow)];
  cut();
  for (const one of below) kill(one, 'SIGKILL');
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Nobody of it is left.
  }
}

/** All below a process, where the system tells. */
function listBelow(pid: number): readonly number[] {
  const found = [pid];
  // An array hands out what is added to it while it is walked.
  for (const one of found) found.push(...tasksOf(one).flatMap((task) => childrenOf(one, task)));
  return found.slice(1);
}

function tasksOf(pid: number): readonly number[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map(Number);
  } catch {
    return [];
  }
}

function childrenOf(pid: number, task: number): readonly number[] {
  try {
    return readFileSync(`/proc/${pid}/task/${task}/children`, 'utf8')
      .split(' ')
      .filter((word) => word !== '')
      .map(Number);
  } catch {
    return [];
  }
}
