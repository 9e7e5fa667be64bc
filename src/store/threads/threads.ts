import type { Selectable } from 'kysely';
import type { ThreadPlace, ThreadRecord } from '../../core/model/thread.ts';
import { all, get, returned, run, type Step } from '../sql/step.ts';
import type { ThreadsTable } from '../sql/tables.ts';
import {
  changeWorkspace,
  insertThread,
  lastThreads,
  setHandled,
  threadAt,
  threadCount,
  threadsById,
} from './thread-queries.ts';

/** Must run inside one transaction. */
export function* bindThread(thread: ThreadRecord): Step<{ readonly thread: ThreadRecord; readonly created: boolean }> {
  const place = { transport: thread.transport, chat: thread.chat, thread_id: thread.threadId };
  const { workspace, name, createdAt: created_at } = thread;
  const row = yield* get(insertThread, { ...place, workspace, name, created_at });
  return { thread: toThread(row ?? returned(yield* get(threadAt, place))), created: row !== undefined };
}

export function* findThreads(threadId: string): Step<readonly ThreadRecord[]> {
  return (yield* all(threadsById, { thread_id: threadId })).map(toThread);
}

export function* readThread({ transport, chat, threadId }: ThreadPlace): Step<ThreadRecord | null> {
  const row = yield* get(threadAt, { transport, chat, thread_id: threadId });
  return row === undefined ? null : toThread(row);
}

/** Null when there is no such thread. */
export function* rebindThread(
  { transport, chat, threadId }: ThreadPlace,
  workspace: string,
): Step<ThreadRecord | null> {
  const row = yield* get(changeWorkspace, { transport, chat, thread_id: threadId, workspace });
  return row === undefined ? null : toThread(row);
}

const HANDLED_MAX = 100;

/** Must run inside one transaction. */
export function* noteHandled({ transport, chat, threadId }: ThreadPlace, messageId: string): Step<void> {
  const place = { transport, chat, thread_id: threadId };
  const row = yield* get(threadAt, place);
  if (row === undefined) return;
  const handled = [...(JSON.parse(row.handled) as readonly string[]), messageId].slice(-HANDLED_MAX);
  yield* run(setHandled, { ...place, handled: JSON.stringify(handled) });
}

export function* isHandled({ transport, chat, threadId }: ThreadPlace, messageId: string): Step<boolean> {
  const row = yield* get(threadAt, { transport, chat, thread_id: threadId });
  return row !== undefined && (JSON.parse(row.handled) as readonly string[]).includes(messageId);
}

export function* listThreads(limit: number): Step<readonly ThreadRecord[]> {
  return (yield* all(lastThreads, { limit })).map(toThread);
}

export function* countThreads(): Step<number> {
  return returned(yield* get(threadCount, {})).count;
}

function toThread(row: Selectable<ThreadsTable>): ThreadRecord {
  return {
    transport: row.transport,
    chat: row.chat,
    threadId: row.thread_id,
    workspace: row.workspace,
    name: row.name,
    createdAt: row.created_at,
  };
}
