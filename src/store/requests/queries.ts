import { type ExpressionBuilder, sql } from 'kysely';
import type { ConversationLoss, EndState, Phase, Reason, RequestState } from '../../core/model/request.ts';
import { type ArgOf, build, query } from '../sql/query.ts';
import type { Tables } from '../sql/tables.ts';

// States are literals, never arguments: only then may the planner use the partial indices.
const state = (name: RequestState) => sql.lit(name);
const isQueued = (eb: ExpressionBuilder<Tables, 'requests'>) => eb('state', '=', state('queued'));
const isRunning = (eb: ExpressionBuilder<Tables, 'requests'>) => eb('state', '=', state('running'));

export const requestById = query<{ id: string }>()((arg) =>
  build.selectFrom('requests').selectAll().where('id', '=', arg('id')),
);

/** With how many approvals and deliveries there are of it. */
export const requestWithCounts = query<{ id: string }>()((arg) =>
  build
    .selectFrom('requests')
    .selectAll()
    .select((eb) => [
      eb
        .selectFrom('approvals')
        .select((of) => of.fn.countAll<number>().as('count'))
        .whereRef('approvals.request_id', '=', 'requests.id')
        .as('approvals'),
      eb
        .selectFrom('deliveries')
        .select((of) => of.fn.countAll<number>().as('count'))
        .whereRef('deliveries.request_id', '=', 'requests.id')
        .as('deliveries'),
    ])
    .where('requests.id', '=', arg('id')),
);

export const runningInSession = query<{ workspace: string }>()((arg) =>
  build.selectFrom('requests').select('id').where('workspace', '=', arg('workspace')).where(isRunning),
);

export const oldestQueued = query<{ workspace: string }>()((arg) =>
  build
    .selectFrom('requests')
    .select(['id', 'seq', 'created_at'])
    .where('workspace', '=', arg('workspace'))
    .where(isQueued)
    .orderBy('seq')
    .limit(sql.lit(1)),
);

export const firstOfHighestClass = query<{ workspace: string }>()((arg) =>
  build
    .selectFrom('requests')
    .select(['id', 'priority'])
    .where('workspace', '=', arg('workspace'))
    .where(isQueued)
    .orderBy('rank')
    .orderBy('seq')
    .limit(sql.lit(1)),
);

/** The n-th youngest request of the workspace that was ever started: n turns overtook all that wait before it. */
export const nthLastStarted = query<{ workspace: string; skip: number }>()((arg) =>
  build
    .selectFrom('requests')
    .select('seq')
    .where('workspace', '=', arg('workspace'))
    .where('started_at', 'is not', null)
    .orderBy('seq', 'desc')
    .limit(sql.lit(1))
    .offset(arg('skip')),
);

/** Optimistic: changes no row when somebody else was first. */
export const startQueued = query<{ id: string; now: number }>()((arg) =>
  build
    .updateTable('requests')
    .set((eb) => ({
      state: state('running'),
      phase: sql.lit('preparing' as const),
      started_at: arg('now'),
      epoch: eb('epoch', '+', sql.lit(1)),
      transcript_offset: null,
      told_position: null,
      // Its hooks are asked anew.
      hook_metadata: null,
    }))
    .where('id', '=', arg('id'))
    .where(isQueued)
    .returningAll(),
);

/** How many of its session go before the request of this seq and rank; `agedBefore` and `agedSince` as in `claim.ts`. */
export const queuedAhead = query<{
  workspace: string;
  seq: number;
  rank: number;
  agedBefore: number;
  agedSince: number;
}>()((arg) =>
  build
    .selectFrom('requests')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('workspace', '=', arg('workspace'))
    .where(isQueued)
    .where((eb) =>
      eb.or([
        eb('rank', '<', arg('rank')),
        eb.and([eb('rank', '=', arg('rank')), eb('seq', '<', arg('seq'))]),
        eb.and([
          eb('seq', '<', arg('seq')),
          eb.or([eb('seq', '<', arg('agedBefore')), eb('created_at', '<=', arg('agedSince'))]),
        ]),
      ]),
    ),
);

export const queuedBefore = query<{ workspace: string; seq: number }>()((arg) =>
  build
    .selectFrom('requests')
    .select((eb) => eb.fn.countAll<number>().as('count'))
    .where('workspace', '=', arg('workspace'))
    .where(isQueued)
    .where('seq', '<', arg('seq')),
);

export const queuedOf = query<{ workspace: string }>()((arg) =>
  build.selectFrom('requests').selectAll().where('workspace', '=', arg('workspace')).where(isQueued).orderBy('seq'),
);

// In no order: asked for one, SQLite walks through the whole table in it.
export const allQueued = query<Record<never, never>>()(() => build.selectFrom('requests').selectAll().where(isQueued));

