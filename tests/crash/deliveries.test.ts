import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from '@jest/globals';
import { createDice, type Dice } from '../helpers/dice.ts';
import { openGatewayHouse, type GatewayHouse } from '../helpers/gateway-house.ts';
import { installScriptedAgent } from '../helpers/scripted-agent/install.ts';
import { until } from '../helpers/until.ts';
import { openWebhookReceiver, type Behaviour, type WebhookReceiver } from '../helpers/webhook-receiver.ts';
import { countUnended, type Job, killAtRandom, submitAll } from './work-and-kills.ts';

const DELIVERIES = Number(process.env['CRASH_DELIVERIES'] ?? 2_000);
const RECEIVERS = 50;
const KILLS = 20;
const SEED = Number(process.env['CRASH_FIRST_SEED'] ?? 1);
/** From one start to its kill: from before it is ready to after it has sent many. */
const LIFE_MS = [700, 3_000] as const;
const WITHIN_MS = 240_000;

/** How often an unsound receiver does so, of ten; all else it takes. */
type Kind = 'sound' | 'breaks' | 'throttles' | 'is_silent' | 'resets' | 'redirects';
const UNSOUND: readonly Kind[] = ['breaks', 'throttles', 'is_silent', 'resets', 'redirects'];
const BEHAVIOURS: Readonly<Record<Kind, { readonly behaviour: Behaviour; readonly ofTen: number }>> = {
  sound: { behaviour: 204, ofTen: 0 },
  breaks: { behaviour: 500, ofTen: 5 },
  throttles: { behaviour: 429, ofTen: 2 },
  is_silent: { behaviour: 'silent', ofTen: 2 },
  resets: { behaviour: 'reset', ofTen: 5 },
  redirects: { behaviour: 302, ofTen: 10 },
};

interface Addressee {
  readonly kind: Kind;
  readonly receiver: WebhookReceiver;
  readonly address: string;
}

test(
  `${DELIVERIES} deliveries to ${RECEIVERS} receivers, a third of them unsound, arrive in order while the gateway is killed with -9 at random`,
  async () => {
    const dice = createDice(SEED);
    const folder = await mkdtemp(path.join(os.tmpdir(), 'gatehouse-crash-'));
    const agent = await installScriptedAgent(folder, []);
    const house = await openGatewayHouse({ agent, env: ENV });
    const addressees = await Promise.all(Array.from({ length: RECEIVERS }, (_, at) => openAddressee(at, dice)));
    try {
      const kills = { count: KILLS, dice, lifeMs: LIFE_MS };
      await Promise.all([submitAll(house, toJobs(addressees)), killAtRandom(house, kills)]);
      await until(() => countUnended(house) === 0, WITHIN_MS);
      expect(addressees.flatMap((addressee) => findBroken(house, addressee))).toEqual([]);
      tellFigures(house, addressees);
    } finally {
      await house.close();
      await Promise.all(addressees.map(({ receiver }) => receiver.close()));
      await rm(folder, { recursive: true });
    }
  },
  WITHIN_MS * 3,
);

/** Without credentials each request ends at once, and no agent takes part. */
const ENV = {
  ANTHROPIC_API_KEY: '',
  QUEUE_MAX: '10000',
  SESSION_QUEUE_MAX: '10000',
  WEBHOOK_ALLOW_PRIVATE: '127.0.0.0/8',
  WEBHOOK_TIMEOUT_MS: '300',
  WEBHOOK_RETRY_MS: '50,100,200',
  LOG_LEVEL: 'error',
};

async function openAddressee(at: number, dice: Dice): Promise<Addressee> {
  const kind = at % 3 === 0 ? (UNSOUND[(at / 3) % UNSOUND.length] ?? 'sound') : 'sound';
  const { behaviour, ofTen } = BEHAVIOURS[kind];
  const receiver = await openWebhookReceiver();
  receiver.behave(() => (dice(10) < ofTen ? behaviour : 204), { 'retry-after': '1', location: '/elsewhere' });
  return { kind, receiver, address: `webhook:${receiver.url}/` };
}

function toJobs(addressees: readonly Addressee[]): readonly Job[] {
  return Array.from({ length: DELIVERIES }, (_, number) => {
    const at = number % addressees.length;
    return {
      key: `job-${number}`,
      json: { workspace: `w${at}`, command: `job ${number}`, replyTo: addressees[at]?.address },
    };
  });
}

function readRows<T>(house: GatewayHouse, sql: string, ...args: readonly string[]): readonly T[] {
  const db = new DatabaseSync(house.database, { readOnly: true });
  try {
    return db.prepare(sql).all(...args) as unknown as readonly T[];
  } finally {
    db.close();
  }
}

/** What does not hold for one address, in words. */
function findBroken(house: GatewayHouse, { kind, receiver, address }: Addressee): readonly string[] {
  const rows = readRows<{ readonly id: string; readonly state: string; readonly last_error: string | null }>(
    house,
    'SELECT id, state, last_error FROM deliveries WHERE lane = ? ORDER BY seq',
    address,
  );
  const broken: string[] = [];
  const say = (what: string): void => void broken.push(`${kind} ${address}: ${what}`);
  if (rows.length !== DELIVERIES / RECEIVERS) say(`${rows.length} are owed`);
  const expected = kind === 'redirects' ? 'refused' : 'sent';
  const others = rows.filter(({ state }) => state !== expected);
  for (const { state, last_error: error } of others) say(`one is ${state}: ${error}`);
  const first = [...new Set(receiver.taken().map(({ id }) => id))];
  const owed = kind === 'redirects' ? [] : rows.map(({ id }) => id);
  if (first.join() !== owed.join()) say(`${first.length} of ${owed.length} arrived, or not in order`);
  const bodies = new Set(receiver.received.map(({ id, body }) => `${id} ${body}`));
  const ids = new Set(receiver.received.map(({ id }) => id));
  if (bodies.size !== ids.size) say('bodies of one id differ');
  return broken;
}

function tellFigures(house: GatewayHouse, addressees: readonly Addressee[]): void {
  const [row] = readRows<{ readonly sent: number; readonly refused: number; readonly attempts: number }>(
    house,
    `SELECT sum(state = 'sent') AS sent, sum(state = 'refused') AS refused, sum(attempts) AS attempts FROM deliveries`,
  );
  const taken = addressees.reduce((sum, { receiver }) => sum + receiver.taken().length, 0);
  process.stdout.write(
    `deliveries: ${row?.sent} sent, ${row?.refused} refused, in ${row?.attempts} attempts; ${taken - (row?.sent ?? 0)} were taken again after a kill or a lost answer\n`,
  );
}
