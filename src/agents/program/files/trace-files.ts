import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Where the shells of an agent find the trace that its present turn belongs to. The agent's program outlives its turns, and
 *  the variables that it was started with are those of its first one. */
export interface TraceFiles {
  /** Forgets the trace of an earlier agent; returns the path of the file. */
  prepare(workspace: string): Promise<string>;
  /** Null: it belongs to none. */
  put(workspace: string, traceparent: string | null): Promise<void>;
}

export function createTraceFiles(root: string): TraceFiles {
  const toFile = (workspace: string): string => path.join(root, workspace, 'trace');

  async function put(workspace: string, traceparent: string | null): Promise<void> {
    const file = toFile(workspace);
    const draft = `${file}.draft`;
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    // In one step: a shell may read it at any moment.
    await writeFile(draft, traceparent === null ? '' : `export TRACEPARENT=${traceparent}\n`, { mode: 0o600 });
    await rename(draft, file);
  }

  return {
    async prepare(workspace) {
      await put(workspace, null);
      return toFile(workspace);
    },
    put,
  };
}
