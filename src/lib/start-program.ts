import {
  type ChildProcess,
  type ChildProcessWithoutNullStreams,
  spawn,
  type SpawnOptions,
  type StdioOptions,
} from 'node:child_process';

export type ProgramStart = Omit<SpawnOptions, 'stdio'> & {
  /** Beside its input, its output and what it complains of: a pipe 3. */
  readonly hasFourth?: boolean | undefined;
};

/** Starts a program with pipes to it. Never throws: `failed` gets what kept it from running, after this has returned.
 *  Null: it has not even pipes. */
export function startProgram(
  file: string,
  args: readonly string[],
  { hasFourth = false, ...options }: ProgramStart,
  failed: (error: NodeJS.ErrnoException) => void,
): ChildProcessWithoutNullStreams | null {
  try {
    const stdio: StdioOptions = hasFourth ? ['pipe', 'pipe', 'pipe', 'pipe'] : 'pipe';
    const child: ChildProcess = spawn(file, args, { ...options, stdio });
    child.on('error', failed);
    // There are none when there are too many open files; that is told as an error, too.
    return hasPipes(child) ? child : null;
  } catch (error) {
    process.nextTick(failed, error);
    return null;
  }
}

function hasPipes(child: ChildProcess): child is ChildProcessWithoutNullStreams {
  return child.stdin != null && child.stdout != null && child.stderr != null;
}
