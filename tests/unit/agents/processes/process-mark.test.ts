import { spawn, type ChildProcess } from 'node:child_process';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { findByWords } from '../../../../src/agents/processes/command-lines.ts';
import { isAlive, markProcess, readState } from '../../../../src/agents/processes/process-mark.ts';
import { endProcesses, sendSignal } from '../../../../src/agents/processes/signals.ts';
import { until } from '../../../helpers/until.ts';

/** Ends for nothing but SIGKILL. */
const DEAF = 'process.on("SIGTERM", () => {}); setInterval(() => {}, 2 ** 30); console.log("on")';

describe('a process', () => {
  let child: ChildProcess;
  let pid: number;
  beforeEach(async () => {
    child = spawn(process.execPath, ['-e', DEAF, '--', 'gatehouse words', 'of its own'], { stdio: 'pipe' });
    pid = child.pid ?? 0;
    await new Promise((resolve) => child.stdout?.once('data', resolve));
  });
  afterEach(() => void child.kill('SIGKILL'));

  const mark = async () => (await markProcess(pid)) ?? { pid: 0, startedAt: '' };

  test('is known by its number and its start, and no later one by them', async () => {
    const own = await mark();
    expect(own).toEqual({ pid, startedAt: expect.stringMatching(/^\S/) });
    expect(await isAlive(own)).toBe(true);
    expect(await isAlive({ ...own, startedAt: 'another' })).toBe(false);
  });

  test('that is stopped is told so, and runs when it is continued', async () => {
    const own = await mark();
    process.kill(pid, 'SIGSTOP');
    await until(async () => (await readState(pid)) === 'stopped');
    expect(await sendSignal(own, 'SIGCONT')).toBe(true);
    await until(async () => (await readState(pid)) === 'runs');
  });

  test('gets no signal that was meant for another one of its number', async () => {
    expect(await sendSignal({ pid, startedAt: 'another' }, 'SIGKILL')).toBe(false);
    expect(await readState(pid)).toBe('runs');
  });

  test('is ended by force when a word does not end it', async () => {
    const own = await mark();
    process.kill(pid, 'SIGSTOP');
    expect(await endProcesses(sendSignal, [own], 'forced')).toEqual([]);
    expect([await isAlive(own), await readState(pid), await markProcess(pid)]).toEqual([false, 'ended', null]);
    expect(await sendSignal(own, 'SIGTERM')).toBe(false);
  });

  test('is found by words of its command line that stand together', async () => {
    expect(await findByWords(['gatehouse words', 'of its own'])).toEqual([pid]);
    expect(await findByWords(['gatehouse words', 'of its'])).toEqual([]);
    expect(await findByWords(['words', 'of its own'])).toEqual([]);
  });
});
