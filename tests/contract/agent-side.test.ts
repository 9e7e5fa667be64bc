import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { mkdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { markProcess } from '../../src/agents/processes/process-mark.ts';
import { createStewardClient, untilStewardAnswers } from '../../src/agents/steward/client.ts';
import { serveSteward } from '../../src/agents/steward/serve.ts';
import { GatewayError } from '../../src/core/model/errors.ts';
import { runProgram } from '../../src/lib/run-program.ts';
import { openSide as openOwn, SIDES, type OpenedSide } from '../helpers/agent-sides.ts';
import { newTmuxSocket } from '../helpers/own-tmux.ts';
import { processesWith } from '../helpers/process-tree.ts';
import { createTempFolder } from '../helpers/temp-folder.ts';
import { until } from '../helpers/until.ts';

describe.each(SIDES)('the agents’ side by %s', (_name, openSide) => {
  let folder: ReturnType<typeof createTempFolder>;
  let opened: OpenedSide;

  beforeEach(async () => {
    folder = createTempFolder();
    opened = await openSide(folder.path);
  });
  afterEach(async () => {
    await opened.close();
    folder[Symbol.dispose]();
  });

  const at = (...names: readonly string[]): string => path.join(folder.path, ...names);

  describe('reads files', () => {
    test('from a byte on, and no character is cut', async () => {
      await writeFile(at('f'), 'für 😀\n"two"\n');
      expect(await opened.side.files.readFrom(at('f'), 0)).toBe('für 😀\n"two"\n');
      expect(await opened.side.files.readFrom(at('f'), 10)).toBe('"two"\n');
      expect(await opened.side.files.readFrom(at('f'), 1_000)).toBe('');
      expect(await opened.side.files.sizeOf(at('f'))).toBe(16);
    });

    test('that are not there as empty, and without a size', async () => {
      expect(await opened.side.files.readFrom(at('none'), 0)).toBe('');
      expect(await opened.side.files.sizeOf(at('none'))).toBeNull();
      expect(await opened.side.files.list(at('none'))).toEqual([]);
    });

    test('but no pipe that stands in the place of one, and no folder', async () => {
      await runProgram('mkfifo', [at('pipe')]);
      await mkdir(at('folder'));
      expect(await opened.side.files.readFrom(at('pipe'), 0)).toBe('');
      expect(await opened.side.files.readFrom(at('folder'), 0)).toBe('');
    });

    test('of nothing but NUL, without end: a part of it', async () => {
      await writeFile(at('sparse'), '');
      await truncate(at('sparse'), 10 ** 12);
      expect((await opened.side.files.readFrom(at('sparse'), 0)).length).toBe(16 * 1024 * 1024);
    });

    test('by the names in their folder', async () => {
      await mkdir(at('names'));
      await Promise.all(['b', 'ä a'].map((name) => writeFile(at('names', name), '')));
      expect([...(await opened.side.files.list(at('names')))].toSorted()).toEqual(['b', 'ä a']);
    });

    test('of megabytes', async () => {
      const text = 'line\n'.repeat(1_000_000);
      await writeFile(at('large'), text);
      expect((await opened.side.files.readFrom(at('large'), 0)) === text).toBe(true);
    });
  });

  test('keeps the trace of a turn where a shell can read it, and forgets it for another agent', async () => {
    const { trace } = opened.side.files;
    const file = await trace.prepare('one');
    const found = async (): Promise<string> =>
      (await runProgram('sh', ['-c', '. "$1"; echo "$TRACEPARENT"', 'sh', file])).stdout;
    expect(await found()).toBe('\n');
    await trace.put('one', '00-1-2-01');
    expect(await found()).toBe('00-1-2-01\n');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    await trace.put('one', null);
    expect(await found()).toBe('\n');
    await trace.put('one', '00-1-2-01');
    expect(await trace.prepare('one')).toBe(file);
    expect(await found()).toBe('\n');
  });

  describe('keeps the streams of an agent', () => {
    const MEGABYTE = 'x'.repeat(1_100_000);

    test('in which lines stand whole and in order, and are read from a byte on', async () => {
      const { stream } = opened.side.files;
      const { input } = await stream.prepare('one');
      for (const line of ['first', 'zwei 😀', MEGABYTE]) expect(await stream.say('one', line)).toBe(true);
      expect(await readFile(input, 'utf8')).toBe(`first\nzwei 😀\n${MEGABYTE}\n`);
      expect(await stream.said('one', 0)).toEqual({ text: 'first\nzwei 😀\n', end: 16 });
      expect(await stream.said('one', 16)).toEqual({ text: `${MEGABYTE}\n`, end: 1_100_017 });
      expect(await stream.saidBytes('one')).toBe(1_100_017);
      expect((await stream.said('none', 0)) ?? null).toBeNull();
    });

    test('and says a line where it was meant to begin, or not at all', async () => {
      const { stream } = opened.side.files;
      await stream.prepare('one');
      await stream.say('one', 'first');
      expect(await stream.say('one', 'late', 0)).toBe(false);
      expect(await stream.say('one', 'second', 6)).toBe(true);
      expect((await stream.said('one', 0))?.text).toBe('first\nsecond\n');
    });

    test('and completes a line that was cut, before the next one', async () => {
      const { stream } = opened.side.files;
      const { input } = await stream.prepare('one');
      await stream.say('one', 'first');
      await writeFile(path.join(path.dirname(input), 'next'), 'second, whole\n');
      await writeFile(input, 'first\nsecond, wh');
      await stream.say('one', 'third');
      expect(await readFile(input, 'utf8')).toBe('first\nsecond, whole\nthird\n');
      await writeFile(input, 'nobody knows');
      await expect(stream.say('one', 'fourth')).rejects.toThrow('nobody knows its end');
    });

    test('and hears whole lines, as soon as there is one', async () => {
      const { stream } = opened.side.files;
      const { output } = await stream.prepare('one');
      expect(await stream.hear('one', 0, 20)).toEqual({ text: '', end: 0 });
      const heard = stream.hear('one', 0, 10_000);
      await writeFile(output, 'not yet', { flag: 'a' });
      await writeFile(output, ' a line\nand', { flag: 'a' });
      expect(await heard).toEqual({ text: 'not yet a line\n', end: 15 });
      const stop = new AbortController();
      const waiting = stream.hear('one', 15, 10_000, stop.signal).catch(() => ({ text: '', end: 15 }));
      stop.abort();
      expect(await waiting).toEqual({ text: '', end: 15 });
    });
  });

  describe('writes for the agent', () => {
    test('its settings, for its own user alone', async () => {
      const file = await opened.side.files.writeSettings('one', { hooks: { Stop: [] } });
      expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ hooks: { Stop: [] } });
      expect((await stat(file)).mode & 0o777).toBe(0o600);
    });

    test('what it asks at its first start', async () => {
      await opened.side.files.seedHome('/work/one', null);
      const seeded = JSON.parse(await readFile(at('home', '.claude.json'), 'utf8')) as object;
      expect(seeded).toMatchObject({ projects: { '/work/one': { hasTrustDialogAccepted: true } } });
    });

    test('the folder of its workspace', async () => {
      expect(await opened.side.workspaces.locate('one')).toBe(at('workspaces', 'one'));
      expect(await opened.side.workspaces.ensure('one')).toBe(at('workspaces', 'one'));
      await opened.side.workspaces.check();
    });

    test('what people sent, which it can read itself', async () => {
      const bytes = Buffer.from([0, 255, 10, 128]);
      expect(await opened.side.workspaceFiles.receive('one', 'a.bin', bytes)).toBe('inbox/a.bin');
      expect(await readFile(at('workspaces', 'one', 'inbox', 'a.bin'))).toEqual(bytes);
      const found = await opened.side.workspaceFiles.read('one', 'inbox/a.bin', 4);
      expect(found).toEqual({ kind: 'found', bytes });
    });

    test('no more than a file that lies in its workspace, and is as small as is asked', async () => {
      await opened.side.workspaceFiles.receive('one', 'a', Buffer.alloc(2_000_000));
      const read = (name: string) => opened.side.workspaceFiles.read('one', name, 1_999_999);
      expect(await read('inbox/a')).toMatchObject({ kind: 'refused', why: expect.stringContaining('larger') });
      expect(await read('../two')).toEqual({ kind: 'refused', why: 'is not there' });
    });

    test('nothing that people sent where the inbox is a file: the refusal names the field', async () => {
      await opened.side.workspaces.ensure('one');
      await writeFile(at('workspaces', 'one', 'inbox'), '');
      const refused = await opened.side.workspaceFiles
        .receive('one', 'a', Buffer.of(1))
        .catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(GatewayError);
      expect(refused).toMatchObject({ code: 'invalid_field', field: 'file' });
    });

    test('no folder in place of a file: the refusal names the field', async () => {
      await writeFile(at('workspaces', 'taken'), '');
      const refused = await opened.side.workspaces.ensure('taken').catch((error: unknown) => error);
      expect(refused).toBeInstanceOf(GatewayError);
      expect(refused).toMatchObject({ code: 'invalid_field', field: 'workspace' });
    });

    test('nothing where it cannot, and says so', async () => {
      await rm(at('workspaces'), { recursive: true });
      await writeFile(at('workspaces'), '');
      await expect(opened.side.workspaces.check()).rejects.toThrow(/EEXIST|ENOTDIR/);
    });
  });

  describe('makes worktrees', () => {
    const never = new AbortController().signal;
    const git = async (...args: readonly string[]): Promise<string> => {
      const who = ['-c', 'user.name=P', '-c', 'user.email=p@x'];
      const { code, stdout } = await runProgram('git', ['-C', at('repos', 'o', 'r'), ...who, ...args]);
      expect(code).toBe(0);
      return stdout.trim();
    };

    test('of repositories, and shows, commits, publishes and removes them', async () => {
      await mkdir(at('repos', 'o', 'r'), { recursive: true });
      await runProgram('git', ['init', '-q', '--bare', at('up.git')]);
      await git('init', '-q', '-b', 'main');
      await git('commit', '-q', '--allow-empty', '-m', 'first');
      await git('remote', 'add', 'origin', at('up.git'));
      const { worktrees } = opened.side;
      const name = { repo: 'o/r', id: 'quick-1' };
      const added = await worktrees?.add(name, never);
      expect(added).toMatchObject({ path: at('worktrees', 'quick-1'), branch: 'quick/quick-1', defaultBranch: 'main' });
      await writeFile(at('worktrees', 'quick-1', 'new'), 'new\n');
      const diff = await worktrees?.diff({ ...name, base: added?.base ?? '' }, 10_000, never);
      expect(diff?.files).toEqual([{ path: 'new', from: null, change: 'added' }]);
      const done = await worktrees?.commit(name, 'what was left', never);
      const published = await worktrees?.publish(name, { title: 't', body: 'b' }, never);
      expect(published?.commit).toBe(done?.commit);
      expect(await git('rev-parse', 'quick/quick-1')).toBe(done?.commit);
      expect(await worktrees?.remove(name)).toEqual({ keptBranches: [] });
      expect(await worktrees?.sweep([], never)).toEqual({ removed: [], kept: [], failed: [] });
    });

    test('of nothing else: the refusal has its code', async () => {
      await mkdir(at('repos', 'o', 'folder'), { recursive: true });
      const refused = (repo: string) => opened.side.worktrees?.find(repo).catch((error: unknown) => error);
      expect(await refused('o/none')).toMatchObject({ code: 'repository_not_found' });
      expect(await refused('o/folder')).toMatchObject({ code: 'not_a_repository' });
      expect(await refused('../o')).toMatchObject({ code: 'invalid_field', field: 'repo' });
    });

    test('for nobody who has gone', async () => {
      const gone = AbortSignal.abort(new Error('gone'));
      await mkdir(at('repos', 'o', 'r'), { recursive: true });
      await git('init', '-q', '-b', 'main');
      await git('commit', '-q', '--allow-empty', '-m', 'first');
      await expect(opened.side.worktrees?.add({ repo: 'o/r', id: 'quick-1' }, gone)).rejects.toThrow('gone');
      expect(await git('worktree', 'list', '--porcelain')).not.toContain('quick-1');
      expect(await git('branch', '--list', 'quick/*')).toBe('');
    });
  });

  describe('asks a program for its version', () => {
    const install = async (says: string): Promise<string> => {
      await writeFile(at('program'), `#!/bin/sh\necho asked >>${at('asked')}\n${says}\n`, { mode: 0o755 });
      return at('program');
    };
    const timesAsked = async (): Promise<number> => (await readFile(at('asked'), 'utf8')).split('\n').length - 1;

    test('once, and again when its file has changed', async () => {
      const program = await install("echo '2.1.332 (Claude Code)'");
      expect(await opened.side.files.version(program)).toBe('2.1.332');
      expect(await opened.side.files.version(program)).toBe('2.1.332');
      expect(await timesAsked()).toBe(1);
      await install("echo 'a warning first'; echo '3.0.1 (Claude Code)'");
      expect(await opened.side.files.version(program)).toBe('3.0.1');
      expect(await timesAsked()).toBe(2);
    });

    test('which is not known of one that does not tell it, and of none', async () => {
      expect(await opened.side.files.version(await install('echo none; exit 3'))).toBeNull();
      expect(await opened.side.files.version(at('nowhere'))).toBeNull();
    });

    test('with the environment of an agent, and nothing of the gateway’s', async () => {
      process.env['OF_THE_GATEWAY'] = '9';
      const program = await install(`echo "\${OF_THE_GATEWAY:-1}.0.0 of $HOME" | tee ${at('said')}`);
      expect(await opened.side.files.version(program)).toBe('1.0.0');
      expect((await readFile(at('said'), 'utf8')).trim()).toBe(`1.0.0 of ${at('home')}`);
      delete process.env['OF_THE_GATEWAY'];
    });
  });

  test('knows whether there is room in the home', async () => {
    expect(await opened.side.files.hasRoom()).toBe(true);
    await rm(at('home'), { recursive: true });
    await expect(opened.side.files.hasRoom()).rejects.toThrow('ENOENT');
  });

  test('sends a signal to the very process that was meant', async () => {
    const child = spawn('sleep', ['600']);
    const mark = (await markProcess(child.pid ?? 0)) ?? { pid: 0, startedAt: '' };
    expect(await opened.side.sendSignal({ ...mark, startedAt: 'another' }, 'SIGKILL')).toBe(false);
    expect(await opened.side.sendSignal(mark, 'SIGTERM')).toBe(true);
    await once(child, 'exit');
    expect(await opened.side.sendSignal(mark, 'SIGTERM')).toBe(false);
  });

  describe('asks tmux', () => {
    const socket = newTmuxSocket();

    afterEach(() => opened.side.askTmux(socket)(['kill-server']));

    test('with an input, and gives what it printed and its exit code', async () => {
      const ask = opened.side.askTmux(socket);
      await ask(['start-server', ';', 'set-option', '-s', 'exit-empty', 'off']);
      await ask(['load-buffer', '-b', 'one', '-'], { input: 'ünder\n' });
      expect(await ask(['show-buffer', '-b', 'one'])).toEqual({ code: 0, stdout: 'ünder\n', stderr: '' });
      expect(await ask(['show-buffer', '-b', 'two'])).toEqual({ code: 1, stdout: '', stderr: 'no buffer two\n' });
    });

    test('until the caller gives up; the asking ends with it', async () => {
      const ask = opened.side.askTmux(socket);
      await ask(['start-server', ';', 'set-option', '-s', 'exit-empty', 'off']);
      const server = processesWith(`${socket}\0-f\0/dev/null\0start-server`)[0];
      const open = (): number => readdirSync(`/proc/${server}/fd`).length;
      const quiet = open();
      const stop = new AbortController();
      const asked = ask(['wait-for', 'never'], { signal: stop.signal });
      await until(() => open() === quiet + 1);
      stop.abort();
      await expect(asked).rejects.toThrow(/abort/i);
      await until(() => open() === quiet);
    });
  });
});

