// Suites that start gateways, with their databases in a real Postgres: `npm run test:postgres`, or with the arguments of
// jest, `npm run test:postgres -- tests/crash/crash`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { startPostgres } from '../tests/helpers/postgres/server.ts';

/** The main job, restarts and streams, the file queue. */
const SUITES = ['main-job', 'streams-restart', 'bot-server'].map((name) => `tests/e2e/${name}.test.ts`);

const given = process.argv.slice(2);
const args = given.length > 0 ? given : ['--maxWorkers', '3', ...SUITES];
const server = await startPostgres();
const env = { ...process.env, TEST_POSTGRES: server.url('postgres') };
const jest = spawn('npm', ['run', '--silent', 'jest', '--', ...args], { env, stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => jest.kill(signal));
const [code] = (await once(jest, 'exit')) as [number | null];
await server[Symbol.asyncDispose]();
process.exitCode = code ?? 1;
