import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { TEST_KEY } from '../helpers/gateway-rig.ts';
import { openProcessRig, type ProcessRig } from '../helpers/process-rig.ts';
import { until } from '../helpers/until.ts';

const run = promisify(execFile);

/** What curl says to a line: its body and status. */
interface Said {
  readonly status: number;
  // oxlint-disable-next-line typescript/no-explicit-any -- each test knows what it asked for
  readonly body: any;
}

/** The lines of the scenarios as the seed has them, typed into a shell; their addresses and keys are those of the rig. */
describe('the test scenarios of seed 003, with the real CLI', () => {
  let rig: ProcessRig;
  const held = new Map<string, PromiseWithResolvers<string>>();

  beforeAll(async () => {
    const script = (prompt: string): string | Promise<string> => {
      if (!prompt.startsWith('hold')) return `echo: ${prompt}`;
      const gate = Promise.withResolvers<string>();
      held.set(prompt.trimEnd(), gate);
      return gate.promise;
    };
    rig = await openProcessRig(script, { RATE_LIMIT_MAX: '100' });
  });
  afterAll(async () => {
    for (const gate of held.values()) gate.resolve('late');
    await rig.close();
  });

  async function type(lines: string): Promise<readonly Said[]> {
    const typed = lines
      .replaceAll('http://localhost:3000', rig.baseUrl)
      .replaceAll(/your-api-key|correct-key/g, TEST_KEY);
    // A line for each answer, so that those of a hundred at once do not mix.
    const curl = `curl() { command curl -sS -w '\\n%{http_code}' "$@" | base64 -w 0 | sed 's/$/\\n/'; }`;
    const { stdout } = await run('bash', ['-c', `${curl}\n${typed}`]);
    const answers = stdout.split('\n').filter((line) => line !== '');
    return answers.map((line) => {
      const [, body = '', status] = /^([^]*)\n(\d{3})$/.exec(Buffer.from(line, 'base64').toString()) ?? [];
      return { status: Number(status), body: JSON.parse(body) };
    });
  }

  const execute = async (workspace: string, command: string): Promise<void> => {
    expect((await rig.call('POST', '/execute', { json: { workspace, command } })).status).toBe(202);
  };

  test('1: a command is queued, and reaches the agent as it was written', async () => {
    const [said] = await type(`
curl -X POST http://localhost:3000/execute \\
  -H "X-API-Key: your-api-key" \\
  -H "Content-Type: application/json" \\
  -d '{
    "workspace": "test",
    "command": "echo '\\''Hello from HTTP API'\\''"
  }'`);
    expect(said).toMatchObject({ status: 202, body: { workspace: 'test', status: 'queued' } });
    expect(said?.body.requestId).toMatch(/^req-[\w-]+$/);
    const { body } = await rig.call('GET', `/status/${said?.body.requestId}`, { headers: { prefer: 'wait=30' } });
    expect(body.output.text).toBe(`echo: echo 'Hello from HTTP API'`);
  });

  test('2: health tells of three sessions, two of them at work', async () => {
    for (let nth = 0; nth < 13; nth += 1) await execute('project-a', `number ${nth}`);
    await execute('project-a', 'hold one');
    await execute('project-a', 'hold two');
    await execute('project-b', 'hold three');
    await until(() => held.has('hold one') && held.has('hold three'));
    const [said] = await type(`
curl http://localhost:3000/health \\
  -H "X-API-Key: your-api-key"`);
    expect(said).toMatchObject({
      status: 200,
      body: {
        status: 'healthy',
        checks: {
          tmuxServer: { healthy: true, sessionsCount: 3 },
          sessions: { healthy: true, total: 3, active: 2 },
          filesystem: { healthy: true },
          gateway: { healthy: true },
        },
      },
    });
    expect(Math.abs(Date.parse(said?.body.timestamp) - Date.now())).toBeLessThan(60_000);
  });

  test('3: sessions are listed with what they do and did', async () => {
    const [said] = await type(`
curl http://localhost:3000/sessions \\
  -H "X-API-Key: your-api-key"`);
    expect(said).toMatchObject({ status: 200, body: { total: 3 } });
    expect(said?.body.sessions).toContainEqual(
      expect.objectContaining({
        workspace: 'project-a',
        sessionName: 'claude-project-a',
        status: 'active',
        activeRequests: 2,
        totalRequests: 15,
      }),
    );
  });

  test('4: without a key and with a wrong one it is 401, with the right one 200', async () => {
    const said = await type(`
# Without API key
curl http://localhost:3000/health

# With invalid API key
curl http://localhost:3000/health \\
  -H "X-API-Key: wrong-key"

# With valid API key
curl http://localhost:3000/health \\
  -H "X-API-Key: correct-key"`);
    expect(said.map(({ status }) => status)).toEqual([401, 401, 200]);
    expect(said[0]?.body.error).toBe('Unauthorized');
  });

  test('5: of 101 at once, beside live agents, a hundred succeed, and the next is 429', async () => {
    // The look above was one of the hundred of its minute.
    await rig.stop('SIGTERM');
    await rig.start();
    const said = await type(`
for i in {1..101}; do
  curl http://localhost:3000/health -H "X-API-Key: your-api-key" &
done
wait`);
    const statuses = said.map(({ status }) => status).toSorted();
    expect(statuses).toEqual([...Array.from({ length: 100 }, () => 200), 429]);
  });

  test('6: a session at work is not deleted, but by force', async () => {
    const lines = `
# Try to delete session with active requests
curl -X DELETE http://localhost:3000/session/project-a \\
  -H "X-API-Key: your-api-key"

# Force delete
curl -X DELETE "http://localhost:3000/session/project-a?force=true" \\
  -H "X-API-Key: your-api-key"`;
    const [refused, deleted] = await type(lines);
    expect(refused).toMatchObject({
      status: 409,
      body: { error: 'Session has 2 active requests', message: expect.stringContaining('?force=true') },
    });
    expect(deleted).toMatchObject({ status: 200, body: { workspace: 'project-a', status: 'deleted' } });
  });

  test('7: the API describes itself', async () => {
    const [said] = await type(`
curl http://localhost:3000/api-docs \\
  -H "X-API-Key: your-api-key"`);
    expect(said).toMatchObject({ status: 200, body: { openapi: expect.stringMatching(/^3\./) } });
  });
});
