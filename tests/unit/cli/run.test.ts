import { describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { runCommand } from '../../../src/cli/commands.ts';
import { createFakeTerminal } from '../../helpers/fake-terminal.ts';
import { createTempFolder } from '../../helpers/temp-folder.ts';

const KEY = 'k3y-of-a-test-0123456789abcdef';
const completed = { state: 'completed', phase: null, reason: null, error: null };

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

interface FakeGateway extends AsyncDisposable {
  readonly port: string;
  readonly calls: string[];
}

/** Gives the answers in their order, one for each call. */
async function startFakeGateway(...answers: readonly Answer[]): Promise<FakeGateway> {
  const calls: string[] = [];
  const left = [...answers];
  const note = async (request: IncomingMessage): Promise<void> => {
    const { 'x-api-key': key, prefer } = request.headers;
    calls.push([request.method, request.url, key, prefer ?? '', await text(request)].join(' '));
  };
  const server = createServer((request, response) => {
    void note(request).then(() => {
      const { status, body } = left.shift() ?? { status: 500, body: {} };
      response.writeHead(status).end(typeof body === 'string' ? body : JSON.stringify(body));
    });
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const address = server.address();
  return {
    port: address !== null && typeof address === 'object' ? String(address.port) : '',
    calls,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await once(server.close(), 'close');
    },
  };
}

function createTerminal(gateway: FakeGateway) {
  return createFakeTerminal({
    env: { HTTP_API_PORT: gateway.port, HTTP_API_KEY: KEY },
    readInput: () => Promise.resolve('from stdin'),
  });
}

describe('run', () => {
  test('submits, waits past a long poll, and prints the answer alone on stdout', async () => {
    await using gateway = await startFakeGateway(
      { status: 202, body: { requestId: 'req-1' } },
      { status: 200, body: { state: 'running', phase: 'working' } },
      { status: 200, body: { ...completed, output: { available: true, text: 'forty-two' } } },
    );
    const terminal = createTerminal(gateway);
    expect(await runCommand(['run', 'web', 'how', 'much'], terminal)).toBe(0);
    expect(terminal.printed).toEqual(['forty-two']);
    expect(terminal.complaints).toEqual(['req-1']);
    expect(gateway.calls).toEqual([
      `POST /execute ${KEY}  {"workspace":"web","command":"how much","priority":"high"}`,
      `GET /status/req-1 ${KEY} wait=60 `,
      `GET /status/req-1 ${KEY} wait=60 `,
    ]);
  });

  test('takes the prompt from stdin, and a long answer from its own address', async () => {
    await using gateway = await startFakeGateway(
      { status: 202, body: { requestId: 'req-1' } },
      { status: 200, body: { ...completed, output: { available: true } } },
      { status: 200, body: 'a long answer' },
    );
    const terminal = createTerminal(gateway);
    expect(await runCommand(['run', 'web', '-'], terminal)).toBe(0);
    expect(gateway.calls[0]).toContain('"command":"from stdin"');
    expect(gateway.calls[2]).toContain('GET /status/req-1/output');
    expect(terminal.printed).toEqual(['a long answer']);
  });

  test('a request that ends in another way exits with 3 and says why', async () => {
    const failed = { state: 'failed', phase: null, reason: 'agent_exited', error: 'it left', output: { text: 'half' } };
    await using gateway = await startFakeGateway(
      { status: 202, body: { requestId: 'req-1' } },
      { status: 200, body: failed },
    );
    const terminal = createTerminal(gateway);
    expect(await runCommand(['run', 'web', 'go'], terminal)).toBe(3);
    expect(terminal.printed).toEqual(['half']);
    expect(terminal.complaints).toEqual(['req-1', 'failed (agent_exited): it left']);
  });

  test('a refusal exits with 1 and its reason', async () => {
    await using gateway = await startFakeGateway({ status: 429, body: { error: 'the queue is full' } });
    const terminal = createTerminal(gateway);
    expect(await runCommand(['run', 'web', 'go'], terminal)).toBe(1);
    expect(terminal.complaints).toEqual(['refused with 429: the queue is full']);
  });

  test('no gateway exits with 1 and says what to do', async () => {
    const terminal = createFakeTerminal({ env: { HTTP_API_KEY: KEY } });
    expect(await runCommand(['run', '--url', 'http://127.0.0.1:1', 'web', 'go'], terminal)).toBe(1);
    expect(terminal.complaints.join()).toMatch(/no gateway answers at http:\/\/127\.0\.0\.1:1/);
  });

  test('no key exits with 1 and says where it was looked for', async () => {
    using folder = createTempFolder();
    const terminal = createFakeTerminal({ env: { DATA_DIR: folder.path } });
    expect(await runCommand(['run', 'web', 'go'], terminal)).toBe(1);
    expect(terminal.complaints.join()).toContain(`no key in ${folder.path}`);
  });
});

describe('status', () => {
  test('says the state, then the text', async () => {
    await using gateway = await startFakeGateway({
      status: 200,
      body: { state: 'running', phase: 'working', output: { available: true, text: 'so far' } },
    });
    const terminal = createTerminal(gateway);
    expect(await runCommand(['status', 'req-1'], terminal)).toBe(0);
    expect(terminal.printed).toEqual(['running, working', 'so far']);
  });
});
