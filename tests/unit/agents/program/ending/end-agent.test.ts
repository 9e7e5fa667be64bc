import { spawn, type ChildProcess } from 'node:child_process';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { markTree } from '../../../../../src/agents/processes/process-list.ts';
import { isAlive, markProcess, type ProcessMark } from '../../../../../src/agents/processes/process-mark.ts';
import { sendSignal } from '../../../../../src/agents/processes/signals.ts';
import { endEarlier } from '../../../../../src/agents/program/ending/end-agent.ts';

/** A program with a tool in a session of its own, whose number it tells. */
const AGENT = `const { spawn } = require('node:child_process');
const tool = spawn('sleep', ['4321'], { detached: true, stdio: 'ignore' });
setInterval(() => {}, 2 ** 30);
console.log(tool.pid);`;

let child: ChildProcess;
let agent: ProcessMark;
let tool: ProcessMark;

beforeEach(async () => {
  child = spawn(process.execPath, ['-e', AGENT], { stdio: 'pipe' });
  const pid = await new Promise<number>((resolve) => child.stdout?.once('data', (data) => resolve(Number(data))));
  agent = await mark(child.pid ?? 0);
  tool = await mark(pid);
});

afterEach(async () => {
  for (const one of [agent, tool]) await sendSignal(one, 'SIGKILL');
});

async function mark(pid: number): Promise<ProcessMark> {
  const found = await markProcess(pid);
  if (found === null) throw new Error(`${pid} is gone`);
  return found;
}

const tmux = { list: async () => [], variable: async () => null, kill: async () => {} };

test('the tree of an agent is marked, and none of a later process of its number', async () => {
  expect(await markTree(agent)).toEqual([agent, tool]);
  expect(await markTree({ ...agent, startedAt: 'another' })).toEqual([]);
});

test('an agent that an earlier process left is ended with its tools', async () => {
  expect(await endEarlier({ tmux, sendSignal }, 'claude-w', agent)).toBeNull();
  expect([await isAlive(agent), await isAlive(tool)]).toEqual([false, false]);
});

test('a later process of its number is left alone, and so are its tools', async () => {
  expect(await endEarlier({ tmux, sendSignal }, 'claude-w', { ...agent, startedAt: 'another' })).toBeNull();
  expect([await isAlive(agent), await isAlive(tool)]).toEqual([true, true]);
});
