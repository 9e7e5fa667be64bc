import { closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import type { Log } from '../core/ports/log.ts';
import type { Store } from '../core/ports/store.ts';
import { hasCode } from '../lib/error-code.ts';
import { accept } from './turns/accept.ts';
import {
  decideApproval,
  listApprovals,
  openApproval,
  readApproval,
  readRules,
  settleApproval,
} from './approvals/approvals.ts';
import { claim, readHead, readPosition } from './turns/claim.ts';
import { foresee } from './turns/foresee.ts';
import { isTold, listOwedLanes, readEarlierMessages, readLaneHead } from './deliveries/deliveries.ts';
import { failingLanes, owedCount } from './deliveries/delivery-queries.ts';
import { listDeliveries } from './deliveries/list.ts';
import { toFailingLane } from './deliveries/rows.ts';
import { firstSeq, lastPauseEvent, lastSeq } from './events/event-queries.ts';
import { appendEvent, listEvents } from './events/events.ts';
import { listHooks, setHooks } from './hooks/hooks.ts';
import { createGroupCommit } from './sql/group-commit.ts';
import { claimedKey, keptKeys, releaseKept } from './idempotency/idempotency-queries.ts';
import { migrate } from './sql/migrate.ts';
import { dropOwed } from './answers/owed-answer-queries.ts';
import { leave, leaveAll } from './answers/owed-answers.ts';
import {
  beginDelivery,
  delayDelivery,
  endDelivery,
  keepPart,
  oweTest,
  repeatDelivery,
  retellProgress,
} from './outbox/outbox.ts';
import { refuseMessage } from './outbox/notices.ts';
import { deleteWebhook, disableWebhook } from './outbox/refusals.ts';
import { deleteProbes, insertProbe } from './sql/probe-queries.ts';
import { allQuick, quickById } from './quick/quick-queries.ts';
import {
  beginQuick,
  expireQuick,
  forgetQuick,
  listQuickTurns,
  readQuickMessages,
  readyQuick,
  removeQuick,
  toQuick,
} from './quick/quick.ts';
import {
  allQueued,
  allRunning,
  lastCompleted,
  longestQueued,
  oldestQueued,
  queuedOf,
  requestById,
} from './requests/queries.ts';
import { listRequests, listUnendedFor } from './requests/requests.ts';
import { toEvent, toRequest, toSession } from './sql/rows.ts';
import { allSessions, sessionOf } from './sessions/session-queries.ts';
import { countRequests, deleteSession, ensureSession, updateSession } from './sessions/sessions.ts';
import { listSpent, sumSpent, sumSpentInSession } from './spending/spending.ts';
import { usagePending } from './spending/usage-queries.ts';
import { createStatements } from './sql/statements.ts';
import { toOpeningError } from './sql/storage-error.ts';
import {
  bindThread,
  countThreads,
  findThreads,
  isHandled,
  listThreads,
  noteHandled,
  readThread,
  rebindThread,
} from './threads/threads.ts';
import { addWebhook, listWebhooks, readWebhook, rotateSecret } from './webhooks/webhooks.ts';
import {
  askCancel,
  changePrompt,
  end,
  endOverdue,
  endQueued,
  keepHookMetadata,
  noteUsage,
  progress,
  requeue,
} from './turns/turns.ts';

export interface SqliteStoreOptions {
  /** Made, for its owner alone, when it is missing; its folder must be there. */
  readonly file: string;
  readonly log?: Log;
  /** Epoch milliseconds, for the positions of requests that have waited long. */
  readonly now?: () => number;
}

/** Reads and groups of writes are synchronous on one connection, so a read never sees half a transaction.
 *  @throws GatewayError when a newer gateway wrote the file. */
// oxlint-disable-next-line eslint/max-lines-per-function -- a list: each step by its name
export async function openSqliteStore({ file, log, now = Date.now }: SqliteStoreOptions): Promise<Store> {
  const connection = openDatabase(file, log);
  const db = createStatements(connection);
  const listeners = new Set<() => void>();
  const group = createGroupCommit(connection, () => {
    for (const listener of listeners) listener();
  });
  return {
    accept: (request, limits, idempotency) => group.write(() => accept(db, request, limits, idempotency)),
    foresee: (limits, idempotency) => group.write(() => foresee(db, limits, idempotency)),
    async findByKey(owner, key) {
      const known = db.get(claimedKey, { owner, key });
      const row = known === undefined ? undefined : db.get(requestById, { id: known.request_id });
      return row === undefined ? null : toRequest(row);
    },
    listKeptKeys: async (owner) => db.all(keptKeys, { owner }).map(({ key }) => key),
    releaseKey: (owner, key) => group.write(() => void db.run(releaseKept, { owner, key })),
    leave: (id, at) => group.write(() => leave(db, id, at)),
    leaveAll: (at) => group.write(() => leaveAll(db, at)),
    settleAnswer: (id) => group.write(() => void db.run(dropOwed, { id })),

    claim: (workspace, at) => group.write(() => claim(db, workspace, at)),
    progress: (turn, step, at) => group.write(() => progress(db, turn, step, at)),
    keepHookMetadata: (turn, metadata) => group.write(() => keepHookMetadata(db, turn, metadata)),
    requeue: (turn, at) => group.write(() => requeue(db, turn, at)),
    end: (turn, how, at) => group.write(() => end(db, turn, how, at)),
    noteUsage: (turn, usage, at) => group.write(() => noteUsage(db, turn, usage, at)),
    endQueued: (id, how, at) => group.write(() => endQueued(db, id, how, at)),
    endOverdue: (acceptedUntil, how, at) => group.write(() => endOverdue(db, acceptedUntil, how, at)),
    changePrompt: (id, next, at) => group.write(() => changePrompt(db, id, next, at)),
    askCancel: (id, at) => group.write(() => askCancel(db, id, at)),

    async readRequest(id) {
      const row = db.get(requestById, { id });
      return row === undefined ? null : toRequest(row);
    },
    readHead: async (workspace) => readHead(db, workspace),
    readPosition: async (id) => readPosition(db, id, now()),
    readDurations: async (workspace, limit) =>
      db
        .all(lastCompleted, { workspace, limit })
        .map(({ started_at, completed_at }) => (completed_at ?? 0) - (started_at ?? 0)),
    readOldestQueuedAt: async () => db.get(longestQueued, {})?.created_at ?? null,
    async listUnended() {
      const rows = [...db.all(allQueued, {}), ...db.all(allRunning, {})];
      return rows.toSorted((a, b) => a.seq - b.seq).map(toRequest);
    },
    listUsagePending: async () => db.all(usagePending, {}).map(toRequest),
    listRequests: async (filter, behind, limit) => listRequests(db, filter, behind, limit),
    listUnendedFor: async (replyTo, limit) => listUnendedFor(db, replyTo, limit),
    hasQueued: async (workspace) => db.get(oldestQueued, { workspace }) !== undefined,
    listQueued: async (workspace) => db.all(queuedOf, { workspace }).map(toRequest),

    openApproval: (turn, approval) => group.write(() => openApproval(db, turn, approval)),
    decideApproval: (id, decision, by, at) => group.write(() => decideApproval(db, id, decision, by, at)),
    settleApproval: (id, how, at) => group.write(() => settleApproval(db, id, how, at)),
    readApproval: async (id) => readApproval(db, id),
    listApprovals: async (filter, limit) => listApprovals(db, filter, limit),
    readRules: async (workspace) => readRules(db, workspace),

    ensureSession: (session) => group.write(() => ensureSession(db, session)),
    updateSession: (workspace, change) => group.write(() => updateSession(db, workspace, change)),
    deleteSession: (workspace, at) => group.write(() => deleteSession(db, workspace, at)),
    async readSession(workspace) {
      const row = db.get(sessionOf, { workspace });
      return row === undefined ? null : toSession(row);
    },
    listSessions: async () => db.all(allSessions, {}).map(toSession),
    countRequests: async (workspace) => countRequests(db, workspace),

    listOwedLanes: async (after) => listOwedLanes(db, after),
    readLaneHead: async (lane) => readLaneHead(db, lane),
    beginDelivery: (id) => group.write(() => beginDelivery(db, id)),
    delayDelivery: (id, failed, at) => group.write(() => delayDelivery(db, id, failed, at)),
    endDelivery: (id, how, at) => group.write(() => endDelivery(db, id, how, at)),
    keepPart: (id, messages) => group.write(() => keepPart(db, id, messages)),
    readEarlierMessages: async (delivery) => readEarlierMessages(db, delivery),
    repeatDelivery: (id, at) => group.write(() => repeatDelivery(db, id, at)),
    retellProgress: (id, at) => group.write(() => retellProgress(db, id, at)),
    isTold: async (approval, to) => isTold(db, approval, to),
    listDeliveries: async (filter, behind, limit) => listDeliveries(db, filter, behind, limit),
    listFailingLanes: async (limit) => db.all(failingLanes, { limit }).map(toFailingLane),
    countOwed: async () => db.get(owedCount, {})?.count ?? 0,

    setHooks: (hooks) => group.write(() => setHooks(db, hooks)),
    listHooks: async () => listHooks(db),

    addWebhook: (webhook) => group.write(() => addWebhook(db, webhook)),
    readWebhook: async (id) => readWebhook(db, id),
    listWebhooks: async () => listWebhooks(db),
    rotateSecret: (id, secret, at) => group.write(() => rotateSecret(db, id, secret, at)),
    deleteWebhook: (id, at) => deleteWebhook(group, db, id, at),
    disableWebhook: (id, at) => disableWebhook(group, db, id, at),
    refuseMessage: (refusal, now) => group.write(() => refuseMessage(db, refusal, now)),
    oweTest: (id, at) => group.write(() => oweTest(db, id, at)),

    bindThread: (thread) => group.write(() => bindThread(db, thread)),
    findThreads: async (id) => findThreads(db, id),
    readThread: async (place) => readThread(db, place),
    rebindThread: (place, workspace) => group.write(() => rebindThread(db, place, workspace)),
    noteHandled: (place, messageId) => group.write(() => noteHandled(db, place, messageId)),
    isHandled: async (place, messageId) => isHandled(db, place, messageId),
    listThreads: async (limit) => listThreads(db, limit),
    countThreads: async () => countThreads(db),

    beginQuick: (repo, at) => group.write(() => beginQuick(db, repo, at)),
    readyQuick: (id, made, at) => group.write(() => readyQuick(db, id, made, at)),
    expireQuick: (id, at) => group.write(() => expireQuick(db, id, at)),
    removeQuick: (id) => group.write(() => removeQuick(db, id)),
    forgetQuick: (id, kept, at) => group.write(() => forgetQuick(db, id, kept, at)),
    async readQuick(id) {
      const row = db.get(quickById, { id });
      return row === undefined ? null : toQuick(row);
    },
    listQuick: async () => db.all(allQuick, {}).map(toQuick),
    listQuickTurns: async (id) => listQuickTurns(db, id),
    readQuickMessages: async (id, limit) => readQuickMessages(db, id, limit),

    listSpent: async (by, span, limit) => listSpent(db, by, span, limit),
    sumSpent: async (span) => sumSpent(db, span),
    sumSpentInSession: async (workspace) => sumSpentInSession(db, workspace),

    appendEvent: (event) => group.write(() => appendEvent(db, event)),
    readLastPauseEvent: async () => db.all(lastPauseEvent, {}).map(toEvent)[0] ?? null,
    listEvents: async (after, limit, filter = {}) => listEvents(db, after, limit, filter),
    readEventSpan: async () => ({ first: db.get(firstSeq, {})?.seq ?? 1, last: db.get(lastSeq, {})?.seq ?? 0 }),
    onAppended(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },

    probe: () =>
      group.write(() => {
        db.run(insertProbe, {});
        db.run(deleteProbes, {});
      }),
    async close() {
      await group.close();
      if (connection.isOpen) connection.close();
    },
  };
}

/** @throws Error that names the file and the way out. */
function openDatabase(file: string, log: Log | undefined): DatabaseSync {
  try {
    createPrivately(file);
    return openKnown(file, log);
  } catch (error) {
    throw toOpeningError(error, file);
  }
}

function openKnown(file: string, log: Log | undefined): DatabaseSync {
  const db = new DatabaseSync(file, { timeout: 5_000, enableForeignKeyConstraints: true });
  try {
    const found = migrate(db, file);
    // NORMAL would lose acknowledged rows when the power fails.
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL');
    // What undoes a write within its group would go to the folder for temporary files, which may be full.
    db.exec('PRAGMA temp_store = MEMORY');
    log?.info({ file, migratedFrom: found }, 'store.opened');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** SQLite gives its -wal and -shm files the mode of the database. An existing file is not opened here: closing a
 *  descriptor of it would drop the locks that this process holds on it. */
function createPrivately(file: string): void {
  try {
    closeSync(openSync(file, 'wx', 0o600));
  } catch (error) {
    if (!hasCode(error, 'EEXIST')) throw error;
  }
}