describe('a steward', () => {
  test('that is not there is named after its variable', async () => {
    const side = createStewardClient('/nowhere/steward', { absentMs: 0 });
    await expect(untilStewardAnswers(side, '/nowhere/steward')).rejects.toThrow(/^STEWARD_SOCKET: .*ENOENT/);
  });

  test('that starts later is waited for', async () => {
    using folder = createTempFolder();
    const socket = path.join(folder.path, 'steward');
    const answers = untilStewardAnswers(createStewardClient(socket), socket);
    const server = await serveSteward(await openOwn(folder.path), socket);
    await answers;
    await server.close();
  });

  test('that was away is handed what waited for it, once', async () => {
    using folder = createTempFolder();
    const socket = path.join(folder.path, 'steward');
    const own = await openOwn(folder.path);
    const first = await serveSteward(own, socket);
    const client = createStewardClient(socket);
    await client.workspaces.check();
    await first.close();
    const made = client.workspaces.ensure('one');
    let asked = 0;
    const ensure = (workspace: string): Promise<string> => {
      asked += 1;
      return own.workspaces.ensure(workspace);
    };
    const second = await serveSteward({ ...own, workspaces: { ...own.workspaces, ensure } }, socket);
    expect(await made).toBe(path.join(folder.path, 'workspaces', 'one'));
    expect(asked).toBe(1);
    await second.close();
  });

  test('that ends in the middle of an answer leaves it unanswered, for nobody can tell what was done', async () => {
    using folder = createTempFolder();
    const socket = path.join(folder.path, 'steward');
    const own = await openOwn(folder.path);
    const asked = Promise.withResolvers<void>();
    let times = 0;
    const ensure = (): Promise<string> => {
      times += 1;
      asked.resolve();
      return new Promise(() => {});
    };
    const first = await serveSteward({ ...own, workspaces: { ...own.workspaces, ensure } }, socket);
    const made = createStewardClient(socket).workspaces.ensure('one');
    const refused = expect(made).rejects.toMatchObject({ code: 'ECONNRESET' });
    await asked.promise;
    await first.close();
    const second = await serveSteward({ ...own, workspaces: { ...own.workspaces, ensure } }, socket);
    await refused;
    expect(times).toBe(1);
    await second.close();
  });

  test('in whose place an agent answers without end is believed no more', async () => {
    using folder = createTempFolder();
    const socket = path.join(folder.path, 'steward');
    const endless = createServer((_request, response) => {
      const more = (): void => void (response.write(Buffer.alloc(2 ** 22, ' ')) ? setImmediate(more) : 0);
      response.on('drain', more).on('error', () => {});
      more();
    });
    await new Promise<void>((resolve) => endless.listen(socket, resolve));
    await expect(createStewardClient(socket).workspaces.check()).rejects.toThrow('answers too much');
    await new Promise((resolve) => {
      endless.close(resolve);
      endless.closeAllConnections();
    });
  });

  test('goes on after whatever is said to it', async () => {
    using folder = createTempFolder();
    const socket = path.join(folder.path, 'steward');
    const server = await serveSteward(await openOwn(folder.path), socket);
    const call = encodeURIComponent(
      JSON.stringify({ socket: 'none', spec: { workspace: 'a', columns: 80, rows: 24 } }),
    );
    const odds = [
      'nonsense\r\n\r\n',
      'POST /list HTTP/1.1\r\ncontent-length: 4\r\n\r\nnull',
      'POST /toString HTTP/1.1\r\ncontent-length: 2\r\n\r\n{}',
      'GET /terminal?%% HTTP/1.1\r\nconnection: upgrade\r\nupgrade: terminal\r\n\r\n',
      `GET /terminal?${call} HTTP/1.1\r\nconnection: upgrade\r\nupgrade: terminal\r\n\r\nnot json\nnull\n`,
    ];
    for (const odd of odds) {
      const stream = connect(socket).on('error', () => {});
      stream.resume().write(odd);
      const answered = new Promise((resolve) => stream.once('data', resolve).once('close', resolve));
      await answered;
      stream.destroy();
    }
    await createStewardClient(socket).workspaces.check();
    await server.close();
  });

  test('takes the place of a folder that an agent put there', async () => {
    using folder = createTempFolder();
    const socket = path.join(folder.path, 'steward');
    await mkdir(path.join(socket, 'in', 'it'), { recursive: true });
    const server = await serveSteward(await openOwn(folder.path), socket);
    await createStewardClient(socket).workspaces.check();
    await server.close();
  });

  test('takes the place of one that was killed, and lets in its user and its group alone', async () => {
    using folder = createTempFolder();
    const socket = path.join(folder.path, 'steward');
    await writeFile(socket, 'what the killed one left');
    const server = await serveSteward(await openOwn(folder.path), socket);
    expect((await stat(socket)).mode & 0o777).toBe(0o660);
    await createStewardClient(socket).workspaces.check();
    await server.close();
  });
});
