import { stat } from 'node:fs/promises';
import { runProgram } from '../../../lib/run-program.ts';

/** As the program itself says, `2.1.332`; null when it does not. */
export type ReadVersion = (program: string) => Promise<string | null>;

const TIMEOUT_MS = 10_000;
/** `2.1.332 (Claude Code)` */
const VERSION = /^(\d+\.\d+\.\d+)\b/m;

/** Asks a program once, and again when its file has changed. */
export function createReadVersion(env: Readonly<Record<string, string>>): ReadVersion {
  const asked = new Map<string, { readonly file: string; readonly version: Promise<string | null> }>();
  return async (program) => {
    const file = await readFileState(program);
    if (file === null) return null;
    const last = asked.get(program);
    if (last?.file === file) return last.version;
    const version = askVersion(program, env);
    asked.set(program, { file, version });
    // Without an answer it is asked again.
    if ((await version) === null) asked.delete(program);
    return version;
  };
}

function readFileState(program: string): Promise<string | null> {
  return stat(program).then(
    ({ mtimeMs, size }) => `${mtimeMs} ${size}`,
    () => null,
  );
}

async function askVersion(program: string, env: Readonly<Record<string, string>>): Promise<string | null> {
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  const answer = await runProgram(program, ['--version'], { env, signal }).catch(() => null);
  return VERSION.exec(answer?.stdout ?? '')?.[1] ?? null;
}
