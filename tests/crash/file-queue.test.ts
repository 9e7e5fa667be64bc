import { readdirSync, readFileSync } from 'node:fs';
import { appendFile, mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { createDice } from '../helpers/dice.ts';
import { openGatewayHouse, type GatewayHouse } from '../helpers/gateway-house.ts';
import { installScriptedAgent } from '../helpers/scripted-agent/install.ts';
import { promptsIn } from '../helpers/scripted-agent/journal.ts';
import { until } from '../helpers/until.ts';

const FILES = Number(process.env['CRASH_FILES'] ?? 200);
const WORKSPACES = 4;
const KILLS = 12;
const SEED = Number(process.env['CRASH_FIRST_SEED'] ?? 1);
/** From one start to its kill: from before it is ready to after it has taken many. */
const LIFE_MIN_MS = 400;
const LIFE_MAX_MS = 3_500;
const WITHIN_MS = 240_000;

test(
  `${FILES} files, dropped while the gateway is killed with -9 at random, become one request and one answer each`,
  async () => {
    const dice = createDice(SEED);
    const folder = await mkdtemp(path.join(os.tmpdir(), 'gatehouse-crash-'));
    const agent = await installScriptedAgent(folder, [{ match: 'job (\\S+)', do: { text: 'done {1}' } }]);
    const house = await openGatewayHouse({ agent });
    const place = (name: string): string => path.join(house.root, name);
    const env = { TASKS_DIR: place('tasks'), RESPONSES_DIR: place('responses'), LOG_LEVEL: 'info' };
    try {
      await mkdir(place('tasks'));
      await Promise.all([dropAll(place('tasks'), dice), killAtRandom(house, env, dice)]);
      await until(() => responsesIn(place('responses')).length >= FILES, WITHIN_MS);
      await until(async () => (await readLeft(house)).every((count) => count === 0), WITHIN_MS);
      expect(await findBroken(house)).toEqual([]);
    } finally {
      await house.close();
      await rm(folder, { recursive: true });
    }
  },
  WITHIN_MS * 3,
);

const nameOf = (number: number): string => `job-${String(number).padStart(3, '0')}`;

/** Writers of all kinds: those that rename, those that write in place at once, and those that take their time. */
async function dropAll(tasks: string, dice: (sides: number) => number): Promise<void> {
  for (let number = 0; number < FILES; number += 1) {
    const name = nameOf(number);
    const workspace = `w${number % WORKSPACES}`;
    const command = `job ${name}`;
    const json = JSON.stringify({ workspace, command });
    switch (dice(4)) {
      case 0:
        await writeFile(path.join(tasks, `.${name}`), json);
        await rename(path.join(tasks, `.${name}`), path.join(tasks, `${name}.json`));
        break;
      case 1:
        await writeFile(path.join(tasks, `${name}.json`), json);
        break;
      case 2:
        await appendFile(path.join(tasks, `${name}.json`), json.slice(0, 10));
        await delay(dice(40));
        await appendFile(path.join(tasks, `${name}.json`), json.slice(10));
        break;
      default:
        await appendFile(path.join(tasks, `${name}.md`), `---\nworkspace: ${workspace}\n`);
        await delay(dice(40));
        await appendFile(path.join(tasks, `${name}.md`), `---\n\n${command}\n`);
    }
    await delay(dice(150));
  }
}

async function killAtRandom(
  house: GatewayHouse,
  env: Readonly<Record<string, string>>,
  dice: (sides: number) => number,
): Promise<void> {
  for (let kill = 0; kill < KILLS; kill += 1) {
    const gateway = house.start(undefined, env);
    await Promise.race([delay(LIFE_MIN_MS + dice(LIFE_MAX_MS - LIFE_MIN_MS)), gateway.exited]);
    process.kill(gateway.pid, 'SIGKILL');
    await gateway.exited;
  }
  await house.start(undefined, env).ready();
}

const responsesIn = (folder: string): readonly string[] =>
  readdirSync(folder).filter((name) => name.endsWith('.response.md') && !name.startsWith('.'));

/** What is still owed, the keys that are still kept, and the files that still wait. */
async function readLeft(house: GatewayHouse): Promise<readonly number[]> {
  const count = async (what: string): Promise<number> =>
    Number((await house.read(`SELECT count(*) AS count FROM ${what}`))[0]?.['count']);
  const waiting = readdirSync(path.join(house.root, 'tasks')).filter((name) => name.startsWith('job-'));
  return [
    await count('owed_answers'),
    await count('deliveries WHERE ended_at IS NULL'),
    await count('idempotency WHERE kept = 1'),
    waiting.length,
  ];
}

interface Row {
  readonly id: string;
  readonly prompt: string;
  readonly state: string;
}

/** One line for each law that does not hold. */
async function findBroken(house: GatewayHouse): Promise<readonly string[]> {
  const sql = "SELECT id, prompt, state FROM requests WHERE source = 'file'";
  const rows = (await house.read(sql)) as unknown as readonly Row[];
  const asked = promptsIn(house.journal()).map((prompt) => prompt.trim());
  const folder = path.join(house.root, 'responses');
  const responses = responsesIn(folder).map((name) => readFileSync(path.join(folder, name), 'utf8'));
  const taken = readdirSync(path.join(house.root, 'tasks', 'taken'));
  const broken = [`${rows.length} requests`, `${responses.length} responses`, `${taken.length} taken`].filter(
    (line) => !line.startsWith(`${FILES} `),
  );
  for (let number = 0; number < FILES; number += 1) {
    const name = nameOf(number);
    const mine = rows.filter(({ prompt }) => prompt.trim() === `job ${name}`);
    const [request] = mine;
    if (request === undefined || mine.length > 1) {
      broken.push(`${name}: ${mine.length} requests`);
      continue;
    }
    const answers = responses.filter((text) => text.startsWith(`---\nrequest_id: ${request.id}\nsource: file\n`));
    if (answers.length !== 1) broken.push(`${name}: ${answers.length} answers`);
    if (!answers[0]?.includes(`\nstate: ${request.state}\n`))
      broken.push(`${name}: another state than ${request.state}`);
    if (request.state === 'completed' && !answers[0]?.endsWith(`\n\ndone ${name}\n`))
      broken.push(`${name}: another text`);
    const times = asked.filter((prompt) => prompt === `job ${name}`).length;
    if (times > 1 || (request.state === 'completed' && times === 0)) broken.push(`${name}: asked ${times} times`);
  }
  return broken;
}
