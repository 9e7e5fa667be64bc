import path from 'node:path';
import { GatewayError } from '../core/model/errors.ts';
import type { KeptKeysApi } from '../core/ports/gateway/requests.ts';
import type { RequestsApi, Submission, Submitted } from '../core/ports/gateway/requests.ts';
import type { Log } from '../core/ports/log.ts';
import type { Arrival } from './arrivals.ts';
import { isConflictCopy, toEnding, toStem } from './names.ts';
import type { Places } from './places.ts';
import { isWholeJson, parseTask } from './task.ts';
import { SYMLINK, withTaskFile, type TaskFile } from './task-file.ts';

/** Whose the keys of files are. A file's key is its name; it is kept until that file has been moved away. */
export const OWNER = 'file';

export type Outcome =
  /** It became a request, was set aside, or is gone. */
  | { readonly kind: 'done' }
  /** It may not be complete. */
  | { readonly kind: 'unsettled' }
  | { readonly kind: 'queue_full'; readonly workspace: string; readonly retryMs: number }
  /** The gateway stops. */
  | { readonly kind: 'draining' };

export interface TakeDeps {
  readonly folder: string;
  /** Of tasks that name none. */
  readonly workspace: string;
  readonly requests: Pick<RequestsApi, 'submit'>;
  readonly keptKeys: Pick<KeptKeysApi, 'release'>;
  readonly places: Places;
  /** The numbers of files do not stay here. */
  readonly onRenumbered: () => void;
  readonly log: Log;
}

const DONE = { kind: 'done' } as const;
const UNSETTLED = { kind: 'unsettled' } as const;
const RETRY_MS = 5_000;
/** Beside it stands the other one, which runs. */
const CONFLICT =
  'a program that keeps folders in step has made it, since two places wrote a file of this name: look which one is meant, and drop it under a name of its own';

/** Makes one arrival a request, and moves it away; or says why not. Whatever it is cut off at, doing it again for the
 *  same file comes to the same one request. */
export async function take(deps: TakeDeps, arrival: Arrival): Promise<Outcome> {
  const { name, kind, isSettled } = arrival;
  if (!isSettled && (kind !== 'file' || toEnding(name) !== '.json')) return UNSETTLED;
  const reject = async (why: string, field: string | null): Promise<Outcome> => {
    // What is still being written may become right.
    if (!isSettled) return UNSETTLED;
    const isNew = await deps.places.reject(arrival, { why, field });
    if (isNew) deps.log.warn({ file: name, field, why }, 'inbox.rejected');
    return DONE;
  };
  switch (kind) {
    case 'nameless':
      return reject('its name is not UTF-8', null);
    case 'folder':
      return reject('folders are not looked into', null);
    case 'symlink':
      return reject(SYMLINK, null);
    case 'special':
      return reject('it is no regular file', null);
    case 'file':
      if (isConflictCopy(name)) return reject(CONFLICT, null);
      return withTaskFile(path.join(deps.folder, name), async (reading) => {
        if (reading.kind === 'moving') return UNSETTLED;
        if (reading.kind === 'refused') return reject(reading.why, null);
        if (!isSettled && !isWholeJson(reading.file.bytes)) return UNSETTLED;
        try {
          return await accept(deps, name, reading.file);
        } catch (error) {
          if (isFault(error)) return reject(error.message, error.field ?? null);
          throw error;
        }
      });
  }
}

async function accept(deps: TakeDeps, name: string, file: TaskFile): Promise<Outcome> {
  const submission = toSubmission(deps, name, file);
  let submitted: Submitted;
  try {
    submitted = await submit(deps, submission);
  } catch (error) {
    if (!(error instanceof GatewayError)) throw error;
    if (error.code === 'draining') return { kind: 'draining' };
    if (error.code !== 'queue_full') throw error;
    const retryMs = typeof error.retry === 'object' ? error.retry.afterMs : RETRY_MS;
    return { kind: 'queue_full', workspace: submission.workspace, retryMs };
  }
  const { request, replayed } = submitted;
  const moved = await deps.places.moveToTaken(name, request.id, file.stat);
  // What stands there again may be this file after all: while its key is kept, it comes to the same request.
  if (moved !== 'replaced') await deps.keptKeys.release(OWNER, name);
  if (moved === 'renumbered') deps.onRenumbered();
  deps.log.info({ requestId: request.id, file: name, replayed, moved }, 'inbox.taken');
  return DONE;
}

/** A kept key with another content is of an earlier file of this name that is no longer here. */
async function submit({ requests, keptKeys }: TakeDeps, submission: Submission): Promise<Submitted> {
  try {
    return await requests.submit(submission);
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code !== 'idempotency_mismatch') throw error;
    await keptKeys.release(OWNER, submission.idempotency?.key ?? '');
    return requests.submit(submission);
  }
}

function toSubmission(deps: TakeDeps, name: string, { bytes, hash }: TaskFile): Submission {
  const { workspace = deps.workspace, priority = 'background', ...task } = parseTask(name, bytes);
  return {
    ...task,
    workspace,
    priority,
    source: 'file',
    identity: { transport: 'file', user_id: null, channel_id: name, thread_id: null },
    idempotency: { owner: OWNER, key: name, bodyHash: hash, field: 'file', kept: true },
    responseFile: toStem(name),
  };
}

/** Of the file; a cause tells that it was the machine, which may be repaired. */
function isFault(error: unknown): error is GatewayError {
  if (!(error instanceof GatewayError) || error.cause !== undefined) return false;
  return error.code === 'invalid_field' || error.code === 'prompt_too_large' || error.code === 'agent_mismatch';
}
