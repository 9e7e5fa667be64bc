import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { toChatFile } from '../../../src/transports/discord/incoming/files.ts';
import { until } from '../../helpers/until.ts';
import { type DiscordRig, openDiscordRig } from './discord-rig.ts';

const MAX = 10_000;

async function hear(rig: DiscordRig, files: Readonly<Record<string, string>>, content = '') {
  await rig.listen();
  rig.server.sendFiles(rig.thread(), rig.anna, content, files);
  return until(() => rig.said[0]);
}

/** What it answers never ends by itself. */
async function openEndlessServer(status: number) {
  const server = http.createServer((_, response) => {
    open += 1;
    response.once('close', () => (open -= 1));
    response.writeHead(status).write('x');
  });
  let open = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    open: () => open,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('files', () => {
  test('come with the words beside them, and are fetched when they are asked for, without the token', async () => {
    await using rig = await openDiscordRig();
    const { text, files } = await hear(rig, { 'a.txt': 'one', 'b.txt': 'two' }, 'look');
    expect([text, files.map(({ name, bytes }) => [name, bytes])]).toEqual([
      'look',
      [
        ['a.txt', 3],
        ['b.txt', 3],
      ],
    ]);
    expect(await files[1]?.fetch(MAX)).toEqual({ kind: 'fetched', bytes: Buffer.from('two') });
  });

  test('alone are a message without words', async () => {
    await using rig = await openDiscordRig();
    expect(await hear(rig, { 'a.txt': 'one' })).toMatchObject({ text: '', files: [{ name: 'a.txt' }] });
  });

  test('that are too large, or gone, say so', async () => {
    await using rig = await openDiscordRig();
    const { files } = await hear(rig, { 'a.txt': 'x'.repeat(5_000) });
    expect(await files[0]?.fetch(4_096)).toEqual({ kind: 'failed', why: 'is larger than 4 kB' });
    rig.server.world.files.clear();
    expect(await files[0]?.fetch(MAX)).toEqual({ kind: 'failed', why: 'is not there any more' });
  });

  test.each([404, 502])('that are answered %i leave no connection open', async (status) => {
    await using server = await openEndlessServer(status);
    const deps = { apiRoot: server.url, signal: AbortSignal.timeout(30_000), retryMs: 1 };
    const file = toChatFile(deps, { name: 'a.txt', size: 1, url: server.url });
    expect(await file.fetch(MAX)).toMatchObject({ kind: 'failed' });
    // Soon, and not only once the answer is collected as garbage.
    await until(() => server.open() === 0, 3_000);
  });

  test('are tried again while the network fails', async () => {
    await using rig = await openDiscordRig();
    const { files } = await hear(rig, { 'a.txt': 'one' });
    let failures = 2;
    rig.server.behave(({ path }) => (path.startsWith('/files/') && failures-- > 0 ? { status: 502 } : 'take'));
    expect(await files[0]?.fetch(MAX)).toMatchObject({ kind: 'fetched' });
    rig.server.behave(({ path }) => (path.startsWith('/files/') ? { status: 502 } : 'take'));
    expect(await files[0]?.fetch(MAX)).toEqual({ kind: 'failed', why: 'could not be fetched from Discord' });
  });

  test('that take too long, with all tries, are given up', async () => {
    await using rig = await openDiscordRig();
    rig.server.behave(({ path }) => (path.startsWith('/files/') ? 'silent' : 'take'));
    const { apiRoot } = rig.server;
    const url = `${new URL(apiRoot).origin}/files/1`;
    const deps = { apiRoot, signal: new AbortController().signal, retryMs: 1, withinMs: 200 };
    const file = toChatFile(deps, { name: 'a.txt', size: 1, url });
    expect(await file.fetch(MAX)).toEqual({ kind: 'failed', why: expect.stringContaining('too long') });
  });

  test('are not fetched in plain text from another server', async () => {
    const deps = { apiRoot: 'https://discord.com/api', signal: AbortSignal.any([]), retryMs: 1 };
    const file = toChatFile(deps, { name: 'a', size: 1, url: 'http://127.0.0.1:1/a' });
    expect(await file.fetch(MAX)).toMatchObject({ kind: 'failed' });
  });
});
