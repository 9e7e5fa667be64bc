import { readdir, readFile, readlink } from 'node:fs/promises';
import { runProgram } from '../../lib/run-program.ts';

const TIMEOUT_MS = 5_000;

/** The processes whose command line holds these words one after the other, from its first word on or behind others. */
export async function findByWords(words: readonly string[]): Promise<readonly number[]> {
  return process.platform === 'linux' ? findInProc(words) : findInList(words);
}

async function findInProc(words: readonly string[]): Promise<readonly number[]> {
  const wanted = words.map((word) => `${word}\0`).join('');
  const own = await readWorld('self');
  const found = await Promise.all(
    (await readdir('/proc'))
      .filter((name) => /^\d+$/.test(name))
      .map(async (name) => {
        const line = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(() => '');
        const isIt = line.startsWith(wanted) || line.includes(`\0${wanted}`);
        return isIt && (await readWorld(name)) === own ? [Number(name)] : [];
      }),
  );
  return found.flat();
}

/** In another container the same path is another file. */
function readWorld(process: string): Promise<string> {
  return readlink(`/proc/${process}/ns/mnt`).catch(() => '');
}

async function findInList(words: readonly string[]): Promise<readonly number[]> {
  const { stdout } = await runProgram('ps', ['-A', '-ww', '-o', 'pid=,command='], {
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return stdout
    .split('\n')
    .filter((line) => `${line} `.includes(` ${words.join(' ')} `))
    .map((line) => Number.parseInt(line, 10));
}

/** The command lines of what this process itself started in process groups of their own, and is still there. */
export async function readGroups(parent: number): Promise<readonly string[]> {
  const { stdout } = await runProgram('ps', ['-A', '-ww', '-o', 'pid=,ppid=,pgid=,state=,args='], {
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  return [...stdout.matchAll(GROUP)]
    .filter(([, pid, above, group, state]) => Number(above) === parent && pid === group && state !== 'Z')
    .map((found) => found[5] ?? '');
}

const GROUP = /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S)\S*\s+(.*)$/gm;
