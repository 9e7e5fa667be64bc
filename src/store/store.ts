import type { Store } from '../core/ports/store.ts';
import { settleAnswer, leave, leaveAll } from './answers/owed-answers.ts';
import {
  decideApproval,
  listApprovals,
  openApproval,
  readApproval,
  readRules,
  settleApproval,
} from './approvals/approvals.ts';
import { listAudit, noteAudit } from './audit/audit.ts';
import { readBacklog } from './backlog/backlog.ts';
import {
  countOwed,
  isTold,
  listFailingLanes,
  listOwedLanes,
  readEarlierMessages,
  readLaneHead,
} from './deliveries/deliveries.ts';
import { listDeliveries, readDelivery } from './deliveries/list.ts';
import { appendNumbered, listEvents, readEventSpan, readLastPauseEvent } from './events/events.ts';
import { listHooks, setHooks } from './hooks/hooks.ts';
import { listKeptKeys, releaseKey } from './idempotency/idempotency.ts';
import { addKey, deleteKey, listKeys, readKey, rotateKey, touchKey } from './keys/keys.ts';
import { refuseMessage } from './outbox/notices.ts';
import {
  beginDelivery,
  delayDelivery,
  endDelivery,
  keepPart,
  oweTest,
  repeatDelivery,
  retellProgress,
} from './outbox/outbox.ts';
import { deleteWebhook, disableWebhook } from './outbox/refusals.ts';
import {
  beginQuick,
  expireQuick,
  forgetQuick,
  listQuick,
  listQuickTurns,
  readQuick,
  readQuickMessages,
  readyQuick,
  removeQuick,
} from './quick/quick.ts';
import { forget, readNeededSince } from './retention/retention.ts';
import {
  hasQueued,
  listQueued,
  listRequests,
  listUnended,
  listUnendedFor,
  listUsagePending,
  readDurations,
  readOldestQueuedAt,
  readRequest,
} from './requests/requests.ts';
import {
  countRequests,
  deleteSession,
  ensureSession,
  listSessions,
  readSession,
  updateSession,
} from './sessions/sessions.ts';
import { listSpent, sumSpent, sumSpentInSession } from './spending/spending.ts';
import type { Database } from './sql/database.ts';
import { probe } from './sql/probe.ts';
import type { Step } from './sql/step.ts';
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
import { accept, findByKey } from './turns/accept.ts';
import { claim, readHead, readPosition } from './turns/claim.ts';
import { foresee } from './turns/foresee.ts';
import { readStanding } from './turns/standing.ts';
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
import { addWebhook, listWebhooks, readWebhook, rotateSecret } from './webhooks/webhooks.ts';

/** The store, whatever its database. `now`: epoch milliseconds, for the positions of requests that have waited long. */
// oxlint-disable-next-line eslint/max-lines-per-function -- a list: each step by its name
export function createStore(database: Database, now: () => number): Store {
  const write =
    <Args extends readonly unknown[], T>(step: (...args: Args) => Step<T>) =>
    (...args: Args): Promise<T> =>
      database.write(() => step(...args));
  const read =
    <Args extends readonly unknown[], T>(step: (...args: Args) => Step<T>) =>
    (...args: Args): Promise<T> =>
      database.read(() => step(...args));
  const look =
    <Args extends readonly unknown[], T>(step: (...args: Args) => Step<T>) =>
    (...args: Args): Promise<T> =>
      database.look(() => step(...args));
  return {
    accept: write(accept),
    foresee: write(foresee),
    findByKey: read(findByKey),
    listKeptKeys: look(listKeptKeys),
    releaseKey: write(releaseKey),
    leave: write(leave),
    leaveAll: write(leaveAll),
    settleAnswer: write(settleAnswer),

    claim: write(claim),
    progress: write(progress),
    keepHookMetadata: write(keepHookMetadata),
    requeue: write(requeue),
    end: write(end),
    noteUsage: write(noteUsage),
    endQueued: write(endQueued),
    endOverdue: write(endOverdue),
    changePrompt: write(changePrompt),
    askCancel: write(askCancel),

    readRequest: look(readRequest),
    readHead: read(readHead),
    readPosition: (id) => database.read(() => readPosition(id, now())),
    readStanding: (id) => database.read(() => readStanding(id, now())),
    readDurations: look(readDurations),
    readOldestQueuedAt: look(readOldestQueuedAt),
    listUnended: read(listUnended),
    listRequests: look(listRequests),
    listUsagePending: look(listUsagePending),
    listUnendedFor: read(listUnendedFor),
    hasQueued: look(hasQueued),
    listQueued: look(listQueued),

    openApproval: write(openApproval),
    decideApproval: write(decideApproval),
    settleApproval: write(settleApproval),
    readApproval: look(readApproval),
    listApprovals: read(listApprovals),
    readRules: look(readRules),

    ensureSession: write(ensureSession),
    updateSession: write(updateSession),
    deleteSession: write(deleteSession),
    readSession: look(readSession),
    listSessions: look(listSessions),
    countRequests: read(countRequests),

    listOwedLanes: read(listOwedLanes),
    readLaneHead: read(readLaneHead),
    beginDelivery: write(beginDelivery),
    delayDelivery: write(delayDelivery),
    endDelivery: write(endDelivery),
    keepPart: write(keepPart),
    readEarlierMessages: look(readEarlierMessages),
    readDelivery: look(readDelivery),
    repeatDelivery: write(repeatDelivery),
    retellProgress: write(retellProgress),
    isTold: look(isTold),
    listDeliveries: read(listDeliveries),
    listFailingLanes: look(listFailingLanes),
    countOwed: look(countOwed),

    setHooks: write(setHooks),
    listHooks: look(listHooks),

    addWebhook: write(addWebhook),
    readWebhook: look(readWebhook),
    listWebhooks: look(listWebhooks),
    rotateSecret: write(rotateSecret),
    deleteWebhook: (id, at, who) => deleteWebhook(database, id, at, who),
    disableWebhook: (id, at) => disableWebhook(database, id, at),
    refuseMessage: write(refuseMessage),
    oweTest: write(oweTest),

    bindThread: write(bindThread),
    findThreads: look(findThreads),
    readThread: look(readThread),
    rebindThread: write(rebindThread),
    noteHandled: write(noteHandled),
    isHandled: look(isHandled),
    listThreads: look(listThreads),
    countThreads: look(countThreads),

    beginQuick: write(beginQuick),
    readyQuick: write(readyQuick),
    expireQuick: write(expireQuick),
    removeQuick: write(removeQuick),
    forgetQuick: write(forgetQuick),
    readQuick: look(readQuick),
    listQuick: look(listQuick),
    listQuickTurns: look(listQuickTurns),
    readQuickMessages: read(readQuickMessages),

    listSpent: look(listSpent),
    sumSpent: look(sumSpent),
    sumSpentInSession: look(sumSpentInSession),

    addKey: write(addKey),
    readKey: read(readKey),
    listKeys: read(listKeys),
    rotateKey: write(rotateKey),
    deleteKey: write(deleteKey),
    touchKey: write(touchKey),

    forget: write(forget),
    readNeededSince: read(readNeededSince),
    readUsedBytes: database.usedBytes,

    noteAudit: write(noteAudit),
    listAudit: read(listAudit),

    readBacklog: read(readBacklog),
    readSizes: database.readSizes,

    appendEvent: write(appendNumbered),
    readLastPauseEvent: look(readLastPauseEvent),
    listEvents: look(listEvents),
    readEventSpan: read(readEventSpan),
    onAppended: database.onAppended,

    probe: write(probe),
    close: database.close,
  };
}
