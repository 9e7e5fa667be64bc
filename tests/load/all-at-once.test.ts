import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { promptsIn } from '../helpers/scripted-agent/journal.ts';
import { openLoadHouse, readPeakMemory, type LoadHouse } from './load-house.ts';
import { seeEnd, submitTurn, toMark, type SeenTurn } from './turns.ts';

const SESSIONS = Number(process.env['LOAD_SESSIONS'] ?? 50);
const TURNS = Number(process.env['LOAD_TURNS'] ?? 20);
const MEMORY_MAX_MB = 300;
const WITHIN_MS = 15 * 60_000;

describe(`${SESSIONS} sessions with ${TURNS} turns each, all at once`, () => {
  let house: LoadHouse;
  let seen: readonly SeenTurn[];
  let memoryMb: number;

  beforeAll(async () => {
    house = await openLoadHouse();
    const beganAt = performance.now();
    const workspaces = Array.from({ length: SESSIONS }, (_, index) => `w${index}`);
    seen = (await Promise.all(workspaces.map(runSession))).flat();
    const seconds = (performance.now() - beganAt) / 1_000;
    memoryMb = await readPeakMemory(house.gateway.pid);
    const rate = (seen.length / seconds).toFixed(1);
    process.stdout.write(
      [
        '',
        `turns    ${seen.length} (${SESSIONS} sessions x ${TURNS}, all submitted at once)`,
        `time     ${seconds.toFixed(1)} s, ${rate} turns/s`,
        `memory   ${memoryMb.toFixed(0)} MB at most (VmHWM of the gateway), limit ${MEMORY_MAX_MB} MB`,
        '',
      ].join('\n'),
    );
  }, WITHIN_MS);

  afterAll(() => house.close());

  async function runSession(workspace: string): Promise<readonly SeenTurn[]> {
    const accepted: { readonly mark: string; readonly id: string }[] = [];
    for (let index = 0; index < TURNS; index += 1) {
      const mark = toMark(workspace, index);
      accepted.push({ mark, id: await submitTurn(house, workspace, mark) });
    }
    return Promise.all(accepted.map(({ mark, id }) => seeEnd(house, workspace, mark, id)));
  }

  test('every turn completes with its own answer', () => {
    const wrong = seen.filter(({ state, text, mark }) => state !== 'completed' || text !== `done ${mark}`);
    const broken = house
      .log()
      .split('\n')
      .filter((line) => line.includes('turn.broke'));
    expect([seen.length, wrong, broken]).toEqual([SESSIONS * TURNS, [], []]);
  });

  test('no prompt reaches an agent twice, and those of a session come in order', () => {
    const prompts = promptsIn(house.journal()).map((prompt) => /job (\S+)/.exec(prompt)?.[1] ?? prompt);
    const expected = Array.from({ length: SESSIONS }, (_, session) =>
      Array.from({ length: TURNS }, (__, index) => toMark(`w${session}`, index)),
    );
    const received = expected.map(([first = '']) => prompts.filter((mark) => mark.startsWith(first.replace(/0$/, ''))));
    expect(received).toEqual(expected);
    expect(prompts).toHaveLength(SESSIONS * TURNS);
  });

  test(`the gateway stays below ${MEMORY_MAX_MB} MB`, () => {
    expect(memoryMb).toBeLessThan(MEMORY_MAX_MB);
  });
});
