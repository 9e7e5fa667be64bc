import { sql, type RawBuilder } from 'kysely';
import type { Reach } from '../../core/model/keys/key.ts';
import type { RequestState, Source } from '../../core/model/request.ts';
import { type ArgOf, build, query, type Query } from '../sql/query.ts';
import type { RequestsTable } from '../sql/tables.ts';
import { within } from '../sql/within.ts';

/** All but the long texts. */
const columns = [
  'seq',
  'id',
  'workspace',
  'agent',
  'source',
  'priority',
  'state',
  'phase',
  'reason',
  'retryable',
  'error',
  'created_at',
  'started_at',
  'completed_at',
  'epoch',
] as const;

export type ListedRow = Pick<RequestsTable, Exclude<(typeof columns)[number], 'seq'>> & {
  readonly seq: number;
  readonly bytes: number | null;
};

// A type, for an interface has no index signature.
type Args = {
  readonly workspace: string;
  readonly source: Source | '';
  readonly state: RequestState;
  readonly from: number;
  readonly to: number;
  readonly createdAt: number;
  readonly seq: number;
  readonly limit: number;
};

type Condition = (arg: ArgOf<Args>) => RawBuilder<boolean>;

const isOfWorkspaceAndState: Condition = (arg) =>
  sql`workspace || ' ' || state = ${arg('workspace')} || ' ' || ${arg('state')} and completed_at is not null`;
/** Inside of what an index finds; it holds the source, too. */
const hasSource: Condition = (arg) => sql`source || '' = ${arg('source')}`;
/** Of these there are few. */
const others: Condition = (arg) =>
  sql`(${arg('workspace')} = '' or workspace = ${arg('workspace')}) and (${arg('source')} = '' or source = ${arg('source')})`;

/** What a list is filtered by, each in the words by which its index is found, and no other. */
const FILTERS = {
  none: () => sql<boolean>`true`,
  workspace: (arg) => sql<boolean>`workspace = ${arg('workspace')}`,
  source: (arg) => sql<boolean>`source = ${arg('source')}`,
  'workspace and source': (arg) => sql<boolean>`workspace = ${arg('workspace')} and ${hasSource(arg)}`,
  state: (arg) => sql<boolean>`state || '' = ${arg('state')} and completed_at is not null`,
  'workspace and state': isOfWorkspaceAndState,
  'state and source': (arg) =>
    sql<boolean>`state || ' ' || source = ${arg('state')} || ' ' || ${arg('source')} and completed_at is not null`,
  all: (arg) => sql<boolean>`${isOfWorkspaceAndState(arg)} and ${hasSource(arg)}`,
  queued: (arg) => sql<boolean>`state = 'queued' and ${others(arg)}`,
  running: (arg) => sql<boolean>`state = 'running' and ${others(arg)}`,
} satisfies Record<string, Condition>;

export type FilterName = keyof typeof FILTERS;

/** Newest first, behind a place. */
function makeList(filter: FilterName, reach: Reach = null): Query<Args, ListedRow> {
  return query<Args>()((arg) =>
    build
      .selectFrom('requests')
      .select(columns)
      .select(sql<number | null>`octet_length(text)`.as('bytes'))
      .where(FILTERS[filter](arg))
      .$if(reach !== null, (list) => list.where(within(reach)))
      .where('created_at', '>=', arg('from'))
      .where('created_at', '<', arg('to'))
      .where('created_at', '<=', arg('createdAt'))
      .where((eb) => eb.or([eb('created_at', '<', arg('createdAt')), eb('seq', '<', arg('seq'))]))
      .orderBy('created_at', 'desc')
      .orderBy('seq', 'desc')
      .limit(arg('limit')),
  );
}

/** For a caller that sees all. */
const lists: Readonly<Record<FilterName, Query<Args, ListedRow>>> = {
  none: makeList('none'),
  workspace: makeList('workspace'),
  source: makeList('source'),
  state: makeList('state'),
  'workspace and state': makeList('workspace and state'),
  'state and source': makeList('state and source'),
  'workspace and source': makeList('workspace and source'),
  all: makeList('all'),
  queued: makeList('queued'),
  running: makeList('running'),
};

export function listedRequests(filter: FilterName, reach: Reach): Query<Args, ListedRow> {
  return reach === null ? lists[filter] : makeList(filter, reach);
}
