import { connect } from 'node:net';
import { expect, test } from '@jest/globals';
import { createApp } from '../../../src/http/answers/create-app.ts';

const TIMEOUT_MS = 1_000;
const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

/** Sends a byte now and then. Resolves with the status line and the milliseconds until the connection ended. */
function trickle(port: number): Promise<readonly [string, number]> {
  const startedAt = performance.now();
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n');
  const bytes = setInterval(() => socket.write(' '), 100);
  socket.on('data', (data: Buffer) => (answer += data.toString()));
  // A byte that comes when it is over.
  socket.on('error', () => {});
  return new Promise((resolve) => {
    socket.once('close', () => {
      clearInterval(bytes);
      resolve([answer.split('\r\n', 1)[0] ?? '', performance.now() - startedAt]);
    });
  });
}

test('A16: bodies that come byte by byte are cut when the time for a whole request is over', async () => {
  const app = createApp(log, { requestTimeoutMs: TIMEOUT_MS });
  app.post('/', async () => 'here');
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as { readonly port: number };
  const ends = await Promise.all(Array.from({ length: 20 }, () => trickle(port)));
  await app.close();
  for (const [status, ms] of ends) {
    expect(status).toContain('408');
    expect(ms).toBeGreaterThan(TIMEOUT_MS * 0.9);
    expect(ms).toBeLessThan(TIMEOUT_MS + 5_000);
  }
});

test('A16: that time is 30 seconds, for headers and body together', () => {
  const { server } = createApp(log);
  expect([server.requestTimeout, server.headersTimeout]).toEqual([30_000, 30_000]);
});
