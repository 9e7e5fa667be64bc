import { randomUUID } from 'node:crypto';
import { setImmediate as nextTick } from 'node:timers/promises';
import type { Database } from '../sql/database.ts';
import type { Link } from './connections/link.ts';
import { carryOut } from './statements.ts';
import { isLost, toStorageError, unavailable } from './storage-error.ts';
import { carryOutTogether, type Entry, type Mark, type Outcome, wasCommitted } from './transaction.ts';

/** Runs what is written at about the same time in one transaction, so that it shares one sync. */
export interface GroupCommit extends Pick<Database, 'write'> {
  /** Refuses new writes and resolves when the last group has ended. */
  close(): Promise<void>;
}

/** A longer one would keep its first waiting. */
const AT_ONCE = 200;

/** `committed` is called after each COMMIT, behind those whose writes it was, with how long the transaction took. */
export function createGroupCommit(link: Link, committed: (ms: number) => void): GroupCommit {
  const writer = randomUUID();
  const waiting: Entry[] = [];
  let number = 0;
  let work: Promise<void> | null = null;
  let closed = false;
  /** While the end of a group is in doubt: the database is away, and whoever comes is told so. */
  let away: Error | null = null;

  async function carryOutAll(): Promise<void> {
    await nextTick();
    while (waiting.length > 0) await carryOutGroup(waiting.splice(0, AT_ONCE));
    work = null;
  }

  async function carryOutGroup(group: readonly Entry[]): Promise<void> {
    const begunAt = performance.now();
    const outcome = await settle(link, group, { writer, number: (number += 1) }, refuseOthers);
    away = null;
    if (outcome.kind === 'committed') {
      const ms = performance.now() - begunAt;
      for (const tell of outcome.tell) tell();
      committed(ms);
      return;
    }
    const cause = outcome.kind === 'spoiled' ? new Error('the group was spoiled twice') : outcome.cause;
    for (const entry of group) entry.reject(cause);
  }

  function refuseOthers(cause: unknown): void {
    away = unavailable(cause);
    for (const entry of waiting.splice(0)) entry.reject(away);
  }

  return {
    write(step) {
      if (closed) return Promise.reject(new Error('the store is closed'));
      if (away !== null) return Promise.reject(away);
      return new Promise((resolve, reject) => {
        waiting.push({
          async run(client, note, sent) {
            const value = await carryOut(client, step(), note, sent);
            return () => resolve(value);
          },
          reject: (cause) => reject(toStorageError(cause)),
        });
        work ??= carryOutAll();
      });
    },
    async close() {
      closed = true;
      await work;
    },
  };
}

/** To an end that is known. `inDoubt` is called when that takes until the database is back. */
async function settle(
  link: Link,
  group: readonly Entry[],
  mark: Mark,
  inDoubt: (cause: unknown) => void,
): Promise<Outcome> {
  try {
    const client = link.take();
    let outcome = await carryOutTogether(client, group, mark, 'together');
    if (outcome.kind === 'spoiled') outcome = await carryOutTogether(client, group, mark, 'one by one');
    if (outcome.kind !== 'refused' && outcome.kind !== 'in_doubt') return outcome;
    if (isLost(outcome.cause)) link.drop(client, outcome.cause);
    if (outcome.kind === 'refused') return outcome;
    const { tell, cause } = outcome;
    inDoubt(cause);
    return (await askUntilKnown(link, mark)) ? { kind: 'committed', tell } : { kind: 'refused', cause };
  } catch (cause) {
    return { kind: 'refused', cause };
  }
}

/** Its callers wait for the truth: a claim that was committed and not told would run without anybody who knows of it. */
async function askUntilKnown(link: Link, mark: Mark): Promise<boolean> {
  for (;;) {
    const client = await link.again();
    try {
      return await wasCommitted(client, mark);
    } catch (error) {
      if (!isLost(error)) throw error;
      link.drop(client, error);
    }
  }
}
