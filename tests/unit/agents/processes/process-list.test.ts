import { expect, test } from '@jest/globals';
import { findTree, listProcesses, parseProcesses } from '../../../../src/agents/processes/process-list.ts';

const LIST = `    1     0  1000 00:00:09
   10     1  1500 00:00:00
   11    10 90000 00:01:02
   12    11  3000 01:00:00
   13    12   500 2-00:00:01
   20     1   700   0:01.25
`;

test('an agent is the program below its shell, with all that it started', () => {
  expect(findTree(parseProcesses(LIST), 10)).toEqual({
    pid: 11,
    processes: 3,
    memoryBytes: 93_500 * 1_024,
    cpuMs: (62 + 3_600 + 2 * 86_400 + 1) * 1_000,
  });
});

test('a shell without a program has no agent', () => {
  expect(findTree(parseProcesses(LIST), 13)).toBeNull();
});

test.each(['0:01.25', '0:01,25'])('%s is a time with hundredths', (time) => {
  expect(parseProcesses(`1 0 5 ${time}\n`)).toEqual([{ pid: 1, parent: 0, memoryBytes: 5_120, cpuMs: 1_250 }]);
});

test('this machine lists this very process', async () => {
  const own = (await listProcesses()).find(({ pid }) => pid === process.pid);
  expect(own?.parent).toBe(process.ppid);
  expect(own?.memoryBytes).toBeGreaterThan(1_000_000);
});
