import { spawn } from 'node:child_process';
import { expect, test } from '@jest/globals';
import { createWaker } from '../../../../../src/agents/claude/screen/wake.ts';
import { markProcess, readState } from '../../../../../src/agents/processes/process-mark.ts';
import type { Look } from '../../../../../src/agents/tmux/look.ts';
import { until } from '../../../../helpers/until.ts';

const see = (showsCursor: boolean): Look => ({
  dead: false,
  columns: 200,
  rows: 50,
  cursor: { column: 2, row: 40 },
  screen: '',
  showsCursor,
  lastTypedAt: null,
  lastKeyAt: null,
  attachedAt: null,
});
const shown = see(true);
const hidden = see(false);

/** A program of which each look after the first shows the next of these; the last one stays. */
async function openWaker(looks: readonly (Look | null)[], isStarting = false, pid = process.pid) {
  const did: string[] = [];
  let next = looks;
  const agent = (await markProcess(pid)) ?? { pid, startedAt: '' };
  const wake = createWaker({
    agent,
    isStarting,
    sendSignal: async (_process, signal) => did.push(signal) > 0,
    look: async () => {
      const [first = null, ...rest] = next;
      if (rest.length > 0) next = rest;
      return first;
    },
    onContinued: () => void did.push('told'),
  });
  return { wake, did, shows: (...more: readonly Look[]) => void (next = more) };
}

test('a program that hides the cursor is let alone', async () => {
  const { wake, did } = await openWaker([]);
  expect([await wake(hidden), did]).toEqual([hidden, []]);
});

test('one that shows the cursor is continued, which is told, and seen as it is then', async () => {
  const { wake, did } = await openWaker([shown, shown, hidden]);
  expect([await wake(shown), did]).toEqual([hidden, ['SIGCONT', 'told']]);
});

test('one that shows it for a moment gets no signal', async () => {
  const { wake, did } = await openWaker([hidden]);
  expect([await wake(shown), did]).toEqual([hidden, []]);
});

test('one that starts has not hidden it yet, and gets no signal until it has', async () => {
  const { wake, did } = await openWaker([shown, hidden], true);
  expect([await wake(shown), did]).toEqual([shown, []]);
  await wake(hidden);
  expect([await wake(shown), did]).toEqual([hidden, ['SIGCONT', 'told']]);
});

test('one that shows it all the time is asked once, and again when it had hidden it', async () => {
  const { wake, did } = await openWaker([shown]);
  expect(await wake(shown)).toBe(shown);
  expect(await wake(shown)).toBe(shown);
  expect(did).toEqual(['SIGCONT']);
  await wake(hidden);
  await wake(shown);
  expect(did).toEqual(['SIGCONT', 'SIGCONT']);
});

test('one that shows it all the time is continued when it says that it is suspended', async () => {
  const suspended = { ...shown, screen: 'Claude Code is suspended. Run `fg` to bring it back.' };
  const { wake, did, shows } = await openWaker([shown]);
  await wake(shown);
  shows(suspended, shown);
  expect([await wake(suspended), did]).toEqual([shown, ['SIGCONT', 'SIGCONT', 'told']]);
});

test('one that ends meanwhile is told as ended, and not as continued', async () => {
  const { wake, did } = await openWaker([shown, { ...shown, dead: true }]);
  expect([await wake(shown), did]).toEqual([{ ...shown, dead: true }, ['SIGCONT']]);
});

test('one that is stopped and does not go on is seen no more', async () => {
  const child = spawn('sleep', ['600']);
  const pid = child.pid ?? 0;
  process.kill(pid, 'SIGSTOP');
  await until(async () => (await readState(pid)) === 'stopped');
  const { wake, did } = await openWaker([hidden], false, pid);
  expect([await wake(hidden), did]).toEqual([null, ['SIGCONT']]);
  child.kill('SIGKILL');
});
