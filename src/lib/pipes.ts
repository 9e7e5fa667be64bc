import type { ChildProcess } from 'node:child_process';
import type { Readable } from 'node:stream';

/** What a program printed before its end may still be in the pipes. */
const DRAIN_MS = 50;

/** At the end of a program: once what it printed is read. Who has left its group may hold its pipes on, and is not waited
 *  for: they are closed. */
export function drained(child: ChildProcess, then: () => void): void {
  const close = (): void => child.stdio.forEach((pipe) => pipe?.destroy());
  // Behind one more look at them, for this process may have been busy for all of that time.
  const enough = setTimeout(() => setImmediate(close), DRAIN_MS);
  child.once('close', () => {
    clearTimeout(enough);
    then();
  });
}

/** The first bytes of what it says; the rest is read and dropped, and told. */
export function collect(pipe: Readable, maxBytes: number, onFull: () => void = () => {}): () => Buffer {
  const chunks: Buffer[] = [];
  let left = maxBytes;
  pipe.on('error', () => {});
  pipe.on('data', (chunk: Buffer) => {
    if (left > 0) chunks.push(chunk.subarray(0, left));
    const isFull = chunk.length > left;
    left = Math.max(0, left - chunk.length);
    if (isFull) onFull();
  });
  return () => Buffer.concat(chunks);
}
