import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openGatewayHouse } from '../helpers/gateway-house.ts';
import { findInPath } from '../helpers/in-path.ts';
import { type PostgresServer, startPostgres } from '../helpers/postgres/server.ts';
import { installScriptedAgent, type InstalledAgent } from '../helpers/scripted-agent/install.ts';
import { until } from '../helpers/until.ts';
import { CLIENTS, EACH, submitAtOnce } from './submit-at-once.ts';
import { readPostgresOrder, type Order } from './told-too-soon.ts';

const CALLS = 'write,writev,sendto,sendmsg,recvfrom,pwrite64,pwritev,fsync,fdatasync';
/** Longer than what a transaction of many requests writes to the log at once. */
const STRING_MAX = '4194304';

const strace = findInPath('strace');
const lack = strace === null ? 'no strace is in PATH' : mayAttach() ? null : 'this user may trace no process that runs';
const suite = lack === null ? describe : describe.skip;

suite(
  `a 202 is on the disk of Postgres, by the order of system calls${lack === null ? '' : ` (${lack}: skipped)`}`,
  () => {
    let folder: string;
    let agent: InstalledAgent;

    beforeAll(async () => {
      folder = await mkdtemp(path.join(os.tmpdir(), 'gatehouse-crash-'));
      agent = await installScriptedAgent(folder);
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));

    async function trace(name: string, ...argv: readonly string[]): Promise<Order> {
      const file = path.join(folder, name);
      await using server = await startPostgres();
      // Without credentials each request ends at once, and no agent takes part.
      const env = { ANTHROPIC_API_KEY: '', QUEUE_MAX: '10000', LOG_LEVEL: 'error' };
      const house = await openGatewayHouse({
        agent,
        env: { ...env, DATABASE_URL: await server.createDatabase('own') },
      });
      try {
        const gateway = house.start([...argv, 'src/main.ts', 'serve']);
        await gateway.ready();
        const tracer = await attach(file, [gateway.pid, ...(await pidsOf(server))]);
        const over = once(tracer, 'exit');
        try {
          await submitAtOnce(house);
        } finally {
          tracer.kill('SIGTERM');
          await over;
        }
        return readPostgresOrder(readFileSync(file, 'latin1'));
      } finally {
        await house.close();
      }
    }

    test('no COMMIT is answered before the sync that covers it has ended, and no 202 written before that answer', async () => {
      const { told, tooSoon } = await trace('on');
      expect(new Set(told).size).toBe(CLIENTS * EACH);
      expect(tooSoon).toEqual([]);
    });

    test('with synchronous_commit = off the same look finds those that were told too soon', async () => {
      const { told, tooSoon } = await trace('off', '--import', './tests/crash/lax-commit.ts');
      expect(new Set(told).size).toBe(CLIENTS * EACH);
      expect(tooSoon.length).toBeGreaterThan(told.length / 2);
    });
  },
);

/** Of all but its first, which serves nobody: backends, and those that write the log in the background. */
async function pidsOf(server: PostgresServer): Promise<readonly number[]> {
  const rows = await server.query('SELECT pid FROM pg_stat_activity WHERE pid <> pg_backend_pid()');
  return rows.map(({ pid }) => Number(pid));
}

/** One tracer for all of them: what it writes is in the order in which they went on. */
async function attach(file: string, pids: readonly number[]): Promise<ChildProcess> {
  const options = ['-f', '-y', '-s', STRING_MAX, '-e', `trace=${CALLS}`, '-e', 'signal=none', '-o', file];
  const tracer = spawn(strace ?? '', [...options, ...pids.flatMap((pid) => ['-p', String(pid)])], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  tracer.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
  try {
    await until(() => [...said.matchAll(/Process \d+ attached/g)].length >= pids.length);
    return tracer;
  } catch (cause) {
    tracer.kill('SIGKILL');
    throw new Error(`strace does not attach to ${pids.join(', ')}: ${said}`, { cause });
  }
}

/** Where Yama is, only root may trace what it did not start. */
function mayAttach(): boolean {
  if (process.getuid?.() === 0) return true;
  try {
    return readFileSync('/proc/sys/kernel/yama/ptrace_scope', 'utf8').trim() === '0';
  } catch {
    return true;
  }
}
