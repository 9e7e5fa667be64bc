import type { Selectable } from 'kysely';
import type { ThreadPlace, ThreadRecord } from '../../core/model/thread.ts';
import { returned, type Statements } from '../sql/statements.ts';
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
export function bindThread(
  db: Statements,
  thread: ThreadRecord,
): { readonly thread: ThreadRecord; readonly created: boolean } {
  const place = { transport: thread.transport, chat: thread.chat, thread_id: thread.threadId };
  const { workspace, name, createdAt: created_at } = thread;
  const row = db.get(insertThread, { ...place, workspace, name, created_at });
  return { thread: toThread(row ?? returned(db.get(threadAt, place))), created: row !== undefined };
}

export function findThreads(db: Statements, threadId: string): readonly ThreadRecord[] {
  return db.all(threadsById, { thread_id: threadId }).map(toThread);
}

export function readThread(db: Statements, { transport, chat, threadId }: ThreadPlace): ThreadRecord | null {
  const row = db.get(threadAt, { transport, chat, thread_id: threadId });
  return row === undefined ? null : toThread(row);
}

/** Null when there is no such thread. */
export function rebindThread(
  db: Statements,
  { transport, chat, threadId }: ThreadPlace,
  workspace: string,
): ThreadRecord | null {
  const row = db.get(changeWorkspace, { transport, chat, thread_id: threadId, workspace });
  return row === undefined ? null : toThread(row);
}

const HANDLED_MAX = 100;

/** Must run inside one transaction. */
export function noteHandled(db: Statements, { transport, chat, threadId }: ThreadPlace, messageId: string): void {
  const place = { transport, chat, thread_id: threadId };
  const row = db.get(threadAt, place);
  if (row === undefined) return;
  const handled = [...(JSON.parse(row.handled) as readonly string[]), messageId].slice(-HANDLED_MAX);
  db.run(setHandled, { ...place, handled: JSON.stringify(handled) });
}

export function isHandled(db: Statements, { transport, chat, threadId }: ThreadPlace, messageId: string): boolean {
  const row = db.get(threadAt, { transport, chat, thread_id: threadId });
  return row !== undefined && (JSON.parse(row.handled) as readonly string[]).includes(messageId);
}

export function listThreads(db: Statements, limit: number): readonly ThreadRecord[] {
  return db.all(lastThreads, { limit }).map(toThread);
}

export function countThreads(db: Statements): number {
  return returned(db.get(threadCount, {})).count;
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
