import { connect, type Socket } from 'node:net';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { createApp } from '../../../../src/http/answers/create-app.ts';
import { PER_ADDRESS_MAX, trackConnections } from '../../../../src/http/door/connections.ts';
import { KEY, openHttpServer } from '../../../helpers/http-server.ts';
import { sendLines, sendRaw } from '../../../helpers/raw-http.ts';

const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };
const nested = (levels: number): string => '{"a":'.repeat(levels) + '1' + '}'.repeat(levels);

test('headers over 16 kB are refused, and the connection ends', async () => {
  await using http = await openHttpServer();
  const { status, body } = await sendLines(http.port, [
    'GET /livez HTTP/1.1',
    'Host: 127.0.0.1',
    `X-Long: ${'x'.repeat(17_000)}`,
  ]);
  expect(status).toBe(400);
  expect(body).toContain('headers are too large');
});

test.each([
  ['65 levels', nested(65)],
  ['10,000 levels', nested(10_000)],
  ['10,000 lists that never end', '['.repeat(10_000)],
  ['300,000 levels', nested(300_000)],
])('JSON of %s is refused', async (_name, body) => {
  await using http = await openHttpServer();
  const lines = ['POST /execute HTTP/1.1', 'Host: 127.0.0.1', `X-API-Key: ${KEY}`, 'Content-Type: application/json'];
  const answer = await sendLines(http.port, lines, body);
  expect(answer.status).toBe(400);
  expect(answer.body).toContain('64 levels');
});

test('brackets and quotes in a text are no levels', async () => {
  await using http = await openHttpServer();
  const command = `${'[{"'.repeat(1_000)}\\"${'\\'.repeat(1_001)}`;
  expect((await http.api.post('/execute', { workspace: 'demo', command })).status).toBe(202);
});

test('a connection on which nothing comes is ended', async () => {
  const app = createApp(log, { requestTimeoutMs: 1_000 });
  await app.listen({ host: '127.0.0.1', port: 0 });
  try {
    const { port } = app.server.address() as { readonly port: number };
    const socket = connect(port, '127.0.0.1').resume();
    await once(socket, 'close');
  } finally {
    await app.close();
  }
});

test('one that is kept for the next request is ended after 72 seconds', () => {
  expect(createApp(log).server.keepAliveTimeout).toBe(72_000);
});

test('who takes nothing of an answer is cut off, and who takes it slowly is not', async () => {
  const size = 64 * 1024 * 1024;
  const app = createApp(log, { unreadMs: 3_000 });
  app.get('/', async () => Buffer.alloc(size, 'x'));
  const ended = Promise.withResolvers<void>();
  const sockets: Socket[] = [];
  app.server.on('connection', (socket) => {
    sockets.push(socket);
    socket.once('close', () => ended.resolve());
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  try {
    const { port } = app.server.address() as { readonly port: number };
    const silent = connect(port, '127.0.0.1');
    silent.on('error', () => {});
    silent.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
    await ended.promise;
    silent.destroy();
    const { body } = await sendRaw(port, 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    expect(body.length).toBe(size);
  } finally {
    await app.close();
  }
});

test.each([
  ['an address has only so many connections', [], [true, true, true, false, false]],
  ['a trusted proxy has more', ['127.0.0.0/8'], [true, true, true, true, true]],
])('%s', async (_name, trustedProxies, expected) => {
  const app = createApp(log);
  const closing = new AbortController();
  const tracked = trackConnections(app, closing.signal, { trustedProxies, perAddressMax: 3 });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as { readonly port: number };
  const fates: boolean[] = [];
  const clients: Socket[] = [];
  try {
    for (const _one of expected) {
      const client = connect(port, '127.0.0.1').on('error', () => {});
      clients.push(client);
      fates.push(await isAnswered(client));
    }
    expect(fates).toEqual(expected);
  } finally {
    for (const client of clients) client.destroy();
    closing.abort();
    await tracked.close();
  }
});

test('an address has 2,500 of the 10,000 connections', async () => {
  await using http = await openHttpServer();
  expect(http.server.app.server.maxConnections).toBe(10_000);
  expect(PER_ADDRESS_MAX).toBe(2_500);
});

function isAnswered(client: Socket): Promise<boolean> {
  client.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  return new Promise((resolve) => {
    client.once('data', () => resolve(true));
    client.once('close', () => resolve(false));
  });
}
