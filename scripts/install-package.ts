import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Of what is installed on demand: in node_modules/.cache, so that a second time costs nothing, and `npm ci` begins anew. */
export const CACHE = resolve(dirname(fileURLToPath(import.meta.url)), '..', 'node_modules', '.cache');

export interface Package {
  readonly name: string;
  readonly version: string;
  /** Its program, below the folder of the package. */
  readonly program: string;
  /** Where it is installed. */
  readonly folder: string;
}

/** The program of this package. @throws Error with npm's own words when it cannot be installed. */
export function installPackage({ name, version, program, folder }: Package): string {
  const file = join(folder, 'node_modules', ...name.split('/'), program);
  if (existsSync(file)) return file;
  // In a folder beside it, and moved when it is whole: a kill leaves nothing that looks installed.
  const fresh = `${folder}.${process.pid}`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  const manifest = { private: true, dependencies: { [name]: version }, allowScripts: { [name]: true } };
  writeFileSync(join(fresh, 'package.json'), JSON.stringify(manifest));
  const args = ['install', '--no-audit', '--no-fund', '--include=optional', '--no-package-lock'];
  const { status, stdout, stderr, error } = spawnSync('npm', args, { cwd: fresh, encoding: 'utf8' });
  if (status !== 0) {
    rmSync(fresh, { recursive: true, force: true });
    throw new Error(`npm could not install ${name}@${version}:\n${error?.message ?? `${stdout}${stderr}`}`);
  }
  rmSync(folder, { recursive: true, force: true });
  renameSync(fresh, folder);
  return file;
}
