import { sql } from 'kysely';
import type { EventType } from '../../core/model/event.ts';
import type { Reach } from '../../core/model/keys/key.ts';
import { type ArgOf, build, query } from '../sql/query.ts';
import { within } from '../sql/within.ts';

type NewRow = {
  readonly type: EventType;
  readonly request_id: string | null;
  readonly workspace: string;
  readonly at: number;
  readonly data: string;
};

const insertion = (arg: ArgOf<NewRow>) =>
  build.insertInto('events').values({
    type: arg('type'),
    request_id: arg('request_id'),
    workspace: arg('workspace'),
    at: arg('at'),
    data: arg('data'),
  });

export const insertEvent = query<NewRow>()(insertion);
export const insertNumbered = query<NewRow>()((arg) => insertion(arg).returning('seq'));

// Word for word the condition of its index: only then may the planner use it.
export const lastPauseEvent = query<Record<never, never>>()(() =>
  build
    .selectFrom('events')
    .selectAll()
    .where('type', 'in', [sql.lit('agent.paused' as const), sql.lit('agent.resumed' as const)])
    .orderBy('seq', 'desc')
    .limit(sql.lit(1)),
);

const makeAfter = (reach: Reach) =>
  query<{ after: number; limit: number }>()((arg) =>
    build
      .selectFrom('events')
      .selectAll()
      .where('seq', '>', arg('after'))
      .$if(reach !== null, (list) => list.where(within(reach)))
      .orderBy('seq')
      .limit(arg('limit')),
  );

const everythingAfter = makeAfter(null);

export const eventsAfter = (reach: Reach) => (reach === null ? everythingAfter : makeAfter(reach));

export const eventsOfRequest = query<{ requestId: string; after: number; limit: number }>()((arg) =>
  build
    .selectFrom('events')
    .selectAll()
    .where('request_id', '=', arg('requestId'))
    .where('seq', '>', arg('after'))
    .orderBy('seq')
    .limit(arg('limit')),
);

export const eventsOfWorkspace = query<{ workspace: string; after: number; limit: number }>()((arg) =>
  build
    .selectFrom('events')
    .selectAll()
    .where('workspace', '=', arg('workspace'))
    .where('seq', '>', arg('after'))
    .orderBy('seq')
    .limit(arg('limit')),
);

/** Each by itself: together they would be a walk through the whole log. */
export const firstSeq = query<Record<never, never>>()(() =>
  build.selectFrom('events').select('seq').orderBy('seq').limit(1),
);
export const lastSeq = query<Record<never, never>>()(() =>
  build.selectFrom('events').select('seq').orderBy('seq', 'desc').limit(1),
);
