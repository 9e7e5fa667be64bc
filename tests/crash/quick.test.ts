import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createDice, type Dice } from '../helpers/dice.ts';
import type { GatewayProcess } from '../helpers/gateway-house.ts';
import { lookAtCheckout } from '../helpers/repository-rig.ts';
import { until } from '../helpers/until.ts';
import { openQuickHouse, untilTidy, type QuickHouse } from './quick-house.ts';
import type { KillPlan } from './steps.ts';

/** Of each test; without it those of the first ones are at every step. */
const KILLS = process.env['QUICK_KILLS'] === undefined ? null : Number(process.env['QUICK_KILLS']);
const RANDOM_KILLS = KILLS ?? 25;
const SEED = Number(process.env['CRASH_FIRST_SEED'] ?? 1);
const PEOPLE = 2;
/** From the readiness of one gateway to its kill: a cold message takes a second and more. */
const LIFE_MAX_MS = 4_000;
const ENDED_WITHIN_MS = 60_000;
const WITHIN_MS = 900_000;

let quick: QuickHouse;
let gateway: GatewayProcess;
/** What the model says to a prompt that begins with `hold`. */
let held = Promise.withResolvers<string>();
let dice: Dice;
let made = 0;

beforeAll(async () => {
  dice = createDice(SEED);
  quick = await openQuickHouse((prompt) => (prompt.startsWith('hold') ? held.promise : `echo: ${prompt}`));
  gateway = await quick.start();
});
afterAll(async () => {
  held.resolve('let go');
  await quick.close();
});

/** With real git and the real CLI. A gateway is killed before and behind each write of its store and each call of git. */
describe(`a gateway that is killed with -9 at every step (CRASH_FIRST_SEED=${SEED})`, () => {
  test(
    'of a start leaves nothing, or a session that works',
    async () => {
      const before = lookAtCheckout(quick.root);
      const steps = await killAtEach({
        prepare: async () => {},
        act: async () => void (await quick.begin()),
        prove: async () => {
          for (const id of await quick.list()) await quick.remove(id);
          await untilTidy(quick);
        },
      });
      const known = ['beginQuick', 'git fetch', 'git update-ref', 'git worktree', 'git reset', 'readyQuick'];
      expect(steps).toEqual(expect.arrayContaining(known));
      expect(lookAtCheckout(quick.root)).toBe(before);
      quick.repositories.git(quick.root, 'fsck', '--strict');
    },
    WITHIN_MS,
  );

  test.each(['that begins its agent', 'to an agent that is warm'] as const)(
    'of a message %s is worked on once, or was never accepted',
    async (kind) => {
      let id = '';
      let content = '';
      const steps = await killAtEach({
        prepare: async () => {
          content = `message ${(made += 1)}`;
          if (id !== '' && kind === 'that begins its agent') await quick.remove(id);
          if (id === '' || kind === 'that begins its agent') id = await quick.begin();
        },
        act: async () => {
          await quick.send(id, content);
          await ended(content);
        },
        prove: async () => {
          await provenMessage(content, ['completed']);
          await untilTidy(quick);
        },
      });
      expect(steps).toEqual(expect.arrayContaining(['accept', 'claim', 'progress', 'end']));
      await quick.remove(id);
      await untilTidy(quick);
    },
    WITHIN_MS,
  );

  test(
    'of a delete while a message runs goes on with it, or has not begun',
    async () => {
      let [id, content] = ['', ''];
      const steps = await killAtEach({
        prepare: async () => {
          content = `hold ${(made += 1)}`;
          id = await quick.begin();
          await quick.send(id, content);
          await until(() => quick.model.count(content) === 1, ENDED_WITHIN_MS);
        },
        act: () => quick.remove(id),
        prove: async () => {
          if (quick.readState(id) === 'ready') await quick.remove(id);
          await untilTidy(quick);
          expect(await quick.list()).not.toContain(id);
          expect(quick.readMessages(content)).toMatchObject([{ state: 'failed', reason: 'session_deleted' }]);
          expect(quick.model.count(content)).toBe(1);
        },
      });
      expect(steps).toEqual(expect.arrayContaining(['removeQuick', 'deleteSession', 'end', 'forgetQuick']));
    },
    WITHIN_MS,
  );
});

