import { readdirSync, readFileSync } from 'node:fs';

/** The processes whose command line holds this word, and all below them. Linux only. */
export function processesWith(word: string): readonly number[] {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const found = new Set<number>();
  const children = new Map<number, number[]>();
  for (const name of all) {
    const pid = Number(name);
    const parent = Number(/^.*\) \S (\d+)/s.exec(read(pid, 'stat'))?.[1] ?? 0);
    children.set(parent, [...(children.get(parent) ?? []), pid]);
    if (pid !== process.pid && read(pid, 'cmdline').includes(word)) found.add(pid);
  }
  // A set hands out what is added to it while it is walked.
  for (const pid of found) for (const child of children.get(pid) ?? []) found.add(child);
  return [...found];
}

/** Processes that are gone by now are none to worry about. */
export function killAll(pids: readonly number[]): void {
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
}

/** False for one that waits to be reaped, too. */
export function isRunning(pid: number): boolean {
  return read(pid, 'cmdline') !== '';
}

/** Empty for a process that is gone, or that waits to be reaped. */
function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
