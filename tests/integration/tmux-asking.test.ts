import { rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { askServer } from '../../src/agents/tmux/server/ask-server.ts';
import { createAskTmux } from '../../src/agents/tmux/server/ask.ts';
import { MESSAGE, toMessage, toNumbers } from '../../src/agents/tmux/server/messages.ts';
import type { Tmux } from '../../src/agents/tmux/tmux.ts';
import { runProgram, type ProgramResult } from '../../src/lib/run-program.ts';
import { toolEnvironment } from '../helpers/claude-program.ts';
import { createOwnTmux, newTmuxSocket } from '../helpers/own-tmux.ts';
import { processesWith } from '../helpers/process-tree.ts';
import { until } from '../helpers/until.ts';

const S = 'claude-one';
const env = toolEnvironment('/tmp');
const never = new AbortController().signal;

describe('a question to a tmux server that is asked without the program', () => {
  let socket: string;
  let tmux: Tmux;

  beforeAll(async () => {
    socket = newTmuxSocket();
    tmux = createOwnTmux(socket, env);
    await tmux.ensureServer();
    await tmux.open({ session: S, cwd: '/tmp', env: {}, argv: ['sh', '-c', 'printf "ä🚪\\033[31mred\\n"; exec cat'] });
    await until(async () => (await tmux.capture(S))?.includes('red'));
  });
  afterAll(async () => {
    await tmux.killServer();
    await rm(path.dirname(socket), { recursive: true, force: true });
  });

  const ask = (args: readonly string[], input?: string, signal = never): Promise<ProgramResult | null> =>
    askServer({ socket, env, args, input }, signal);
  const run = (args: readonly string[], input?: string): Promise<ProgramResult> =>
    runProgram('tmux', ['-N', '-S', socket, '-f', '/dev/null', ...args], { env, input });

  test.each<readonly [string, readonly string[], string | undefined]>([
    ['prints', ['display-message', '-p', "it's ü🚪 \t#{session_name} #{client_termname} #{client_utf8}"], undefined],
    ['prints nothing', ['set-option', '-g', '@seen', '1'], undefined],
    ['is several', ['display-message', '-p', 'a', ';', 'list-sessions', ';', 'display-message', '-p', 'b'], undefined],
    ['shows a screen with its colours', ['capture-pane', '-p', '-e', '-t', `=${S}:`], undefined],
    ['there is not', ['no-such-command', 'x'], undefined],
    ['has a target that is not there', ['capture-pane', '-p', '-t', '=nobody:'], undefined],
    ['fails behind one that did not', ['display-message', '-p', 'a', ';', 'kill-session', '-t', '=nobody'], undefined],
    ['has an empty word', ['display-message', '-p', ''], undefined],
    ['has no words', ['list-buffers', '-F', ''], undefined],
    ['runs a program', ['run-shell', 'echo of-it; exit 3'], undefined],
    ['reads commands from its input', ['source-file', '-'], 'display-message -p "from ü"\nlist-sessions\n'],
    ['reads a bad command from its input', ['source-file', '-'], 'display-message -p fine\nno-such-command\n'],
    ['has an input that is empty', ['source-file', '-'], ''],
  ])('that %s has the answer of the program', async (_what, args, input) => {
    expect(await ask(args, input)).toEqual(await run(args, input));
  });

  test('takes and gives texts of any length, byte by byte', async () => {
    for (const text of ['x', 'ä'.repeat(8_000), 'a line ü🚪\n'.repeat(100_000)]) {
      expect(await ask(['load-buffer', '-b', 'long', '-'], text)).toMatchObject({ code: 0 });
      expect((await ask(['save-buffer', '-b', 'long', '-']))?.stdout).toBe(text);
    }
  });

  test('a word with a NUL is refused, and not two words', async () => {
    expect(() => ask(['display-message', '-p', 'a\0;\0kill-server'])).toThrow('NUL');
    expect(await ask(['list-sessions'])).toMatchObject({ code: 0 });
  });

  test('one that is too long is none for it, and nothing of it is done', async () => {
    expect(await ask(['set-option', '-g', '@long', 'x'.repeat(17_000)])).toBeNull();
    expect(await ask(['show-options', '-gqv', '@long'])).toMatchObject({ code: 0, stdout: '' });
  });

  test('a variable that is too long is left out, as by the program', async () => {
    const long = { ...env, LONG: 'x'.repeat(17_000) };
    expect(await askServer({ socket, env: long, args: ['list-sessions', '-F', ''], input: undefined }, never)).toEqual(
      await runProgram('tmux', ['-N', '-S', socket, 'list-sessions', '-F', ''], { env: long }),
    );
  });

  test('its input is read once, and a second time there is none', async () => {
    const twice = ['load-buffer', '-b', 'first', '-', ';', 'load-buffer', '-b', 'second', '-'];
    expect(await ask(twice, 'once')).toEqual(await run(twice, 'once'));
    expect(await ask(['show-buffer', '-b', 'second'])).toMatchObject({ code: 1 });
  });

  test('a file of the gateway is neither read nor written for the server', async () => {
    const file = path.join(os.tmpdir(), `gatehouse-never-${process.pid}`);
    await ask(['load-buffer', '-b', 'kept', '-'], 'kept');
    expect(await ask(['save-buffer', '-b', 'kept', file])).toMatchObject({ code: 1 });
    await expect(rm(file)).rejects.toThrow('ENOENT');
    expect(await ask(['load-buffer', '-b', 'taken', '/etc/passwd'], 'an input')).toMatchObject({ code: 1 });
    expect(await ask(['show-buffer', '-b', 'taken'])).toMatchObject({ code: 1 });
  });

  test('whoever waits is no process, hears, and may go', async () => {
    const before = processesWith(socket);
    const stop = new AbortController();
    const [waits, goes] = [ask(['wait-for', 'one']), ask(['wait-for', 'two'], undefined, stop.signal)];
    expect(processesWith(socket)).toEqual(before);
    stop.abort(new Error('enough'));
    await expect(goes).rejects.toThrow('enough');
    await ask(['wait-for', '-S', 'two']);
    await ask(['wait-for', '-S', 'one']);
    expect(await waits).toEqual({ code: 0, stdout: '', stderr: '' });
    await expect(ask(['list-sessions'], undefined, AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
  });

  test('a hundred at once have each their own answer', async () => {
    const asked = Array.from({ length: 100 }, (_, at) => ask(['display-message', '-p', `answer ${at}`]));
    expect((await Promise.all(asked)).map((answer) => answer?.stdout)).toEqual(asked.map((_, at) => `answer ${at}\n`));
  });
});

describe('who listens at the socket', () => {
  const opened: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const close of opened.splice(0)) await close();
  });

  async function listen(hear: (stream: Socket) => void): Promise<string> {
    const socket = path.join(os.tmpdir(), `gatehouse-ask-${process.pid}-${opened.length}`);
    const server: Server = createServer((stream) => hear(stream.on('error', () => {})));
    await new Promise<void>((resolve) => server.listen(socket, resolve));
    opened.push(() => new Promise((resolve) => server.close(resolve)));
    return socket;
  }
  const ask = (socket: string): Promise<ProgramResult | null> =>
    askServer({ socket, env, args: ['list-sessions'], input: undefined }, never);

  test('and speaks another protocol is asked by the program', async () => {
    const socket = await listen((stream) => stream.once('data', () => stream.write(toMessage(MESSAGE.version))));
    expect(await ask(socket)).toBeNull();
  });

  test('and goes away in the middle has failed, with what it said', async () => {
    const socket = await listen((stream) =>
      stream.once('data', () =>
        stream.end(
          Buffer.concat([
            toMessage(MESSAGE.writeOpen, toNumbers(7, 1, 0)),
            toMessage(MESSAGE.write, Buffer.concat([toNumbers(7), Buffer.from('half')])),
          ]),
        ),
      ),
    );
    expect(await ask(socket)).toEqual({ code: 1, stdout: 'half', stderr: 'the server went away\n' });
  });

  test('and shuts down has failed', async () => {
    const socket = await listen((stream) => stream.once('data', () => stream.write(toMessage(MESSAGE.shutdown))));
    expect(await ask(socket)).toEqual({ code: 1, stdout: '', stderr: '' });
  });

  test('and speaks in pieces of a byte is understood', async () => {
    const answer = [...toMessage(MESSAGE.exit, toNumbers(5))].map((byte) => Buffer.of(byte));
    const socket = await listen((stream) => stream.setNoDelay().once('data', () => Readable.from(answer).pipe(stream)));
    expect(await ask(socket)).toMatchObject({ code: 5 });
  });

  test('cannot be seen by a process that may open no more files: which says nothing of a server', async () => {
    const socket = await listen(() => {});
    const script = `
      import { openSync } from 'node:fs';
      import { askServer } from ${JSON.stringify(path.resolve('src/agents/tmux/server/ask-server.ts'))};
      const question = { socket: ${JSON.stringify(socket)}, env: {}, args: ['list-sessions'], input: undefined };
      try { for (;;) openSync('/dev/null'); } catch {}
      console.log(JSON.stringify(await askServer(question, new AbortController().signal)));
    `;
    const words = ['-c', 'ulimit -n 100; exec "$0" --input-type=module -e "$1"', process.execPath, script];
    expect(await runProgram('sh', words)).toMatchObject({ stdout: 'null\n' });
  });

  test('and is no tmux at all is an error', async () => {
    const socket = await listen((stream) => stream.once('data', () => stream.write(Buffer.alloc(64))));
    await expect(ask(socket)).rejects.toThrow('not a message of tmux');
  });

  test('is nobody: so it says, as the program does', async () => {
    const tmux = createAskTmux({ socket: '/tmp/gatehouse-nobody/server', env });
    expect(await tmux(['list-sessions'])).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^no server running on .*ENOENT/),
    });
  });
});
