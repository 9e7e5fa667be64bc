import { sql } from 'kysely';
import { build, query } from '../sql/query.ts';
import type { AuditTable } from '../sql/tables.ts';

export const lastLine = query<Record<never, never>>()(() =>
  build.selectFrom('audit').select(['seq', 'hash']).orderBy('seq', 'desc').limit(sql.lit(1)),
);

export const insertLine = query<{ [Name in keyof AuditTable]: AuditTable[Name] }>()((arg) =>
  build.insertInto('audit').values({
    seq: arg('seq'),
    at: arg('at'),
    who: arg('who'),
    action: arg('action'),
    workspace: arg('workspace'),
    subject: arg('subject'),
    detail: arg('detail'),
    hash: arg('hash'),
  }),
);

export const linesAfter = query<{ after: number; limit: number }>()((arg) =>
  build.selectFrom('audit').selectAll().where('seq', '>', arg('after')).orderBy('seq').limit(arg('limit')),
);
