// Installs a version of Claude Code that is not the pinned one, and prints the path of its program:
//   node scripts/install-agent.ts 2.1.197
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { CACHE, installPackage } from './install-package.ts';

/** The program of this version. @throws Error with npm's own words when it cannot be installed. */
export function installAgent(version: string, folder: string = join(CACHE, 'claude-code', version)): string {
  if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error(`not a version of Claude Code: ${version} (one is 2.1.332)`);
  const program = join('bin', 'claude.exe');
  return installPackage({ name: '@anthropic-ai/claude-code', version, program, folder });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    process.stdout.write(`${installAgent(process.argv[2] ?? '')}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}
