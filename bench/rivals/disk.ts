import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs';

const BLOCK = Buffer.alloc(4_096, 'x');

/** Written over and over, as a database does with its journal. */
const FILE_BLOCKS = 1_000;

/** How often a second this disk takes 4 kB and says that they are safe, one after the other. */
export function measureSyncs(file: string, ms: number): number {
  const descriptor = openSync(file, 'w');
  try {
    for (let block = 0; block < FILE_BLOCKS; block += 1) writeSync(descriptor, BLOCK);
    fdatasyncSync(descriptor);
    const startedAt = performance.now();
    let syncs = 0;
    for (; performance.now() - startedAt < ms; syncs += 1) {
      writeSync(descriptor, BLOCK, 0, BLOCK.length, (syncs % FILE_BLOCKS) * BLOCK.length);
      fdatasyncSync(descriptor);
    }
    return (syncs * 1_000) / (performance.now() - startedAt);
  } finally {
    closeSync(descriptor);
  }
}
