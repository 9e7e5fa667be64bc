import { runProgram } from '../../lib/run-program.ts';

/** All that is in a folder, as one file, which is there already and empty. */
export async function pack(folder: string, file: string, env: NodeJS.ProcessEnv): Promise<void> {
  await tar(['-czf', file, '-C', folder, '.'], env);
}

/** @throws Error when the file is no archive, or not all of one. */
export async function unpack(file: string, folder: string, env: NodeJS.ProcessEnv): Promise<void> {
  await tar(['-xzf', file, '-C', folder, '--no-same-owner'], env);
}

async function tar(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const { code, stderr } = await runProgram('tar', args, { env: { PATH: env['PATH'], LC_ALL: 'C' } });
  if (code !== 0) throw new Error(`tar: ${stderr.trim().split('\n', 1)[0] ?? `ended with ${code}`}`);
}
