import { expect, test } from '@jest/globals';
import { withUsage } from '../../../../../src/agents/claude/turn/usage.ts';
import { usageOf } from '../../../../helpers/examples.ts';

const DONE = { kind: 'completed', text: 'done', usage: null } as const;

test('what subagents took is not lost to a look that came before the end was noted', async () => {
  const looks = (['begun', 'begun', 'ended'] as const).values();
  // As with the files of subagents: what was read once is not there for the next one.
  let usage = usageOf(12, 3);
  const end = await withUsage(
    {
      readUsage: async () => ({
        found: looks.next().value ?? 'ended',
        async usage() {
          const read = usage;
          usage = usageOf(0, 0);
          return read;
        },
      }),
      isGone: () => false,
    },
    DONE,
  );
  expect(end).toEqual({ ...DONE, usage: usageOf(12, 3) });
});

test('an agent that is gone writes no more, and is not waited for', async () => {
  const parts = { readUsage: async () => ({ found: 'begun', usage: async () => usageOf(1, 1) }) as const };
  const end = await withUsage({ ...parts, isGone: () => true }, DONE);
  expect(end).toEqual({ ...DONE, usage: usageOf(1, 1) });
});
