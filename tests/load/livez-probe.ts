// Asks /livez again and again, in a thread of its own: a busy test would measure itself. Told to stop, it answers with
// what it has seen.
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';

export interface LivezProbe {
  readonly url: string;
  /** Of the gateway. */
  readonly pid: number;
  readonly everyMs: number;
}

export interface LivezLook {
  readonly tookMs: number;
  /** What the machine took of it: so long the gateway's main thread, or the asking one, stood in line for a processor. What
   *  the gateway does, sleeps and waits for otherwise, such as a disk or a full pipe, is not in it. */
  readonly queuedMs: number;
}

const { url, pid, everyMs } = workerData as LivezProbe;
const looks: LivezLook[] = [];
let isOver = false;
parentPort?.once('message', () => (isOver = true));
while (!isOver) {
  const queuedMs = readQueued();
  const askedAt = performance.now();
  const response = await fetch(`${url}/livez`);
  await response.text();
  looks.push({ tookMs: performance.now() - askedAt, queuedMs: readQueued() - queuedMs });
  await delay(everyMs);
}
parentPort?.postMessage(looks);

function readQueued(): number {
  return [`/proc/${pid}/task/${pid}/schedstat`, '/proc/thread-self/schedstat'].reduce((sum, file) => {
    const [, queuedNs] = readFileSync(file, 'utf8').split(' ');
    return sum + Number(queuedNs) / 1e6;
  }, 0);
}
