import { sql } from 'kysely';
import { build, query } from '../sql/query.ts';

export const forgetKey = query<{ owner: string; key: string }>()((arg) =>
  build.deleteFrom('idempotency').where('owner', '=', arg('owner')).where('key', '=', arg('key')),
);

export const claimedKey = query<{ owner: string; key: string }>()((arg) =>
  build
    .selectFrom('idempotency')
    .select(['body_hash', 'request_id', 'created_at', 'kept'])
    .where('owner', '=', arg('owner'))
    .where('key', '=', arg('key')),
);

export const insertKey = query<{
  owner: string;
  key: string;
  body_hash: string;
  request_id: string;
  created_at: number;
  kept: number;
}>()((arg) =>
  build.insertInto('idempotency').values({
    owner: arg('owner'),
    key: arg('key'),
    body_hash: arg('body_hash'),
    request_id: arg('request_id'),
    created_at: arg('created_at'),
    kept: arg('kept'),
  }),
);

export const keptKeys = query<{ owner: string }>()((arg) =>
  build
    .selectFrom('idempotency')
    .select('key')
    .where('owner', '=', arg('owner'))
    .where('kept', '=', sql.lit(1))
    .orderBy('key'),
);

export const releaseKept = query<{ owner: string; key: string }>()((arg) =>
  build
    .deleteFrom('idempotency')
    .where('owner', '=', arg('owner'))
    .where('key', '=', arg('key'))
    .where('kept', '=', sql.lit(1)),
);
