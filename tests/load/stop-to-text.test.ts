import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openLoadHouse, type LoadHouse } from './load-house.ts';
import { quantile, seeEnd, submitTurn, toMark, type SeenTurn } from './turns.ts';

const SESSIONS = 4;
const TURNS = Number(process.env['LATENCY_TURNS'] ?? 200);
const P50_MAX_MS = 50;
const P95_MAX_MS = 250;

/** From the moment in which the agent is about to tell its Stop (it notes the time in its journal) to the moment in
 *  which a client that long-polls /status has read the answer. Both are processes of this machine, so one clock. */
describe(`from Stop to the text on /status, over ${TURNS} turns in ${SESSIONS} sessions`, () => {
  let house: LoadHouse;
  let delays: readonly number[];

  beforeAll(async () => {
    house = await openLoadHouse();
    const workspaces = Array.from({ length: SESSIONS }, (_, index) => `w${index}`);
    const seen = (await Promise.all(workspaces.map((name) => runSession(name, TURNS / SESSIONS)))).flat();
    const stops = new Map(
      house
        .journal()
        .filter(({ event }) => event === 'stop')
        .map(({ prompt, at }) => [/job (\S+)/.exec(prompt)?.[1], at]),
    );
    delays = seen.map(({ mark, seenAt }) => seenAt - (stops.get(mark) ?? Number.NaN));
    const figure = (of: number): string => quantile(delays, of).toFixed(1).padStart(7);
    process.stdout.write(
      [
        '',
        `from Stop (the agent's journal) to the text on /status (a client that long-polls), ${seen.length} turns:`,
        `p50  ${figure(0.5)} ms   limit ${P50_MAX_MS} ms`,
        `p95  ${figure(0.95)} ms   limit ${P95_MAX_MS} ms`,
        `max  ${figure(1)} ms`,
        '',
      ].join('\n'),
    );
  }, 300_000);

  afterAll(() => house.close());

  /** One turn after the other; its client waits for it from the first moment. */
  async function runSession(workspace: string, turns: number): Promise<readonly SeenTurn[]> {
    const seen: SeenTurn[] = [];
    for (let index = 0; index < turns; index += 1) {
      const mark = toMark(workspace, index);
      seen.push(await seeEnd(house, workspace, mark, await submitTurn(house, workspace, mark)));
    }
    return seen;
  }

  test('each turn has its figure', () => {
    expect(delays.filter((ms) => ms > 0)).toHaveLength(TURNS);
  });

  test(`p50 is below ${P50_MAX_MS} ms`, () => {
    expect(quantile(delays, 0.5)).toBeLessThan(P50_MAX_MS);
  });

  test(`p95 is below ${P95_MAX_MS} ms`, () => {
    expect(quantile(delays, 0.95)).toBeLessThan(P95_MAX_MS);
  });
});
