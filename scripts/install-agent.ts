// Installs a version of Claude Code that is not the pinned one, and prints the path of its program:
//   node scripts/install-agent.ts 2.1.197
// Kept in node_modules/.cache, so that a second time costs nothing, and `npm ci` begins anew.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const PACKAGE = '@anthropic-ai/claude-code';
const cache = resolve(dirname(fileURLToPath(import.meta.url)), '..', 'node_modules', '.cache', 'claude-code');

/** The program of this version. @throws Error with npm's own words when it cannot be installed. */
export function installAgent(version: string, folder: string = join(cache, version)): string {
  if (!/^\d+\.\d+\.\d+$/.test(version)) throw new Error(`not a version of Claude Code: ${version} (one is 2.1.332)`);
  const program = join(folder, 'node_modules', ...PACKAGE.split('/'), 'bin', 'claude.exe');
  if (existsSync(program)) return program;
  // In a folder beside it, and moved when it is whole: a kill leaves nothing that looks installed.
  const fresh = `${folder}.${process.pid}`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  const manifest = { private: true, dependencies: { [PACKAGE]: version }, allowScripts: { [PACKAGE]: true } };
  writeFileSync(join(fresh, 'package.json'), JSON.stringify(manifest));
  const args = ['install', '--no-audit', '--no-fund', '--include=optional', '--no-package-lock'];
  const { status, stdout, stderr, error } = spawnSync('npm', args, { cwd: fresh, encoding: 'utf8' });
  if (status !== 0) {
    rmSync(fresh, { recursive: true, force: true });
    throw new Error(`npm could not install ${PACKAGE}@${version}:\n${error?.message ?? `${stdout}${stderr}`}`);
  }
  rmSync(folder, { recursive: true, force: true });
  renameSync(fresh, folder);
  return program;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  try {
    process.stdout.write(`${installAgent(process.argv[2] ?? '')}\n`);
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  }
}
