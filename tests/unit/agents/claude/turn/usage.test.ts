import { expect, test } from '@jest/globals';
import { readNoted } from '../../../../../src/agents/claude/turn/usage.ts';
import { usageOf } from '../../../../helpers/examples.ts';

test('what subagents took is not lost to a look that came before the end was noted', async () => {
  const looks = (['begun', 'begun', 'ended'] as const).values();
  // As with the files of subagents: what was read once is not there for the next one.
  let usage = usageOf(12, 3);
  const took = await readNoted(
    {
      read: async () => ({
        found: looks.next().value ?? 'ended',
        async usage() {
          const read = usage;
          usage = usageOf(0, 0);
          return read;
        },
      }),
      isGone: () => false,
    },
    'completed',
  );
  expect(took).toEqual(usageOf(12, 3));
});

test('an agent that is gone writes no more, and is not waited for', async () => {
  const read = async () => ({ found: 'begun', usage: async () => usageOf(1, 1) }) as const;
  expect(await readNoted({ read, isGone: () => true }, 'completed')).toEqual(usageOf(1, 1));
});

test('a failure that comes before its prompt is in the transcript is waited for', async () => {
  const looks = (['absent', 'begun', 'failed'] as const).values();
  const read = async () => {
    const found = looks.next().value ?? 'failed';
    return { found, usage: async () => (found === 'failed' ? usageOf(12, 3) : null) };
  };
  expect(await readNoted({ read, isGone: () => false }, 'failed')).toEqual(usageOf(12, 3));
});
