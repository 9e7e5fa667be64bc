import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { spawnSync } from 'node:child_process';
import { createServer } from 'node:http';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { postToSocket } from '../../../src/lib/net/post-to-socket.ts';
import { listenOnSocket } from '../../../src/lib/net/socket-server.ts';
import { createTempFolder } from '../../helpers/temp-folder.ts';

const never = new AbortController().signal;
const listen = (file: string, takesOver?: boolean) =>
  listenOnSocket(
    createServer((_request, response) => void response.end('hello')),
    { path: file, variable: 'MY_SOCKET', ...(takesOver !== undefined && { takesOver }) },
  );

test('a server takes the place of one that was killed, for its user and its group alone', async () => {
  using folder = createTempFolder();
  const file = path.join(folder.path, 'socket');
  const killed = `require('net').createServer().listen(${JSON.stringify(file)}, () => process.kill(process.pid, 9))`;
  spawnSync(process.execPath, ['-e', killed]);
  expect(statSync(file).isSocket()).toBe(true);
  const close = await listen(file);
  expect(statSync(file).mode & 0o777).toBe(0o660);
  expect(await text(await postToSocket(file, '/', {}, never))).toBe('hello');
  await close();
});

test('what is no socket stays, and is told by the name of its variable', async () => {
  using folder = createTempFolder();
  const file = path.join(folder.path, 'mine');
  mkdirSync(file);
  writeFileSync(path.join(file, 'kept'), '');
  await expect(listen(file)).rejects.toThrow(`MY_SOCKET: ${file} is not a socket`);
  expect(readdirSync(file)).toEqual(['kept']);
});

test('where others may have put it, it goes', async () => {
  using folder = createTempFolder();
  const file = path.join(folder.path, 'theirs');
  mkdirSync(path.join(file, 'in'), { recursive: true });
  const close = await listen(file, true);
  expect(statSync(file).isSocket()).toBe(true);
  await close();
});
