import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createDice } from '../helpers/dice.ts';
import { openGatewayHouse, type GatewayHouse } from '../helpers/gateway-house.ts';
import { openAddress } from '../helpers/postgres/address.ts';
import { startPostgres, type Stop } from '../helpers/postgres/server.ts';
import { installScriptedAgent, type InstalledAgent } from '../helpers/scripted-agent/install.ts';
import { promptsIn } from '../helpers/scripted-agent/journal.ts';
import { until } from '../helpers/until.ts';

/** How often the server goes down. */
const CRASHES = Number(process.env['CRASH_DATABASE'] ?? 25);
const SEED = Number(process.env['SEED'] ?? 1);
const SESSIONS = 4;
const WITHIN_MS = 60_000;
const HOWS: readonly Stop[] = ['fast', 'crash', 'kill'];

describe(`Postgres goes down ${CRASHES} times while turns run: nothing accepted is lost, nothing runs twice`, () => {
  let folder: string;
  let agent: InstalledAgent;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'gatehouse-crash-'));
    agent = await installScriptedAgent(folder);
    agent.rewrite([{ match: '', do: { lines: { count: 3, everyMs: 40 }, text: 'done' } }]);
  });

  afterAll(() => rm(folder, { recursive: true, force: true }));

  test(
    'and comes again',
    async () => {
      await using server = await startPostgres();
      const house = await openGatewayHouse({ agent, env: { DATABASE_URL: await server.createDatabase('own') } });
      try {
        await house.start().ready();
        const dice = createDice(SEED);
        const crowd = keepSubmitting(house);
        for (let round = 0; round < CRASHES; round += 1) {
          await delay(dice(500));
          await server.stop(HOWS[dice(HOWS.length)] ?? 'fast');
          await delay(dice(300));
          await server.start();
        }
        await expectAllOnce(house, await crowd.end());
      } finally {
        await house.close();
      }
    },
    WITHIN_MS + CRASHES * 10_000,
  );

  test(
    'and another one takes its place',
    async () => {
      await using first = await startPostgres();
      await first.createDatabase('own');
      await using standby = await first.startStandby();
      await using address = await openAddress(first);
      const house = await openGatewayHouse({ agent, env: { DATABASE_URL: address.url('own') } });
      try {
        await house.start().ready();
        const crowd = keepSubmitting(house);
        await until(() => crowd.accepted.length > 2 * SESSIONS, WITHIN_MS);
        await first.stop('kill');
        await standby.query('SELECT pg_promote()');
        address.lead(standby);
        const known = crowd.accepted.length;
        await until(() => crowd.accepted.length > known + 2 * SESSIONS, WITHIN_MS);
        await expectAllOnce(house, await crowd.end());
      } finally {
        await house.close();
      }
    },
    3 * WITHIN_MS,
  );
});

interface Accepted {
  readonly id: string;
  readonly command: string;
}

/** A client for each session, which sends the same again, under the same key, until it is accepted. */
function keepSubmitting(house: GatewayHouse) {
  const accepted: Accepted[] = [];
  let isOver = false;
  const clients = Array.from({ length: SESSIONS }, async (_, session) => {
    for (let n = 0; !isOver; n += 1) {
      const command = `job ${session}-${n}`;
      accepted.push({ id: await submit(house, `w${session}`, command), command });
      await delay(50);
    }
  });
  return {
    accepted,
    async end(): Promise<readonly Accepted[]> {
      isOver = true;
      await Promise.all(clients);
      return accepted;
    },
  };
}

function submit(house: GatewayHouse, workspace: string, command: string): Promise<string> {
  return until(async () => {
    const json = { workspace, command };
    const answer = await house.call('POST', '/execute', {
      json,
      headers: { 'idempotency-key': command.replace(' ', '-') },
    });
    if (answer.status === 202) return String(answer.body['requestId']);
    if (answer.status === 503 || answer.status === 429) return null;
    throw new Error(`${answer.status} ${answer.text}`);
  }, WITHIN_MS);
}

async function expectAllOnce(house: GatewayHouse, accepted: readonly Accepted[]): Promise<void> {
  const unended = "SELECT id FROM requests WHERE state IN ('queued', 'running')";
  await until(async () => (await house.read(unended)).length === 0, 2 * WITHIN_MS);
  const rows = await house.read('SELECT id, prompt, state, reason, error FROM requests ORDER BY seq');
  const stored = new Map(
    rows.map(({ id, prompt, state, reason, error }) => [
      String(id),
      [prompt, state, reason, error].filter((word) => word !== null).join(' '),
    ]),
  );
  expect(accepted.map(({ id }) => stored.get(id))).toEqual(accepted.map(({ command }) => `${command} completed`));
  expect(stored.size).toBe(accepted.length);
  expect(promptsIn(house.journal()).toSorted()).toEqual(accepted.map(({ command }) => command).toSorted());
}
