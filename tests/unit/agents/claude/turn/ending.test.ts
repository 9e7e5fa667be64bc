import { describe, expect, test } from '@jest/globals';
import type { TranscriptFinding } from '../../../../../src/agents/claude/transcript/transcript.ts';
import { followEnding, type Ending } from '../../../../../src/agents/claude/turn/ending.ts';
import type { TurnState } from '../../../../../src/agents/claude/watch/turn-course.ts';
import { createStillTime } from '../../../../helpers/scripted-screen.ts';

const begun: TranscriptFinding = { kind: 'begun', promptId: 'p1', text: 'said' };
const ended: TranscriptFinding = { kind: 'ended', promptId: 'p1', text: 'said' };
const resting: TranscriptFinding = { ...begun, kind: 'resting', tasks: ['b1'], wakeUps: ['later'] };

/** What a look finds, and what happens at that moment. */
type Look = TranscriptFinding | ((turn: { state: TurnState }) => TranscriptFinding);

interface Followed {
  readonly ending: Promise<Ending>;
  readonly did: readonly string[];
  readonly release: () => void;
  readonly reads: () => number;
}

function follow(
  looks: readonly Look[],
  {
    mayHold = true,
    isIdle = (): boolean => false,
    mayBeWoken = (): boolean => false,
    from = 'ending' as TurnState,
  } = {},
): Followed {
  const did: string[] = [];
  const turn = { state: from };
  const released = new AbortController();
  let reads = 0;
  const ending = followEnding({
    watch: {
      get state() {
        return turn.state;
      },
      end: new Promise(() => {}),
      stands() {
        did.push('stands');
        turn.state = 'ended';
      },
      rests(tasks, wakeUps) {
        did.push(`rests ${[...tasks, ...wakeUps].join()}`);
        turn.state = 'background';
      },
    },
    mayHold: async () => mayHold,
    mayBeWoken: async () => mayBeWoken(),
    async readTranscript() {
      const look = looks[Math.min(reads, looks.length - 1)] ?? begun;
      reads += 1;
      return typeof look === 'function' ? look(turn) : look;
    },
    isIdle: async () => isIdle(),
    released: released.signal,
  });
  return { ending, did, release: () => released.abort(), reads: () => reads };
}

test('an end that nobody else hears of stands at once', async () => {
  const { ending, did, reads } = follow([begun], { mayHold: false });
  expect(await ending).toBe('told');
  expect([did, reads()]).toEqual([['stands'], 0]);
});

test('an end that others hear of stands when the CLI has noted it', async () => {
  const { ending, did, reads } = follow([begun, begun, ended]);
  expect(await ending).toBe('noted');
  expect([did, reads()]).toEqual([['stands'], 3]);
});

test.each([
  ['that nobody else hears of', false],
  ['that the CLI has noted', true],
])('an end %s stands when no hook runs any more that may wake the agent', async (_name, mayHold) => {
  let looks = 0;
  const mayBeWoken = (): boolean => (looks += 1) <= 3;
  const { ending, did } = follow([ended], { mayHold, mayBeWoken });
  expect(await ending).toBe('noted');
  expect([did, looks]).toEqual([['stands'], 4]);
});

describe('an end that is told while the turn is being stopped', () => {
  test('stands when nothing can follow it', async () => {
    const { ending, did } = follow([begun], { mayHold: false, from: 'stopping' });
    expect(await ending).toBe('told');
    expect(did).toEqual(['stands']);
  });

  test.each([
    ['others hear of it', { mayHold: true }],
    ['a hook runs on that may wake the agent', { mayHold: false, mayBeWoken: () => true }],
  ])('is none when %s', async (_name, then) => {
    const { ending, did } = follow([ended], { ...then, from: 'stopping' });
    expect(await ending).toBe('not');
    expect(did).toEqual([]);
  });
});

test('a turn that left something behind rests', async () => {
  const { ending, did } = follow([begun, resting]);
  expect(await ending).toBe('noted');
  expect(did).toEqual(['rests b1,later']);
});

test.each(['ended', 'stopping', 'background'] as const)(
  'nothing is done once it is %s by something else',
  async (state) => {
    const { ending, did } = follow([
      (turn) => {
        turn.state = state;
        return begun;
      },
    ]);
    expect(await ending).toBe('not');
    expect(did).toEqual([]);
  },
);

test('an agent that goes on was held back', async () => {
  using time = createStillTime();
  const { ending, did } = follow([
    (turn) => {
      turn.state = 'working';
      time.pass(1_000);
      return begun;
    },
  ]);
  expect(await ending).toBe('not');
  expect(did).toEqual([]);
});

test('an agent that stays idle is through, whatever its transcript says', async () => {
  using time = createStillTime();
  const { ending, did } = follow(
    [
      () => {
        time.pass(1_000);
        return begun;
      },
    ],
    { isIdle: () => true },
  );
  expect(await ending).toBe('not');
  expect(did).toEqual(['stands']);
});

test('nothing is looked at any more when nobody watches the agent', async () => {
  const { ending, did, release } = follow([begun]);
  release();
  expect(await ending).toBe('not');
  expect(did).toEqual([]);
});
