import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { createDice, type Dice } from '../helpers/dice.ts';
import { openGatewayHouse, type GatewayHouse } from '../helpers/gateway-house.ts';
import { installScriptedAgent } from '../helpers/scripted-agent/install.ts';
import { promptsIn } from '../helpers/scripted-agent/journal.ts';
import { until } from '../helpers/until.ts';

const ROUNDS = Number(process.env['CRASH_CROWD'] ?? 150);
const SEED = Number(process.env['SEED'] ?? 1);
const CLIENTS = 20;
const SESSIONS = 4;
/** How long a gateway lives once it takes work. One in so many dies on its way there; and one in so many not before an
 *  agent has got a prompt of it, so that turns run in the rounds on a slow machine, too. */
const LIFE_MS = 1_500;
const EARLY_ONE_IN = 5;
const BUSY_ONE_IN = 3;
/** Of each client, from one thing to the next: the agents have to get through with all of them. */
const PACE_MS = 2_000;
const WITHIN_MS = 300_000;
const ROUND_MS = 20_000;

interface Accepted {
  readonly id: string;
  readonly command: string;
}

test(
  `${ROUNDS} rounds of kill -9 under ${CLIENTS} clients: nothing accepted is lost, nothing runs twice`,
  async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'gatehouse-crash-'));
    const agent = await installScriptedAgent(folder, [{ match: '', do: { delayMs: 30, text: 'done' } }]);
    const house = await openGatewayHouse({
      agent,
      env: { LOG_LEVEL: 'warn', QUEUE_MAX: '100000', SESSION_QUEUE_MAX: '100000' },
    });
    const dice = createDice(SEED);
    const ending = new AbortController();
    try {
      const accepted: Accepted[] = [];
      const clients = Array.from({ length: CLIENTS }, (_, at) => keepAsking(house, accepted, at, ending.signal));
      const { tookMs, turns } = await killAgainAndAgain(house, dice);
      ending.abort();
      await Promise.all(clients);
      await expectAllOnce(house, accepted);
      process.stdout.write(
        `crowd: ${accepted.length} accepted and ${turns} turns begun in ${ROUNDS} rounds of ${Math.round(tookMs / ROUNDS)} ms, ${house.databaseUrl === null ? 'SQLite' : 'Postgres'}\n`,
      );
      expect(accepted.length).toBeGreaterThan(ROUNDS);
    } finally {
      ending.abort();
      await house.close();
      await rm(folder, { recursive: true, force: true });
    }
  },
  3 * WITHIN_MS + 2 * ROUNDS * ROUND_MS,
);

/** Once the agents live, which outlive their gateways. Resolves with how long the rounds took, and how many prompts
 *  reached an agent in them. */
async function killAgainAndAgain(house: GatewayHouse, dice: Dice): Promise<{ tookMs: number; turns: number }> {
  const begun = (): number => promptsIn(house.journal()).length;
  const first = house.start();
  await until(() => begun() > 2 * SESSIONS, WITHIN_MS);
  process.kill(first.pid, 'SIGKILL');
  await first.exited;
  const beganAt = performance.now();
  const before = begun();
  for (let round = 0; round < ROUNDS; round += 1) {
    const gateway = house.start();
    if (dice(EARLY_ONE_IN) > 0) {
      await gateway.ready();
      const known = begun();
      if (dice(BUSY_ONE_IN) === 0) await until(() => begun() > known, WITHIN_MS);
    }
    await delay(dice(LIFE_MS));
    process.kill(gateway.pid, 'SIGKILL');
    await gateway.exited;
  }
  const tookMs = performance.now() - beganAt;
  const turns = begun() - before;
  await house.start().ready();
  return { tookMs, turns };
}

/** A client that asks for one thing after the other, and looks whether the last one is still known. */
async function keepAsking(house: GatewayHouse, accepted: Accepted[], at: number, signal: AbortSignal): Promise<void> {
  for (let n = 0; !signal.aborted; n += 1) {
    const command = `job ${at}-${n}`;
    const id = await submit(house, `w${at % SESSIONS}`, command);
    accepted.push({ id, command });
    await delay(PACE_MS, undefined, { signal }).catch(() => {});
    await until(async () => signal.aborted || (await isKnown(house, id)), WITHIN_MS);
  }
}

/** Under the same key each time, so that an answer that was lost is no second request. */
function submit(house: GatewayHouse, workspace: string, command: string): Promise<string> {
  const headers = { 'idempotency-key': command.replace(' ', '-') };
  return until(async () => {
    const answer = await house.call('POST', '/execute', { json: { workspace, command }, headers }).catch(() => null);
    if (answer?.status === 202) return String(answer.body['requestId']);
    if (answer === null || answer.status === 503) return null;
    throw new Error(`${answer.status} ${answer.text}`);
  }, WITHIN_MS);
}

/** An id that was answered must be known to each gateway after it. */
async function isKnown(house: GatewayHouse, id: string): Promise<boolean> {
  const answer = await house.call('GET', `/status/${id}`).catch(() => null);
  if (answer === null || answer.status === 503) return false;
  if (answer.status !== 200) throw new Error(`${id} is lost: ${answer.status} ${answer.text}`);
  return true;
}

async function expectAllOnce(house: GatewayHouse, accepted: readonly Accepted[]): Promise<void> {
  const unended = "SELECT id FROM requests WHERE state IN ('queued', 'running')";
  await until(async () => (await house.read(unended)).length === 0, WITHIN_MS + ROUNDS * ROUND_MS);
  const rows = await house.read('SELECT id, prompt, state, reason FROM requests');
  const stored = new Map(rows.map(({ id, ...row }) => [id, row]));
  expect(accepted.map(({ id }) => stored.get(id))).toEqual(
    accepted.map(({ command }) => ({ prompt: command, state: 'completed', reason: null })),
  );
  expect(stored.size).toBe(accepted.length);
  expect(promptsIn(house.journal()).toSorted()).toEqual(accepted.map(({ command }) => command).toSorted());
}
