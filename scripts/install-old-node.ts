// Installs the oldest Node that `./inject` runs on, and prints the path of its program. The tests that need it say so
// and are skipped where it is not: npm test asks nothing of the network.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CACHE, installPackage } from './install-package.ts';

const VERSION = '18.3.0';
const FOLDER = join(CACHE, 'node', VERSION);
const PROGRAM = join('bin', 'node');

/** Where it is, once it is installed. */
export const OLD_NODE = join(FOLDER, 'node_modules', 'node', PROGRAM);

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    process.stdout.write(`${installPackage({ name: 'node', version: VERSION, program: PROGRAM, folder: FOLDER })}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}
