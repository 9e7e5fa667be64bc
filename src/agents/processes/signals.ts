import { setTimeout as delay } from 'node:timers/promises';
import { isAlive, type ProcessMark } from './process-mark.ts';

export type Signal = 'SIGTERM' | 'SIGKILL' | 'SIGCONT' | 'SIGUSR1';

/** False when the process is gone, or its number is another one's by now. */
export type SendSignal = (process: ProcessMark, signal: Signal) => Promise<boolean>;

/** By the rights of this process. */
export const sendSignal: SendSignal = async (mark, signal) => {
  if (!(await isAlive(mark))) return false;
  try {
    return process.kill(mark.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
};

/** For a program that was told to end. */
const TERM_MS = 5_000;
/** For the kernel, which may wait for a disk. */
const KILL_MS = 2_000;
const LOOK_EVERY_MS = 20;

/** Ends these processes, with a word before and by force after it, or by force alone. Resolves with those that are left. */
export async function endProcesses(
  send: SendSignal,
  processes: readonly ProcessMark[],
  how: 'told' | 'forced' = 'told',
): Promise<readonly ProcessMark[]> {
  const left = how === 'forced' ? processes : await signalAll(send, processes, 'SIGTERM', TERM_MS);
  return signalAll(send, left, 'SIGKILL', KILL_MS);
}

async function signalAll(
  send: SendSignal,
  processes: readonly ProcessMark[],
  signal: Signal,
  ms: number,
): Promise<readonly ProcessMark[]> {
  for (const mark of processes) await send(mark, signal);
  // One that is stopped hears nothing else before.
  for (const mark of processes) await send(mark, 'SIGCONT');
  for (const until = performance.now() + ms; ; await delay(LOOK_EVERY_MS)) {
    const alive = await Promise.all(processes.map(isAlive));
    const left = processes.filter((_, index) => alive[index]);
    if (left.length === 0 || performance.now() > until) return left;
  }
}
