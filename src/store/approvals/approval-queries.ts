import { sql } from 'kysely';
import type { ApprovalKind, ApprovalState, Decider } from '../../core/model/approval.ts';
import type { Reach } from '../../core/model/keys/key.ts';
import type { Phase } from '../../core/model/request.ts';
import { build, query } from '../sql/query.ts';
import { within } from '../sql/within.ts';

// A literal, never an argument: only then may the planner use the partial index.
const open = sql.lit('open' as const);

export const insertApproval = query<{
  id: string;
  request_id: string;
  workspace: string;
  kind: ApprovalKind;
  tool_use_id: string;
  subagent: string | null;
  tool: string;
  input: string;
  rules: string;
  created_at: number;
  expires_at: number;
}>()((arg) =>
  build
    .insertInto('approvals')
    .values({
      id: arg('id'),
      request_id: arg('request_id'),
      workspace: arg('workspace'),
      kind: arg('kind'),
      tool_use_id: arg('tool_use_id'),
      subagent: arg('subagent'),
      tool: arg('tool'),
      input: arg('input'),
      rules: arg('rules'),
      created_at: arg('created_at'),
      expires_at: arg('expires_at'),
      state: open,
    })
    .returningAll(),
);

export const approvalById = query<{ id: string }>()((arg) =>
  build.selectFrom('approvals').selectAll().where('id', '=', arg('id')),
);

export const approvalOfToolUse = query<{ request_id: string; tool_use_id: string }>()((arg) =>
  build
    .selectFrom('approvals')
    .selectAll()
    .where('request_id', '=', arg('request_id'))
    .where('tool_use_id', '=', arg('tool_use_id')),
);

export const noteDecision = query<{ id: string; decision: string; by: Decider; now: number }>()((arg) =>
  build
    .updateTable('approvals')
    .set({ decision: arg('decision'), decided_by: arg('by'), decided_at: arg('now') })
    .where('id', '=', arg('id'))
    .where('state', '=', open)
    .where('decision', 'is', null)
    .returning(['id', 'request_id', 'workspace', 'tool']),
);

export const endApproval = query<{
  id: string;
  state: Exclude<ApprovalState, 'open'>;
  by: Decider;
  now: number;
}>()((arg) =>
  build
    .updateTable('approvals')
    .set((eb) => ({
      state: arg('state'),
      decided_by: arg('by'),
      decided_at: eb.fn.coalesce('decided_at', arg('now')),
      // One that came too late was not carried out.
      decision: sql<string | null>`CASE WHEN decided_by = ${arg('by')} THEN decision END`,
    }))
    .where('id', '=', arg('id'))
    .where('state', '=', open)
    .returningAll(),
);

export const openApprovalsOf = query<{ request_id: string }>()((arg) =>
  build
    .selectFrom('approvals')
    .selectAll()
    .where('request_id', '=', arg('request_id'))
    .where('state', '=', open)
    .orderBy('seq'),
);

type Filter = {
  readonly state: ApprovalState | null;
  readonly workspace: string | null;
};

const matches = (arg: (name: 'state' | 'workspace') => ReturnType<typeof sql>) =>
  sql<boolean>`(cast(${arg('state')} as text) IS NULL OR state = ${arg('state')})
    AND (cast(${arg('workspace')} as text) IS NULL OR workspace = ${arg('workspace')})`;

const makeList = (reach: Reach) =>
  query<Filter & { readonly limit: number }>()((arg) =>
    build
      .selectFrom('approvals')
      .selectAll()
      .where(matches(arg))
      .where(within(reach))
      .orderBy('seq', 'desc')
      .limit(arg('limit')),
  );

const makeCount = (reach: Reach) =>
  query<Filter>()((arg) =>
    build
      .selectFrom('approvals')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .where(matches(arg))
      .where(within(reach)),
  );

const everything = { list: makeList(null), count: makeCount(null) };

export const approvalsBy = (reach: Reach) => (reach === null ? everything.list : makeList(reach));
export const approvalCount = (reach: Reach) => (reach === null ? everything.count : makeCount(reach));

export const approvalsOfRequest = query<{ request_id: string }>()((arg) =>
  build.selectFrom('approvals').selectAll().where('request_id', '=', arg('request_id')).orderBy('seq', 'desc'),
);

export const rulesOf = query<{ workspace: string }>()((arg) =>
  build.selectFrom('sessions').select('rules').where('workspace', '=', arg('workspace')),
);

export const changeRules = query<{ workspace: string; rules: string }>()((arg) =>
  build
    .updateTable('sessions')
    .set({ rules: arg('rules') })
    .where('workspace', '=', arg('workspace')),
);

/** The phase of a turn that runs, whoever owns it. */
export const beginWaiting = query<{ request_id: string }>()((arg) =>
  build
    .updateTable('requests')
    .set({ phase: sql.lit('waiting_approval' as const) })
    .where('id', '=', arg('request_id'))
    .where('state', '=', sql.lit('running' as const)),
);

/** Where it waited before its prompt was pasted, it goes on there. */
export const endWaiting = query<{ request_id: string }>()((arg) =>
  build
    .updateTable('requests')
    .set({ phase: sql<Phase>`CASE WHEN transcript_offset IS NULL THEN 'preparing' ELSE 'working' END` })
    .where('id', '=', arg('request_id'))
    .where('state', '=', sql.lit('running' as const)),
);