export const allRunning = query<Record<never, never>>()(() =>
  build.selectFrom('requests').selectAll().where(isRunning),
);

export const ownedTurn = query<{ id: string; epoch: number }>()((arg) =>
  build
    .selectFrom('requests')
    .select(['workspace', 'phase', 'reply_to', 'source'])
    .where('id', '=', arg('id'))
    .where('epoch', '=', arg('epoch'))
    .where(isRunning),
);

type ProgressArgs = {
  readonly id: string;
  readonly epoch: number;
  readonly phase: Phase;
  readonly offset: number | null;
  readonly altered: string | null;
  readonly arrived: string | null;
  readonly conversationLost: ConversationLoss | null;
};

export const setProgress = query<ProgressArgs>()((arg) =>
  build
    .updateTable('requests')
    .set((eb) => ({
      phase: arg('phase'),
      transcript_offset: eb.fn.coalesce(arg('offset'), 'transcript_offset'),
      altered: eb.fn.coalesce(arg('altered'), 'altered'),
      arrived: eb.fn.coalesce(arg('arrived'), 'arrived'),
      conversation_lost: eb.fn.coalesce(arg('conversationLost'), 'conversation_lost'),
    }))
    .where('id', '=', arg('id'))
    .where('epoch', '=', arg('epoch'))
    .where(isRunning),
);

export const setHookMetadata = query<{ id: string; epoch: number; metadata: string }>()((arg) =>
  build
    .updateTable('requests')
    .set({ hook_metadata: arg('metadata') })
    .where('id', '=', arg('id'))
    .where('epoch', '=', arg('epoch'))
    .where(isRunning),
);

export const queueAgain = query<{ id: string; epoch: number }>()((arg) =>
  build
    .updateTable('requests')
    .set({ state: state('queued'), phase: null, started_at: null, transcript_offset: null, told_position: null })
    .where('id', '=', arg('id'))
    .where('epoch', '=', arg('epoch'))
    .where(isRunning)
    .returning(['workspace', 'reply_to', 'source']),
);

// A type, for an interface has no index signature.
type EndArgs = {
  readonly state: EndState;
  readonly reason: Reason | null;
  readonly retryable: number | null;
  readonly error: string | null;
  readonly text: string | null;
  readonly usage: string | null;
  readonly usagePending: number;
  readonly now: number;
};

const ended = (arg: ArgOf<EndArgs>) => ({
  state: arg('state'),
  reason: arg('reason'),
  retryable: arg('retryable'),
  error: arg('error'),
  text: arg('text'),
  usage: arg('usage'),
  usage_pending: arg('usagePending'),
  completed_at: arg('now'),
});

export const endRunning = query<EndArgs & { id: string; epoch: number }>()((arg) =>
  build
    .updateTable('requests')
    .set({ ...ended(arg), phase: null })
    .where('id', '=', arg('id'))
    .where('epoch', '=', arg('epoch'))
    .where(isRunning)
    .returning(['id', 'workspace', 'session_id', 'identity', 'reply_to', 'source']),
);

export const endWaiting = query<EndArgs & { id: string }>()((arg) =>
  build
    .updateTable('requests')
    .set(ended(arg))
    .where('id', '=', arg('id'))
    .where(isQueued)
    .returning(['workspace', 'reply_to', 'source']),
);

/** All that were accepted then or earlier and still wait. */
export const endWaitingSince = query<EndArgs & { acceptedUntil: number }>()((arg) =>
  build
    .updateTable('requests')
    .set(ended(arg))
    .where(isQueued)
    .where('created_at', '<=', arg('acceptedUntil'))
    .returningAll(),
);

/** Optimistic, as the others. It keeps its place. */
export const setPrompt = query<{ id: string; prompt: string; altered: string | null }>()((arg) =>
  build
    .updateTable('requests')
    .set({ prompt: arg('prompt'), altered: arg('altered') })
    .where('id', '=', arg('id'))
    .where(isQueued)
    .returningAll(),
);

export const lastCompleted = query<{ workspace: string; limit: number }>()((arg) =>
  build
    .selectFrom('requests')
    .select(['started_at', 'completed_at'])
    .where('workspace', '=', arg('workspace'))
    .where('state', '=', state('completed'))
    .orderBy('completed_at', 'desc')
    .limit(arg('limit')),
);

export const longestQueued = query<Record<never, never>>()(() =>
  build.selectFrom('requests').select('created_at').where(isQueued).orderBy('created_at').limit(sql.lit(1)),
);

export const noteCancel = query<{ id: string; now: number }>()((arg) =>
  build
    .updateTable('requests')
    .set({ cancel_asked_at: arg('now') })
    .where('id', '=', arg('id'))
    .where(isRunning)
    .where('cancel_asked_at', 'is', null)
    .returning(['workspace', 'reply_to', 'source']),
);
