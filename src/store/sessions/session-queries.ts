import { sql } from 'kysely';
import type { AgentName } from '../../core/model/agent.ts';
import { build, query } from '../sql/query.ts';

export const insertSession = query<{
  workspace: string;
  agent: AgentName;
  agent_session_id: string | null;
  created_at: number;
  last_activity_at: number;
}>()((arg) =>
  build
    .insertInto('sessions')
    .values({
      workspace: arg('workspace'),
      agent: arg('agent'),
      agent_session_id: arg('agent_session_id'),
      created_at: arg('created_at'),
      last_activity_at: arg('last_activity_at'),
    })
    .returningAll(),
);

export const sessionOf = query<{ workspace: string }>()((arg) =>
  build.selectFrom('sessions').selectAll().where('workspace', '=', arg('workspace')),
);

export const allSessions = query<Record<never, never>>()(() =>
  build.selectFrom('sessions').selectAll().orderBy('workspace'),
);

/** Null leaves a column as it is. */
export const changeSession = query<{
  workspace: string;
  agent_session_id: string | null;
  last_activity_at: number | null;
}>()((arg) =>
  build
    .updateTable('sessions')
    .set((eb) => ({
      agent_session_id: eb.fn.coalesce(arg('agent_session_id'), 'agent_session_id'),
      last_activity_at: eb.fn.coalesce(arg('last_activity_at'), 'last_activity_at'),
    }))
    .where('workspace', '=', arg('workspace')),
);

export const forgetSession = query<{ workspace: string }>()((arg) =>
  build.deleteFrom('sessions').where('workspace', '=', arg('workspace')),
);

export const activeRequests = query<{ workspace: string }>()((arg) =>
  build
    .selectFrom(
      build
        .selectFrom('requests')
        .select('seq')
        .where('workspace', '=', arg('workspace'))
        .where('state', '=', sql.lit('queued' as const))
        .unionAll(
          build
            .selectFrom('requests')
            .select('seq')
            .where('workspace', '=', arg('workspace'))
            .where('state', '=', sql.lit('running' as const)),
        )
        .as('active'),
    )
    .select((eb) => eb.fn.countAll<number>().as('count')),
);
