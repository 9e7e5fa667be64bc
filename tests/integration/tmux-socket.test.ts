import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createAskTmux } from '../../src/agents/tmux/server/ask.ts';
import type { SocketLoss } from '../../src/agents/tmux/server/command.ts';
import { endOldServers } from '../../src/agents/tmux/server/end-server.ts';
import { createTmux, type Tmux } from '../../src/agents/tmux/tmux.ts';
import { runProgram } from '../../src/lib/run-program.ts';
import { toolEnvironment } from '../helpers/claude-program.ts';
import { newTmuxSocket } from '../helpers/own-tmux.ts';
import { isRunning, killAll, processesWith } from '../helpers/process-tree.ts';
import { until } from '../helpers/until.ts';

const S = 'claude-one';

describe('the socket of a tmux server', () => {
  const env = toolEnvironment('/tmp');
  let socket: string;
  let tmux: Tmux;
  let losses: SocketLoss[];

  beforeEach(async () => {
    socket = newTmuxSocket();
    losses = [];
    tmux = createTmux({ socket, ask: createAskTmux({ socket, env }), onLost: (what) => losses.push(what) });
    await tmux.ensureServer();
  });
  afterEach(async () => {
    await tmux.killServer();
    await rm(path.dirname(socket), { recursive: true, force: true });
  });

  const folder = (): string => path.dirname(socket);
  const open = (argv: readonly string[] = ['cat']): Promise<void> =>
    tmux.open({ session: S, cwd: '/tmp', env: {}, argv });
  const servers = (): readonly number[] => processesWith(`${socket}\0-f\0/dev/null\0start-server`);
  const pidOfServer = async (): Promise<number> =>
    Number((await runProgram('tmux', ['-S', socket, 'display-message', '-p', '#{pid}'])).stdout);

  test('T21: lies in a folder that only its user may enter', async () => {
    expect((await stat(folder())).mode & 0o777).toBe(0o700);
  });

  test('T21: what runs in a session has no variable that leads to tmux', async () => {
    await open(['sh', '-c', 'env | cut -d= -f1; echo done; exec cat']);
    await until(async () => (await tmux.capture(S))?.includes('done'));
    expect(await tmux.capture(S)).not.toMatch(/^(TMUX|TERM_PROGRAM)/m);
    const outside = await runProgram('tmux', ['kill-server'], { env: { ...env, TMUX_TMPDIR: folder() } });
    expect(outside.stderr).toContain('No such file');
    expect(await tmux.list()).toEqual([S]);
  });

  test.each<readonly [string, () => Promise<unknown>]>([
    ['is removed', () => rm(socket)],
    ['is removed with its folder', () => rm(folder(), { recursive: true })],
    ['is moved away', () => rename(socket, `${socket}-away`)],
    ['is replaced by a file', () => rm(socket).then(() => writeFile(socket, ''))],
    ['is replaced by a folder', () => rm(socket).then(() => mkdir(path.join(socket, 'in', 'it'), { recursive: true }))],
  ])('T20: that %s is made again by the server that lives', async (_what, lose) => {
    await open();
    const [server, pane] = [await pidOfServer(), await tmux.pane(S)];
    await lose();
    expect(await tmux.paste(S, 'still here')).toBe('sent');
    await until(async () => (await tmux.capture(S))?.includes('still here'));
    expect([await pidOfServer(), await tmux.pane(S)]).toEqual([server, pane]);
    expect(losses).toEqual(['restored']);
  });

  test('T20: that is lost is asked of the server alone, not of what it is about to start', async () => {
    // A program that is begun has the command line of the server until it is another one.
    const words = `-S ${socket} -f /dev/null start-server`;
    await runProgram('tmux', ['-S', socket, 'run-shell', '-b', `exec sh -c 'sleep 600; :' sh ${words}`], { env });
    await until(() => servers().length === 3);
    await rm(socket);
    const sleeping = servers().filter((pid) => readFileSync(`/proc/${pid}/comm`, 'utf8') === 'sleep\n');
    try {
      expect(await tmux.list()).toEqual([]);
      expect([losses, servers().length]).toEqual([['restored'], 3]);
    } finally {
      // Its shell goes with it.
      killAll(sleeping);
    }
  });

  test('T20: that is lost ends no session for whoever waits for its end', async () => {
    await open();
    const stop = new AbortController();
    let isTold = false;
    const waiting = tmux.ended(S, stop.signal).then(() => (isTold = true));
    await rm(socket);
    await until(() => existsSync(socket));
    await tmux.paste(S, 'alive');
    await until(async () => (await tmux.capture(S))?.includes('alive'));
    expect(isTold).toBe(false);
    stop.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  });

  test('T20: that is lost is found by a process that comes later, and no second server is started', async () => {
    await open();
    const server = await pidOfServer();
    await rm(folder(), { recursive: true });
    const later = createTmux({ socket, ask: createAskTmux({ socket, env }) });
    await Promise.all([later.ensureServer(), later.ensureServer(), later.list()]);
    expect(await later.list()).toEqual([S]);
    expect([await pidOfServer(), servers().includes(server)]).toEqual([server, true]);
  });

  test('T20: that cannot be made says nothing of its sessions, and is made as soon as it can be', async () => {
    await open();
    await rename(folder(), `${folder()}-away`);
    await writeFile(folder(), '');
    await expect(tmux.pane(S)).rejects.toMatchObject({ name: 'TmuxHiddenError' });
    await rm(folder());
    expect(await tmux.pane(S)).toMatchObject({ dead: false });
    expect(losses).toEqual(['hidden', 'restored']);
    await rm(`${folder()}-away`, { recursive: true });
  });

  test('T20: that its server does not make again is given to another one when that one has been ended', async () => {
    await tmux.killServer();
    const deaf = 'process.on("SIGUSR1", () => {}); setInterval(() => {}, 2 ** 30); console.log("deaf")';
    const hidden = spawn(process.execPath, ['-e', deaf, '--', '-S', socket, '-f', '/dev/null', 'start-server']);
    await new Promise((resolve) => hidden.stdout.once('data', resolve));
    await tmux.ensureServer();
    expect(isRunning(hidden.pid ?? 0)).toBe(false);
    expect(await tmux.list()).toEqual([]);
    expect(losses).toEqual(['ended']);
  });

  test('T20: that another server took leaves the first one behind, which is ended with its programs', async () => {
    await open(['sleep', '600']);
    const { pid = 0 } = (await tmux.pane(S)) ?? {};
    const first = await pidOfServer();
    await rm(socket);
    await runProgram('tmux', ['-S', socket, '-f', '/dev/null', 'start-server', ';', 'set', '-s', 'exit-empty', 'off']);
    await tmux.ensureServer();
    await until(() => !isRunning(first) && !isRunning(pid));
    expect(await tmux.list()).toEqual([]);
  });

  test('goes with its server, and so does its folder', async () => {
    await tmux.killServer();
    expect(existsSync(folder())).toBe(false);
  });

  test('is not made by a question: only a start starts a server', async () => {
    await tmux.killServer();
    await expect(open()).rejects.toThrow(/no server|No such file/);
    expect(servers()).toEqual([]);
  });

  test('T20: of an earlier version, which is found also without it, is ended with its programs', async () => {
    const name = path.basename(folder());
    await mkdir(folder(), { recursive: true });
    const old = { ...env, TMUX_TMPDIR: folder() };
    const ask = (...args: readonly string[]) =>
      runProgram('tmux', ['-L', name, '-f', '/dev/null', ...args], { env: old });
    await ask('start-server', ';', 'set-option', '-s', 'exit-empty', 'off', ';', 'new-session', '-d', 'sleep 600');
    const pid = Number((await ask('display-message', '-p', '#{pane_pid}')).stdout);
    const socketOfOld = (await ask('display-message', '-p', '#{socket_path}')).stdout.trim();
    await rm(socketOfOld);
    expect(await endOldServers(name)).toBe(1);
    await until(() => !isRunning(pid));
    expect(await endOldServers(name)).toBe(0);
  });
});