test(
  `a gateway that is killed with -9 ${RANDOM_KILLS} times at random, while ${PEOPLE} people begin, talk and delete, loses and repeats nothing (CRASH_FIRST_SEED=${SEED})`,
  async () => {
    held = Promise.withResolvers();
    const isOver = new AbortController();
    const contents: string[] = [];
    const people = Array.from({ length: PEOPLE }, () => live(contents, isOver.signal));
    for (let kill = 0; kill < RANDOM_KILLS; kill += 1) {
      await delay(dice(LIFE_MAX_MS));
      process.kill(gateway.pid, 'SIGKILL');
      await gateway.exited;
      gateway = await quick.start();
    }
    isOver.abort();
    await Promise.all(people);
    for (const content of contents) await provenMessage(content, ['completed', 'session_deleted']);
    await untilTidy(quick);
    for (const id of await quick.list()) await quick.remove(id);
    await untilTidy(quick);
    const accepted = contents.filter((content) => quick.readMessages(content).length > 0).length;
    process.stdout.write(
      `quick: ${contents.length} messages sent through ${RANDOM_KILLS} kills, ${accepted} accepted\n`,
    );
  },
  WITHIN_MS,
);

/** Somebody who begins a session, sends it three messages, and deletes it, in whatever gateway lives. */
async function live(contents: string[], isOver: AbortSignal): Promise<void> {
  while (!isOver.aborted) {
    await aliveAt(async () => {
      const id = await quick.begin();
      for (let sent = 0; sent < 3; sent += 1) {
        const content = `talk ${(made += 1)}`;
        contents.push(content);
        await quick.send(id, content);
        // The last one is deleted with its session while it waits or runs.
        if (sent < 2) await ended(content);
      }
      await quick.remove(id);
    });
  }
}

/** Where the gateway goes away meanwhile, a person begins anew when another is there. */
async function aliveAt(work: () => Promise<void>): Promise<void> {
  if (await work().then(() => true, isGone)) return;
  await until(
    async () => (await quick.house.call('GET', '/readyz').catch(() => null))?.status === 200,
    ENDED_WITHIN_MS,
  );
}

/** Once at the model, if it was accepted; or never. `ends`: how it may end, once or not at all at the model when its
 *  session was deleted. */
async function provenMessage(content: string, ends: readonly ('completed' | 'session_deleted')[]): Promise<void> {
  const [message, ...more] = quick.readMessages(content);
  expect(more).toEqual([]);
  if (message === undefined) return expect([content, quick.model.count(content)]).toEqual([content, 0]);
  await ended(content);
  const [{ state = '', reason = null, text = null } = {}] = quick.readMessages(content);
  const end = reason ?? state;
  expect([content, ends.filter((one) => one === end)]).toEqual([content, [end]]);
  if (end === 'completed') expect([text, quick.model.count(content)]).toEqual([`echo: ${content}`, 1]);
  else expect(quick.model.count(content)).toBeLessThanOrEqual(1);
}

async function ended(content: string): Promise<void> {
  const [message] = quick.readMessages(content);
  const { body } = await quick.house.call('GET', `/status/${message?.id}`, { headers: { prefer: 'wait=60' } });
  expect(body).toMatchObject({ completedAt: expect.any(Number) });
}

interface Act {
  readonly prepare: () => Promise<void>;
  readonly act: () => Promise<void>;
  /** Behind each kill, once another gateway takes work. */
  readonly prove: () => Promise<void>;
}

/** Does it once without a kill, and then once for each. Resolves with the names of its steps. */
async function killAtEach({ prepare, act, prove }: Act): Promise<readonly string[]> {
  const run = async (plan: KillPlan | null): Promise<readonly string[]> => {
    await prepare();
    quick.steps.arm(plan);
    const isDone = await act().then(() => true, isGone);
    const names = quick.steps.disarm();
    // How many steps a message has is not always the same.
    if (!isDone) {
      expect(await gateway.exited).toBe('SIGKILL');
      gateway = await quick.start();
    }
    await prove().catch((error: unknown) => {
      throw new Error(`killed ${plan?.when} step ${plan?.at}, ${names.at(-1)}: ${String(error)}`, { cause: error });
    });
    return names;
  };
  const steps = await run(null);
  for (const plan of choose(
    steps.flatMap((_, at) => [{ at, when: 'before' } as const, { at, when: 'behind' } as const]),
  ))
    await run(plan);
  return steps;
}

function choose(plans: readonly KillPlan[]): readonly KillPlan[] {
  if (KILLS === null) return plans;
  const left = [...plans];
  return Array.from({ length: Math.min(KILLS, plans.length) }, () => left.splice(dice(left.length), 1)).flat();
}

/** Not `instanceof`: fetch has its errors from another realm than a test of jest. */
function isGone(error: unknown): false {
  if ((error as Error).name !== 'TypeError') throw error;
  return false;
}
