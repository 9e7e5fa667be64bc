import { expect, test } from '@jest/globals';
import { once } from 'node:events';
import { Agent, get } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { openHttpServer } from '../../helpers/http-server.ts';

test('close ends connections that are kept alive', async () => {
  const http = await openHttpServer();
  const agent = new Agent({ keepAlive: true });
  const [socket] = await new Promise<readonly [NodeJS.EventEmitter]>((resolve, reject) => {
    get({ host: '127.0.0.1', port: http.port, path: '/livez', agent }, (answer) => {
      const used = answer.socket;
      text(answer).then(() => resolve([used]), reject);
    }).on('error', reject);
  });
  const ended = once(socket, 'close');
  await http.server.close();
  await ended;
  agent.destroy();
});

test('close ends connections that never said anything', async () => {
  const http = await openHttpServer();
  const socket = connect(http.port, '127.0.0.1');
  await once(socket, 'connect');
  // The answer on a second connection proves that the server has accepted the first.
  await (await fetch(new URL('/livez', http.baseUrl))).text();
  socket.resume();
  const ended = once(socket, 'close');
  await http.server.close();
  await ended;
});

test('close frees the port, and a taken port refuses to listen', async () => {
  const first = await openHttpServer();
  await expect(openHttpServer({ port: first.port })).rejects.toMatchObject({ code: 'EADDRINUSE' });
  await first.server.close();
  const second = await openHttpServer({ port: first.port });
  await second.server.close();
});
