import { DatabaseSync } from 'node:sqlite';
import { setTimeout as delay } from 'node:timers/promises';
import type { Dice } from '../helpers/dice.ts';
import type { GatewayHouse } from '../helpers/gateway-house.ts';
import { until } from '../helpers/until.ts';

/** What is asked, under a key of its own. */
export interface Job {
  readonly key: string;
  readonly json: object;
}

/** Each is asked again until it was accepted, whatever becomes of the gateway meanwhile. */
export async function submitAll(house: GatewayHouse, jobs: readonly Job[]): Promise<void> {
  for (const { key, json } of jobs) {
    await until(async () => {
      const answered = await house
        .call('POST', '/execute', { json, headers: { 'idempotency-key': key } })
        .catch(() => null);
      if (answered !== null && answered.status >= 400 && answered.status < 500) throw new Error(answered.text);
      return answered?.status === 202;
    });
  }
}

export interface Kills {
  readonly count: number;
  readonly dice: Dice;
  /** How long a gateway lives. */
  readonly lifeMs: readonly [least: number, most: number];
  /** The program of the gateway; without it the real one. */
  readonly argv?: readonly string[];
}

/** Starts the gateway again and again, each time to be killed, and once more to stay. Resolves with the instants of the
 *  kills. */
export async function killAtRandom(
  house: GatewayHouse,
  { count, dice, lifeMs, argv }: Kills,
): Promise<readonly number[]> {
  const [least, most] = lifeMs;
  const kills: number[] = [];
  for (let kill = 0; kill < count; kill += 1) {
    const { pid, exited } = house.start(argv);
    await delay(least + dice(most - least));
    process.kill(pid, 'SIGKILL');
    kills.push(performance.now());
    await exited;
  }
  await house.start(argv).ready();
  return kills;
}

/** What is not over yet: requests, for an end and what it makes owed are one step, and deliveries. */
export function countUnended({ database }: Pick<GatewayHouse, 'database'>): number {
  const db = new DatabaseSync(database, { readOnly: true });
  try {
    const owed = 'SELECT (SELECT count(*) FROM deliveries WHERE ended_at IS NULL)';
    const asked = `(SELECT count(*) FROM requests WHERE state IN ('queued', 'running'))`;
    return Number(db.prepare(`${owed} + ${asked} AS n`).get()?.['n']);
  } finally {
    db.close();
  }
}
