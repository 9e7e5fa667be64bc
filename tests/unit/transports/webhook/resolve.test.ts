import { afterEach, describe, expect, test } from '@jest/globals';
import { createSocket, type Socket } from 'node:dgram';
import { createResolve } from '../../../../src/transports/webhook/resolve.ts';

const TIMEOUT_MS = 200;
const SERVFAIL = 2;
const NXDOMAIN = 3;

let server: Socket | null = null;
const asked: string[] = [];

afterEach(() => {
  server?.close();
  asked.length = 0;
});

/** Answers each question with this code, so much later; null: with nothing. */
async function openNameServer(code: number | null, afterMs = 0): Promise<string> {
  const socket = createSocket('udp4');
  server = socket;
  const timers = new Set<NodeJS.Timeout>();
  socket.on('close', () => timers.forEach(clearTimeout));
  socket.on('message', (question, from) => {
    if (code === null) return;
    const answer = Buffer.from(question);
    answer[2] = 0x81;
    answer[3] = 0x80 | code;
    timers.add(setTimeout(() => socket.send(answer, from.port, from.address), afterMs));
  });
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
  return `127.0.0.1:${socket.address().port}`;
}

async function resolve(nameServer: string, timeoutMs = TIMEOUT_MS): Promise<readonly string[]> {
  const { signal } = new AbortController();
  const lookUp = async (host: string): Promise<readonly string[]> => {
    asked.push(host);
    return ['192.0.2.1'];
  };
  return createResolve({ servers: [nameServer], timeoutMs, lookUp })('hook.example', signal);
}

describe('a name', () => {
  test('that no name server knows is asked of the system, as one in /etc/hosts', async () => {
    expect(await resolve(await openNameServer(NXDOMAIN), 10_000)).toEqual(['192.0.2.1']);
    expect(asked).toEqual(['hook.example']);
  });

  test('whose name server is silent holds no thread of the system', async () => {
    await expect(resolve(await openNameServer(null))).rejects.toMatchObject({ code: 'ETIMEOUT' });
    expect(asked).toEqual([]);
  });

  test('whose name server takes long to say that it cannot say holds none either', async () => {
    await expect(resolve(await openNameServer(SERVFAIL, TIMEOUT_MS * 0.75))).rejects.toMatchObject({
      code: 'ESERVFAIL',
    });
    expect(asked).toEqual([]);
  });
});
