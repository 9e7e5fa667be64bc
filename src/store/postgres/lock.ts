import { setTimeout as delay } from 'node:timers/promises';
import type { ClientBase } from 'pg';
import { GatewayError } from '../../core/model/errors.ts';

/** The class of all our advisory locks. */
const GATEHOUSE = 0x67_61_74_65;
const GATEWAY = 1;
const WRITING = 2;

/** As the first of a transaction: it runs as if it were alone, whoever else writes. Postgres frees the lock after the
 *  transaction has become visible, so events become visible in the order of their numbers. */
export const BEGIN_ALONE = `BEGIN ISOLATION LEVEL READ COMMITTED; SELECT pg_advisory_xact_lock(${GATEHOUSE}, ${WRITING})`;

/** A gateway that ended without a word is let go within moments. */
const PATIENCE_MS = 5_000;
const PAUSE_MS = 100;

/** One gateway for each database. The lock belongs to the connection that writes: who lost it cannot write any more.
 *  @throws GatewayError that says who holds it */
export async function lockDatabase(client: ClientBase, patienceMs = PATIENCE_MS): Promise<void> {
  const until = performance.now() + patienceMs;
  while (!(await tryLock(client))) {
    if (performance.now() >= until) throw alreadyUsed(await findHolder(client));
    await delay(PAUSE_MS);
  }
}

async function tryLock(client: ClientBase): Promise<boolean> {
  const { rows } = await client.query<{ held: boolean }>(
    `SELECT pg_try_advisory_lock(${GATEHOUSE}, ${GATEWAY}) AS held`,
  );
  return rows[0]?.held === true;
}

interface Holder {
  readonly application_name: string | null;
  readonly client_addr: string | null;
}

async function findHolder(client: ClientBase): Promise<Holder | undefined> {
  const { rows } = await client.query<Holder>(`SELECT application_name, client_addr::text
    FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE locktype = 'advisory' AND classid = ${GATEHOUSE} AND objid = ${GATEWAY} AND granted
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`);
  return rows[0];
}

function alreadyUsed(holder: Holder | undefined): GatewayError {
  const [, pid = 'unknown', host = holder?.client_addr ?? 'unknown'] =
    /^gatehouse (\d+) on (.+)$/.exec(holder?.application_name ?? '') ?? [];
  return new GatewayError(
    'internal',
    `another gateway (pid ${pid} on ${host}) already uses the database of DATABASE_URL: stop it or choose another one`,
  );
}
