import { Pool, type PoolClient } from 'pg';
import type { Database } from '../../sql/database.ts';
import type { Step } from '../../sql/step.ts';
import { toClientConfig } from './connect.ts';
import { carryOut } from '../statements.ts';
import { isLost, toStorageError } from '../storage-error.ts';

/** Connections that only read, at most `max` of them. */
export interface Readers extends Pick<Database, 'read' | 'look'> {
  close(): Promise<void>;
}

const BEGIN = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';

export function openReaders(url: string, max: number): Readers {
  const pool = new Pool({ ...toClientConfig(url), max });
  // One that breaks while it is idle is no loss: the pool opens another. In use, its query is told.
  pool.on('error', () => {});
  pool.on('connect', (client) => void client.on('error', () => {}));

  /** `whole`: what is asked is of one moment. */
  async function carryOutOn<T>(client: PoolClient, step: Step<T>, whole: boolean): Promise<T> {
    if (!whole) return carryOut(client, once(step));
    // In one flight with the first query.
    const begun = client.query(BEGIN);
    const [value] = await Promise.all([carryOut(client, step), begun]);
    return value;
  }

  async function read<T>(step: Step<T>, whole: boolean): Promise<T> {
    const client = await pool.connect();
    try {
      const value = await carryOutOn(client, step, whole);
      // Nobody waits for the end of a transaction that wrote nothing.
      if (whole) giveBack(client);
      else client.release();
      return value;
    } catch (error) {
      client.release(true);
      throw error;
    }
  }

  let closed: Promise<void> | null = null;
  return {
    look: (step) => again(() => read(step(), false)),
    read: (step) => again(() => read(step(), true)),
    close: () => (closed ??= pool.end()),
  };
}

function giveBack(client: PoolClient): void {
  client.query('COMMIT').then(
    () => client.release(),
    () => client.release(true),
  );
}

/** A connection that was lost while it was idle says so only when it is used. */
async function again<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read().catch((error: unknown) => (isLost(error) ? read() : Promise.reject(error)));
  } catch (error) {
    throw toStorageError(error);
  }
}

/** What asks twice would see two moments. */
function* once<T>(step: Step<T>): Step<T> {
  let asked = 0;
  let next = step.next();
  while (next.done !== true) {
    if ((asked += next.value.how === 'together' ? 2 : 1) > 1)
      throw new Error('a look asks once: this step has to be a read');
    next = step.next(yield next.value);
  }
  return next.value;
}
