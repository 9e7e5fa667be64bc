import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import type { RequestRecord } from '../../src/core/model/request.ts';
import type { Outcome } from '../../src/core/ports/transport.ts';
import { createDice, type Dice } from '../helpers/dice.ts';
import type { Behaviour } from '../helpers/discord-server/server.ts';
import { type DiscordRig, openDiscordRig } from '../integration/discord/discord-rig.ts';

const THREADS = 10;
const ANSWERS = 10;
const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const FAULTS: readonly Behaviour[] = [
  { status: 429, retryAfter: 0.01 },
  { status: 500 },
  { status: 502 },
  'lost',
  'lost',
];

/** As the outbox does it: attempts until it is sent. Some are cut off in the middle, as by the end of the process. */
async function sendUntilSent(rig: DiscordRig, dice: Dice, thread: string, id: string, text: string): Promise<void> {
  const request = { id, state: 'completed', text, error: null } as RequestRecord;
  let messages: readonly string[] = [];
  const note = async (ids: readonly string[]): Promise<void> => void (messages = ids);
  for (;;) {
    const kill = new AbortController();
    const timer = dice(8) === 0 ? setTimeout(() => kill.abort(new Error('killed')), dice(10)) : null;
    const outcome = await rig
      .deliver(thread, { id, request, messages }, note, kill.signal)
      .catch((): Outcome => ({ kind: 'unknown', error: 'killed' }));
    if (timer !== null) clearTimeout(timer);
    if (outcome.kind === 'sent') return;
    if (outcome.kind === 'refused') throw new Error(outcome.error);
    if (outcome.kind === 'retry') await delay(outcome.afterMs ?? 1);
  }
}

test(`100 answers arrive whole, in order and once through kills, faults and resets (SEED=${SEED})`, async () => {
  const dice = createDice(SEED);
  await using rig = await openDiscordRig({ bucket: Infinity });
  rig.server.behave(() => (dice(5) === 0 ? (FAULTS[dice(FAULTS.length)] ?? 'take') : 'take'));
  const threads = Array.from({ length: THREADS }, () => rig.thread());
  const wanted = await Promise.all(
    threads.map(async (thread, at) => {
      const all: string[] = [];
      for (let answer = 0; answer < ANSWERS; answer += 1) {
        const parts = Array.from({ length: 1 + dice(9) }, (_, part) => `${at}-${answer}-${part} ${'x'.repeat(1_500)}`);
        all.push(...parts);
        await sendUntilSent(rig, dice, thread, `msg_${at}_${answer}`, parts.join('\n\n'));
      }
      return all;
    }),
  );
  for (const [at, thread] of threads.entries()) {
    expect(rig.server.messages(thread).map(({ content }) => content.trim())).toEqual(wanted[at]);
  }
}, 120_000);
