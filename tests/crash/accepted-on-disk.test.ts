import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openGatewayHouse } from '../helpers/gateway-house.ts';
import { findInPath } from '../helpers/in-path.ts';
import { installScriptedAgent, type InstalledAgent } from '../helpers/scripted-agent/install.ts';
import { CLIENTS, EACH, submitAtOnce } from './submit-at-once.ts';
import { readOrder, type Order } from './told-too-soon.ts';
import { until } from '../helpers/until.ts';

const strace = findInPath('strace');
const suite = strace === null ? describe.skip : describe;
const why = strace === null ? ' (no strace is in PATH: skipped)' : '';

suite(`a 202 is on disk, by the order of system calls${why}`, () => {
  let folder: string;
  let agent: InstalledAgent;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(os.tmpdir(), 'gatehouse-crash-'));
    agent = await installScriptedAgent(folder);
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  async function trace(name: string, ...argv: readonly string[]): Promise<Order> {
    const file = path.join(folder, name);
    // Without credentials each request ends at once, and no agent takes part.
    const env = { STRACE: strace ?? '', ANTHROPIC_API_KEY: '', QUEUE_MAX: '10000', LOG_LEVEL: 'error' };
    const house = await openGatewayHouse({ agent, env });
    try {
      const gateway = house.start(['tests/crash/traced-gateway.ts', file, ...argv, 'src/main.ts', 'serve']);
      await gateway.ready();
      await submitAtOnce(house);
      process.kill(gateway.pid, 'SIGTERM');
      await gateway.exited;
      // The tracer writes the end last.
      return await until(() => existsSync(file) && /exited with|killed by/.test(tailOf(file)) && readOrder(read(file)));
    } finally {
      await house.close();
    }
  }

  const read = (file: string): string => readFileSync(file, 'latin1');
  const tailOf = (file: string): string => read(file).slice(-200);

  test('no 202 is written to a socket before the sync that holds its row has ended', async () => {
    const { told, tooSoon } = await trace('full');
    expect(new Set(told).size).toBe(CLIENTS * EACH);
    expect(tooSoon).toEqual([]);
  });

  test('with synchronous = NORMAL the same look finds those that were told too soon', async () => {
    const { told, tooSoon } = await trace('normal', '--import', './tests/crash/normal-sync.ts');
    expect(new Set(told).size).toBe(CLIENTS * EACH);
    expect(tooSoon.length).toBeGreaterThan(told.length / 2);
  });
});
