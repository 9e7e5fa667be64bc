import { constants } from 'node:fs';
import { access, mkdir, open } from 'node:fs/promises';
import path from 'node:path';
import type { RequestRecord } from '../core/model/request.ts';
import { hasCode, toCode } from '../lib/error-code.ts';
import { publish } from './durable.ts';

/** Where answers are written as files. */
export interface ResponseFiles {
  /** Resolves when the file is on disk. Written again for the same request, it is still one file.
   *  `name`: without its ending; a file of this name that holds another answer stays as it is. */
  write(name: string, request: RequestRecord): Promise<void>;
  /** Rejects with what is wrong when nothing can be written. */
  check(): Promise<void>;
}

/** `name.response.md`; where another answer has that name, `name.<requestId>.response.md`. */
export async function openResponseFiles(folder: string): Promise<ResponseFiles> {
  // What is wrong with it, the check tells.
  await mkdir(folder, { recursive: true }).catch(() => {});
  return {
    async write(name, request) {
      for (const stem of [name, `${name}.${request.id}`]) {
        const file = `${stem}.response.md`;
        const holder = await readRequestId(path.join(folder, file));
        if (holder === null) return publish(folder, file, toResponse(request));
        // Written by a process that was killed before it noted that.
        if (holder === request.id) return;
      }
      throw new Error(`no name is free for the response file of ${request.id}`);
    },
    async check() {
      await access(folder, constants.W_OK | constants.X_OK).catch((error: unknown) => {
        throw new Error(`RESPONSES_DIR cannot be written (${toCode(error)})`, { cause: error });
      });
    },
  };
}

/** The id stands in the second line, so that a file proves whose answer it is. */
function toResponse(request: RequestRecord): string {
  const { id, source, workspace, priority, state, reason, retryable, error, text } = request;
  const fields = { request_id: id, source, workspace, priority, state, reason, retryable };
  const times = { created_at: request.createdAt, started_at: request.startedAt, completed_at: request.completedAt };
  const lines = [
    ...Object.entries(fields).map(([key, value]) => `${key}: ${value}`),
    ...Object.entries(times).map(([key, at]) => `${key}: ${at === null ? 'null' : new Date(at).toISOString()}`),
    `error: ${error === null ? 'null' : JSON.stringify(error)}`,
  ];
  return `---\n${lines.join('\n')}\n---\n\n${text === null ? '' : `${text}\n`}`;
}

const HEAD_BYTES = 256;

/** Null when there is no such file; '' when it is no answer of ours. */
async function readRequestId(file: string): Promise<string | null> {
  try {
    await using handle = await open(file, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    if (!(await handle.stat()).isFile()) return '';
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    return /^---\nrequest_id: (\S+)\n/.exec(buffer.toString('utf8', 0, bytesRead))?.[1] ?? '';
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    if (hasCode(error, 'ELOOP', 'EISDIR', 'ENXIO', 'EACCES')) return '';
    throw error;
  }
}
