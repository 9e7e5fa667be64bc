// Asks /livez ten times a second, in a thread of its own: a busy test would measure itself. Told to stop, it answers
// with how long each took, in milliseconds.
import { setTimeout as delay } from 'node:timers/promises';
import { parentPort, workerData } from 'node:worker_threads';

const EVERY_MS = 100;
const { url } = workerData as { readonly url: string };
const took: number[] = [];
let isOver = false;
parentPort?.once('message', () => (isOver = true));
while (!isOver) {
  const askedAt = performance.now();
  const response = await fetch(`${url}/livez`);
  await response.text();
  took.push(performance.now() - askedAt);
  await delay(EVERY_MS);
}
parentPort?.postMessage(took);
