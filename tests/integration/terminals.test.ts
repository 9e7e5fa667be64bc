import { existsSync, statSync } from 'node:fs';
import { chmod, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import headless from '@xterm/headless';
import { createStewardClient } from '../../src/agents/steward/client.ts';
import { serveSteward } from '../../src/agents/steward/serve.ts';
import { createTerminals } from '../../src/agents/terminal/terminals.ts';
import { createTmux, type Tmux } from '../../src/agents/tmux/tmux.ts';
import type { AttachedTerminal, Terminals } from '../../src/core/ports/terminal.ts';
import { runProgram } from '../../src/lib/run-program.ts';
import { openSide as openOwn, SIDES, type OpenedSide } from '../helpers/agent-sides.ts';
import { createOwnTmux, newTmuxSocket } from '../helpers/own-tmux.ts';
import { attachPerson } from '../helpers/person.ts';
import { processesWith } from '../helpers/process-tree.ts';
import { until } from '../helpers/until.ts';
import { createTempFolder } from '../helpers/temp-folder.ts';

const S = 'claude-one';
const SIZE = { columns: 100, rows: 31 };

describe.each(SIDES)('terminals at a real tmux session, opened by %s', (_name, openSide) => {
  let tmux: Tmux;
  let terminals: Terminals;
  let opened: OpenedSide;
  let folder: ReturnType<typeof createTempFolder>;

  beforeEach(async () => {
    folder = createTempFolder();
    opened = await openSide(folder.path);
    const socket = newTmuxSocket();
    tmux = createTmux({ socket, ask: opened.side.askTmux(socket) });
    terminals = opened.side.terminals(tmux);
    await tmux.ensureServer();
  });
  afterEach(async () => {
    await tmux.killServer();
    await opened.close();
    folder[Symbol.dispose]();
  });

  const start = (argv: readonly string[]): Promise<void> => tmux.open({ session: S, cwd: '/tmp', env: {}, argv });
  const open = (readOnly = false): Promise<AttachedTerminal> => terminals.open({ ...SIZE, workspace: 'one', readOnly });
  const tell = async (...args: readonly string[]): Promise<string> =>
    (await runProgram('tmux', ['-S', tmux.socket, ...args])).stdout.trim();
  const listClients = (format: string): Promise<string> => tell('list-clients', '-t', `=${S}`, '-F', format);
  const attachedProcesses = (): readonly number[] => processesWith(`${tmux.socket}\0attach-session`);

  /** Draws what a terminal shows. */
  function draw(terminal: AttachedTerminal): () => Promise<string> {
    const screen = new headless.Terminal({ cols: SIZE.columns, rows: SIZE.rows, allowProposedApi: true });
    terminal.onOutput((bytes) => screen.write(bytes));
    return async () => {
      await new Promise<void>((resolve) => screen.write('', resolve));
      const lines = Array.from({ length: SIZE.rows }, (_, at) => screen.buffer.active.getLine(at));
      return lines.map((line) => line?.translateToString(true) ?? '').join('\n');
    };
  }

  test('show the screen, take keys, and count as a person who types', async () => {
    await start(['cat']);
    await tmux.paste(S, 'grüße 🦊');
    const terminal = await open();
    const screen = draw(terminal);
    await until(async () => (await screen()).includes('grüße 🦊'));
    terminal.write(Buffer.from(' and ñ'));
    await until(async () => (await tmux.capture(S))?.includes('grüße 🦊 and ñ'));
    expect((await tmux.survey())[0]?.attached).toBe(1);
    expect(Math.abs(Date.now() - ((await tmux.look(S))?.lastTypedAt ?? 0))).toBeLessThan(10_000);
    await terminal.close();
    await until(async () => (await tmux.survey())[0]?.attached === 0);
  });

  test('have no key of tmux that begins a program, ends the session or leads into another one, and two that stay', async () => {
    await start(['cat', '-v']);
    await tmux.open({ session: 'claude-two', cwd: '/tmp', env: {}, argv: ['cat'] });
    const listKeys = async (): Promise<readonly string[]> =>
      (await tell('list-keys')).split('\n').map((line) => line.replaceAll(/\s+/g, ' '));
    expect((await listKeys()).toSorted()).toEqual([
      'bind-key -T prefix C-b send-prefix',
      'bind-key -T prefix d detach-client',
    ]);
    const terminal = await open();
    const screen = draw(terminal);
    const listAll = (): Promise<string> => tell('list-panes', '-a', '-F', '#{session_name} #{pane_id} #{pane_in_mode}');
    const before = await listAll();
    // Windows, panes, prompts, other sessions, the clock, a buffer, a mode: each by itself, as a person types.
    for (const key of [
      'c',
      '%',
      '"',
      ':',
      's',
      'w',
      ')',
      '(',
      'L',
      'D',
      't',
      '[',
      ']',
      '=',
      '~',
      '&',
      'x',
      '!',
      '$',
      '?',
    ]) {
      terminal.write(Buffer.from('\u0002'));
      await until(async () => (await listClients('#{client_prefix}')) === '1');
      terminal.write(Buffer.from(key));
      await until(async () => (await listClients('#{client_prefix}')) === '0');
    }
    terminal.write(Buffer.from('\u0002'));
    await until(async () => (await listClients('#{client_prefix}')) === '1');
    terminal.write(Buffer.from('\u0002'));
    await until(async () => (await screen()).includes('^B'));
    expect(await listAll()).toBe(before);
    expect(await listClients('#{client_session}')).toBe(S);
    terminal.write(Buffer.from('\u0002'));
    await until(async () => (await listClients('#{client_prefix}')) === '1');
    terminal.write(Buffer.from('d'));
    await until(async () => (await listClients('#{client_session}')) === '');
    await terminal.close();
    await tmux.ensureServer();
    expect(await listKeys()).toHaveLength(2);
  });

  test('that are read-only take none, and tmux knows that they are', async () => {
    await start(['cat']);
    const terminal = await open(true);
    const screen = draw(terminal);
    await until(async () => (await listClients('#{client_readonly}')) === '1');
    terminal.write(Buffer.from('unwanted'));
    await tmux.paste(S, 'wanted');
    await until(async () => (await screen()).includes('wanted'));
    expect(await tmux.capture(S)).not.toContain('unwanted');
    expect((await tmux.look(S))?.lastTypedAt).toBeNull();
    await terminal.close();
  });

  test('are resized; alone they make the screen as large, less the line of tmux', async () => {
    await start(['cat']);
    const terminal = await open();
    draw(terminal);
    await until(async () => (await listClients('#{client_width}x#{client_height}')) === '100x31');
    terminal.resize({ columns: 120, rows: 41 });
    await until(async () => (await listClients('#{client_width}x#{client_height}')) === '120x41');
    await until(async () => (await tmux.look(S))?.columns === 120);
    expect((await tmux.look(S))?.rows).toBe(40);
    await terminal.close();
  });

  test('leave the size to a person’s own terminal', async () => {
    await start(['cat']);
    const person = await attachPerson(tmux.socket, 'one');
    await until(async () => (await tmux.look(S))?.columns === 120);
    const terminal = await open();
    draw(terminal);
    await until(async () => (await listClients('#{client_width}')).split('\n').includes('100'));
    expect((await tmux.look(S))?.columns).toBe(120);
    await terminal.close();
    await person.leave();
  });

  test('have nothing of the gateway’s environment', async () => {
    await start(['cat']);
    const terminal = await open();
    draw(terminal);
    const pid = await until(async () => Number(await listClients('#{client_pid}')) || null);
    const { stdout } = await runProgram('cat', [`/proc/${pid}/environ`]);
    expect(stdout.split('\0').filter(Boolean).toSorted()).toEqual([
      'LANG=C.UTF-8',
      expect.stringMatching(/^PATH=/),
      'PWD=/',
      'TERM=xterm-256color',
    ]);
    await terminal.close();
  });

  test('end with their session, and say so', async () => {
    await start(['cat']);
    const terminal = await open();
    const screen = draw(terminal);
    await tmux.paste(S, 'here');
    await until(async () => (await screen()).includes('here'));
    await tmux.kill(S);
    expect(await terminal.exited).toBe('session_ended');
    terminal.write(Buffer.from('too late'));
    terminal.resize(SIZE);
    await terminal.close();
  });

  test('take keys and sizes up to their very end', async () => {
    await start(['cat']);
    const many = await Promise.all(Array.from({ length: 8 }, () => open()));
    for (const terminal of many) draw(terminal);
    await until(async () => (await listClients('x')).split('\n').length === many.length);
    let over = false;
    const ended = Promise.all(many.map((terminal) => terminal.exited)).then(() => (over = true));
    const killed = tmux.kill(S);
    for (let turn = 0; !over; turn += 1) {
      for (const terminal of many) {
        terminal.write(Buffer.from('x'));
        terminal.resize({ ...SIZE, rows: 31 + (turn % 2) });
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    await Promise.all([ended, killed]);
  });

  test('end when tmux lets them go, and say so', async () => {
    await start(['cat']);
    const terminal = await open();
    draw(terminal);
    await until(async () => (await listClients('x')) === 'x');
    await tell('detach-client', '-s', `=${S}`);
    expect(await terminal.exited).toBe('detached');
  });

  test('of a session that is not there end at once', async () => {
    const terminal = await open();
    draw(terminal);
    expect(await terminal.exited).toBe('session_ended');
  });

  test('leave no process behind, also when nobody ever looked at them', async () => {
    await start(['cat']);
    const many = await Promise.all(Array.from({ length: 5 }, () => open()));
    for (const terminal of many.slice(1)) draw(terminal);
    await until(() => attachedProcesses().length === 5);
    await Promise.all(many.map((terminal) => terminal.close()));
    expect(attachedProcesses()).toEqual([]);
  });

  test('that nobody reads do not hold up the session, and show its last screen when read again', async () => {
    await start(['sh', '-c', 'read go; seq 1 2000000; echo the end; exec cat']);
    const [stalled, other] = [await open(), await open()];
    const [stalledScreen, otherScreen] = [draw(stalled), draw(other)];
    await until(async () => (await listClients('x')) === 'x\nx');
    stalled.pause();
    other.write(Buffer.from('\r'));
    await until(async () => (await otherScreen()).includes('the end'));
    expect(await tmux.capture(S)).toContain('the end');
    expect(await stalledScreen()).not.toContain('the end');
    stalled.resume();
    await until(async () => (await stalledScreen()).includes('the end'));
    await Promise.all([stalled.close(), other.close()]);
  });
});

describe('a terminal whose tmux begins slowly', () => {
  const socket = newTmuxSocket();
  afterAll(() => createOwnTmux(socket, { PATH: process.env['PATH'] ?? '' }).killServer());

  test('takes all that is typed meanwhile, as it is', async () => {
    using folder = createTempFolder();
    const place = (name: string): string => path.join(folder.path, name);
    const side = await openOwn(folder.path);
    const tmux = createTmux({ socket, ask: side.askTmux(socket) });
    await tmux.ensureServer();
    const reader = `stty raw -echo; touch '${place('ready')}'; exec head -c 70002 > '${place('typed')}'`;
    await tmux.open({ session: S, cwd: '/tmp', env: {}, argv: ['sh', '-c', reader] });
    await until(() => existsSync(place('ready')));
    const found = (await runProgram('which', ['tmux'])).stdout.trim();
    const slow = `#!/bin/sh\nuntil [ -e '${place('go')}' ]; do sleep 0.01; done\nexec '${found}' "$@"\n`;
    await writeFile(place('tmux'), slow);
    await chmod(place('tmux'), 0o755);
    const terminals = createTerminals({ tmux, env: { PATH: `${folder.path}:${process.env['PATH']}` } });
    const terminal = await terminals.open({ ...SIZE, workspace: 'one', readOnly: false });
    terminal.onOutput(() => {});
    const text = Array.from({ length: 7_000 }, (_, at) => `${at}`.padStart(10, '.')).join('');
    // Ctrl-C and Enter are keys like the others.
    for (const keys of ['\x03', text.slice(0, 30_000), text.slice(30_000), '\r']) terminal.write(Buffer.from(keys));
    await writeFile(place('go'), '');
    await until(() => statSync(place('typed')).size === 70_002);
    expect((await readFile(place('typed'), 'latin1')) === `\x03${text}\r`).toBe(true);
    await terminal.close();
  });
});

const load = async (): Promise<never> => {
  throw new Error('no build for this platform');
};
const REFUSED = { code: 'terminal_unavailable', message: expect.stringContaining('npm ci') };

describe('where node-pty cannot be loaded', () => {
  const tmux = createTmux({ socket: 'none', ask: async () => ({ code: 1, stdout: '', stderr: '' }) });
  const none = createTerminals({ tmux, env: {}, load });

  test('terminals are refused with what to do', async () => {
    await expect(none.open({ ...SIZE, workspace: 'one', readOnly: true })).rejects.toMatchObject(REFUSED);
  });

  test('and so they are by a steward', async () => {
    using folder = createTempFolder();
    const socket = path.join(folder.path, 'steward');
    const server = await serveSteward({ ...(await openOwn(folder.path)), terminals: () => none }, socket);
    const remote = createStewardClient(socket).terminals(tmux);
    await expect(remote.open({ ...SIZE, workspace: 'one', readOnly: true })).rejects.toMatchObject(REFUSED);
    await server.close();
  });
});
