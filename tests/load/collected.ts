// Given to a gateway by `--expose-gc --import`: at SIGUSR2 it collects all that is garbage, and writes into COLLECTED_FILE
// how many bytes are held then.
import { renameSync, writeFileSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';

const file = process.env['COLLECTED_FILE'] ?? '';
const collect = (globalThis as { gc?: () => void }).gc;
if (collect === undefined) throw new Error('--expose-gc is missing');

process.on('SIGUSR2', () => void tell());

async function tell(): Promise<void> {
  // What is finalized in one turn is garbage in the next.
  for (let round = 0; round < 5; round += 1) {
    collect?.();
    await turn();
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  writeFileSync(`${file}.new`, JSON.stringify({ heapUsed, arrayBuffers }));
  renameSync(`${file}.new`, file);
}
