import { expect, test } from '@jest/globals';
import type { Outcome } from '../../src/core/ports/transport.ts';
import { createDice, type Dice } from '../helpers/dice.ts';
import { aRequest, GROUP, openTelegramBench, type TelegramBench } from '../helpers/telegram-server/telegram-bench.ts';
import type { Fault } from '../helpers/telegram-server/telegram-server.ts';

const TOPICS = 20;
const ANSWERS = 10;
const AGAIN = '(again) ';
const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

const FAULTS: readonly Fault[] = [
  { code: 429, description: 'Too Many Requests: retry after 0', retryAfter: 0 },
  { code: 500, description: 'Internal Server Error' },
  { status: 502 },
  'reset',
  'reset_after',
];

/** As the outbox does it: attempts until it is sent, and what is not known is said. `kill`: the attempt is cut off. */
async function sendUntilSent(bench: TelegramBench, dice: Dice, to: string, id: string, text: string): Promise<void> {
  let isUnsure = false;
  for (;;) {
    const before = bench.noted(id).length;
    const kill = new AbortController();
    const timer = dice(8) === 0 ? setTimeout(() => kill.abort(new Error('killed')), dice(10)) : null;
    const outcome: Outcome = await bench
      .deliver({ id, to, isUnsure, request: aRequest({ text }) }, kill.signal)
      .catch((): Outcome => ({ kind: 'unknown', error: 'killed' }));
    if (timer !== null) clearTimeout(timer);
    if (outcome.kind === 'sent') return;
    if (outcome.kind === 'refused') throw new Error(outcome.error);
    isUnsure = outcome.kind === 'unknown' || (isUnsure && bench.noted(id).length === before);
  }
}

test(`200 answers arrive whole and in order through kills, faults and resets (SEED=${SEED})`, async () => {
  const dice = createDice(SEED);
  const bench = await openTelegramBench();
  bench.server.fail(() => (dice(5) === 0 ? (FAULTS[dice(FAULTS.length)] ?? null) : null));
  const threads = Array.from({ length: TOPICS }, () => bench.server.topic(GROUP));
  const partsOf = (thread: number, answer: number, count: number): readonly string[] =>
    Array.from({ length: count }, (_, part) => `${thread}-${answer}-${part} ${'x'.repeat(3_000)}`);
  const wanted = await Promise.all(
    threads.map(async (thread) => {
      const all: string[] = [];
      for (let answer = 0; answer < ANSWERS; answer += 1) {
        const parts = partsOf(thread, answer, 1 + dice(9));
        all.push(...parts);
        await sendUntilSent(bench, dice, `telegram:${GROUP}:${thread}`, `${thread}-${answer}`, parts.join('\n\n'));
      }
      return all;
    }),
  );
  for (const [at, thread] of threads.entries()) {
    const shown = bench.server.messages(GROUP, thread).map(({ text }) => text.trim());
    const plain = shown.map((text) => (text.startsWith(AGAIN) ? text.slice(AGAIN.length) : text));
    expect(plain.filter((text, place) => text !== plain[place - 1])).toEqual(wanted[at]);
    const repeats = shown.filter((_, place) => plain[place] === plain[place - 1]);
    expect(repeats.filter((text) => !text.startsWith(AGAIN))).toEqual([]);
  }
  await bench.close();
}, 120_000);
