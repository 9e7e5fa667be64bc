import { spawn } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTcpServer, type AddressInfo, type Server, type Socket } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, test } from '@jest/globals';
import { OLD_NODE } from '../../scripts/install-old-node.ts';
import { openHttpServer } from '../helpers/http-server.ts';
import { createTempFolder } from '../helpers/temp-folder.ts';
import { openInjectRig, requestsOf } from './http/inject/inject-rig.ts';

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

interface RunOptions {
  readonly port?: number;
  readonly stdin?: string | Buffer;
  readonly env?: Readonly<Record<string, string>>;
  readonly program?: string;
}

/** Runs `./inject` as a shell does, with this Node in PATH. */
async function runWith(node: string, args: readonly string[], options: RunOptions): Promise<Ended> {
  const { port, stdin = '', env = {}, program = path.resolve('inject') } = options;
  using folder = createTempFolder();
  symlinkSync(node, path.join(folder.path, 'node'));
  const child = spawn(program, [...(port === undefined ? [] : ['--port', String(port)]), ...args], {
    env: { PATH: `${folder.path}:/usr/bin:/bin`, ...env },
  });
  // A command that ends before it has read its input closes the pipe.
  child.stdin.on('error', () => {});
  child.stdin.end(stdin);
  const [stdout, stderr, code] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise<number | null>((resolve) => child.once('close', resolve)),
  ]);
  return { code, stdout, stderr };
}

const hasOld = existsSync(OLD_NODE);
const nodes = [
  ['Node 24', process.execPath, describe],
  [
    `Node 18.3${hasOld ? '' : ' (skipped: not installed; node scripts/install-old-node.ts)'}`,
    OLD_NODE,
    hasOld ? describe : describe.skip,
  ],
] as const;

for (const [name, node, describeIt] of nodes) {
  const run = (args: readonly string[], options: RunOptions = {}) => runWith(node, args, options);

  describeIt(`./inject on ${name}`, () => {
    test('opens a thread for a prompt, and prints the answer of the gateway and nothing else', async () => {
      await using rig = await openInjectRig();
      rig.addChannel('telegram', '1234567890123456789');
      const { code, stdout, stderr } = await run(['Post the "next" photo – née 🚪'], rig);
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout).toBe(
        '{"status":"injected","thread_id":1234567890123456789,"cwd":"/workspaces/telegram-1234567890123456789","requestId":"req-1"}\n',
      );
      expect(rig.opened).toEqual(['Post the "next" photo – née 🚪']);
    });

    test('hands its task the trace that it was given in', async () => {
      await using rig = await openInjectRig();
      rig.addChannel('telegram', '7');
      const traceparent = `00-${'1'.repeat(32)}-${'2'.repeat(16)}-01`;
      const { port } = rig;
      expect((await run(['Post'], { port, env: { TRACEPARENT: traceparent } })).code).toBe(0);
      const env = { TRACEPARENT: 'none\nat all' };
      expect((await run(['--thread-id', '7', 'And on'], { port, env })).code).toBe(0);
      const traces = (await requestsOf(rig)).map(({ trace }) => trace?.traceparent ?? null);
      expect(traces).toEqual([traceparent, null]);
    });

    test('takes the network of the thread', async () => {
      await using rig = await openInjectRig({ configured: ['telegram', 'discord'] });
      rig.addChannel('discord', '7');
      const { code, stdout } = await run(['--platform', 'discord', 'Post'], rig);
      expect([code, stdout]).toEqual([0, expect.stringContaining('"thread_id":7,')]);
    });

    test('takes a name for the task, and an address for the answer', async () => {
      await using rig = await openInjectRig();
      rig.addChannel('telegram', '1');
      await run(['--task-name', 'Daily gram post', '--reply-to=memory:ops', 'Post'], rig);
      expect(rig.opened).toEqual(['Daily gram post']);
      expect(await requestsOf(rig)).toMatchObject([{ prompt: 'Post', replyTo: 'memory:ops' }]);
    });

    test.each([
      ['--thread-id', '12345'],
      ['-t', '9223372036854775808'],
      ['-t', `1${'0'.repeat(30)}`],
    ])('goes on in a thread: %s %s', async (option, id) => {
      await using rig = await openInjectRig();
      await rig.bind(id, 'one');
      const { code, stdout } = await run([option, id, 'Continue'], rig);
      expect([code, stdout]).toEqual([0, expect.stringContaining(`"thread_id":${id},`)]);
      expect(await requestsOf(rig)).toMatchObject([{ workspace: 'one', identity: { thread_id: id } }]);
    });

    test('reads the prompt from stdin for -, exactly as it is', async () => {
      await using rig = await openInjectRig({ channel: 'workspace' });
      const prompt = `  first\n\tsecond 🚪 ${'x'.repeat(100_000)}`;
      expect((await run(['-'], { ...rig, stdin: prompt })).code).toBe(0);
      expect(await requestsOf(rig)).toMatchObject([{ prompt }]);
    });

    test('takes a prompt that begins with a dash behind --', async () => {
      await using rig = await openInjectRig({ channel: 'workspace' });
      expect((await run(['--', '--health'], rig)).code).toBe(0);
      expect(await requestsOf(rig)).toMatchObject([{ prompt: '--health' }]);
    });

    test.each(['--list-sessions', '-l'])('lists sessions: %s', async (option) => {
      await using rig = await openInjectRig();
      await rig.bind('9223372036854775808', 'one');
      expect(await run([option], rig)).toEqual({
        code: 0,
        stdout: '[{"thread_id":9223372036854775808,"cwd":"/workspaces/one","active":false,"has_running_task":false}]\n',
        stderr: '',
      });
    });

    test('asks how the gateway is; host and port may come from the environment', async () => {
      await using rig = await openInjectRig();
      const ok = { code: 0, stdout: '{"status":"ok","sessions":0,"factory_registered":false}\n', stderr: '' };
      expect(await run(['--health', '--host', 'localhost'], rig)).toEqual(ok);
      expect(await run(['--health'], { env: { TASK_API_PORT: String(rig.port) } })).toEqual(ok);
      expect(await run(['--health'], { ...rig, env: { TASK_API_PORT: '1', TASK_API_HOST: '' } })).toEqual(ok);
    });

    test('asks this machine itself, whatever proxy the environment names', async () => {
      await using rig = await openInjectRig();
      const env = { http_proxy: 'http://127.0.0.1:1', HTTP_PROXY: 'http://127.0.0.1:1', NODE_USE_ENV_PROXY: '1' };
      expect(await run(['--health'], { ...rig, env })).toMatchObject({ code: 0 });
    });

    test('works as a copy in another folder, and through a link', async () => {
      await using rig = await openInjectRig();
      using folder = createTempFolder();
      mkdirSync(path.join(folder.path, 'b i n'));
      const copy = path.join(folder.path, 'b i n', 'inject');
      copyFileSync('inject', copy);
      symlinkSync(path.resolve('inject'), path.join(folder.path, 'task'));
      for (const program of [copy, path.join(folder.path, 'task')]) {
        expect(await run(['--health'], { ...rig, program })).toMatchObject({ code: 0, stderr: '' });
      }
    });

    test.each(['--help', '-h'])('%s says how it is used, and what its exit codes mean', async (option) => {
      const { code, stdout, stderr } = await run([option]);
      expect([code, stderr]).toEqual([0, '']);
      for (const word of [
        '--thread-id',
        '-t,',
        '--task-name',
        '--list-sessions',
        '-l,',
        '--health',
        '--host',
        '--port',
        '--reply-to',
        '--platform',
        'Exit codes: 0 ',
      ]) {
        expect(stdout).toContain(word);
      }
    });

    test.each([
      ['no prompt', [], /there is no prompt/],
      ['two prompts', ['one', 'two'], /quotes/],
      ['a prompt and --health', ['--health', 'one'], /--health and a prompt do not go together/],
      ['two questions', ['-l', '--health'], /do not go together/],
      ['an unknown option', ['--loud', 'one'], /--loud/],
      ['an option without its value', ['one', '--port'], /port/],
      ['a thread that is no number', ['-t', 'abc', 'one'], /--thread-id is a whole number/],
      ['a negative thread', ['--thread-id=-1', 'one'], /--thread-id is a whole number/],
      ['a thread with an exponent', ['-t', '1e3', 'one'], /--thread-id is a whole number/],
      ['a port that is none', ['--port', '70000', 'one'], /--port is a port/],
      ['port 0', ['--port', '0', 'one'], /--port is a port/],
    ])('%s is wrong usage: 2', async (_what, args, said) => {
      const { code, stdout, stderr } = await run(args);
      expect([code, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(said);
      expect(stderr).toContain('inject --help');
    });

    test('a TASK_API_PORT that is none is wrong usage, and named; so is 0, which says no port', async () => {
      const wrong = await run(['--health'], { env: { TASK_API_PORT: 'x' } });
      expect(wrong).toMatchObject({ code: 2, stderr: expect.stringMatching(/^inject: TASK_API_PORT is a port/) });
      const any = await run(['--health'], { env: { TASK_API_PORT: '0' } });
      expect(any).toMatchObject({ code: 2, stderr: expect.stringMatching(/TASK_API_PORT is 0.*--port/) });
    });

    test('stdin that is no text is wrong usage, and sends nothing', async () => {
      await using rig = await openInjectRig({ channel: 'workspace' });
      const stdin = Buffer.from([0x61, 0xff]);
      expect(await run(['-'], { ...rig, stdin })).toMatchObject({ code: 2, stderr: expect.stringContaining('UTF-8') });
      expect(await requestsOf(rig)).toEqual([]);
    });

    test('what the gateway refuses is 1, with its reason', async () => {
      await using rig = await openInjectRig();
      const none = await run(['one'], rig);
      expect([none.code, none.stdout]).toEqual([1, '']);
      expect(none.stderr).toMatch(/^inject: refused: .*TASK_CHANNEL=workspace/);
      const unknown = await run(['-t', '99', 'one'], rig);
      expect(unknown).toMatchObject({ code: 1, stderr: expect.stringMatching(/^inject: refused: There is no thread/) });
      await rig.house.drain();
      expect((await run(['one'], rig)).stderr).toMatch(/stopping.*\(again in 5 s\)/);
    });

    test('a gateway that is not there is 1, and what to do is said', async () => {
      const port = await withListener(createTcpServer(), async (free) => free);
      const { code, stderr } = await run(['one'], { port });
      expect(code).toBe(1);
      expect(stderr).toMatch(/nothing answers at http:\/\/127\.0\.0\.1:\d+: start the gateway \(npm start\)/);
      expect(stderr).toMatch(/TASK_API_PORT/);
    });

    test('the HTTP API of a gateway is told from the injection API', async () => {
      await using http = await openHttpServer();
      for (const args of [['one'], ['--health'], ['-l']]) {
        const { code, stderr } = await run(args, http);
        expect([code, stderr]).toEqual([1, expect.stringMatching(/the HTTP API of a gateway.*TASK_API_PORT/)]);
      }
      await using open = await openHttpServer({ auth: false, corsOrigins: [] });
      for (const args of [['one'], ['--health'], ['-l']]) {
        const { code, stderr } = await run(args, open);
        expect([code, stderr]).toEqual([1, expect.stringMatching(/something else answers.*TASK_API_PORT/)]);
      }
    });

    const others: readonly (readonly [string, RequestListener])[] = [
      ['a page', (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>hi</h1>')],
      ['other JSON', (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":1}')],
      ['JSON that is none', (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{')],
      ['null', (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('null')],
      ['404', (_, response) => response.writeHead(404).end()],
      ['500 of its own', (_, response) => response.writeHead(500, { 'content-type': 'application/json' }).end('{}')],
    ];
    test.each(others)('something else at that port that answers %s is told as such', async (_what, listener) => {
      await withListener(createServer(listener), async (port) => {
        const { code, stdout, stderr } = await run(['one'], { port });
        expect([code, stdout, stderr]).toEqual([1, '', expect.stringMatching(/something else answers.*TASK_API_PORT/)]);
      });
    });

    const strangers: readonly (readonly [string, (socket: Socket) => void, RegExp])[] = [
      ['that speaks no HTTP', (socket) => socket.end('SSH-2.0-x\r\n'), /does not speak HTTP/],
      ['that hangs up', (socket) => socket.once('data', () => socket.destroy()), /ended the connection/],
    ];
    test.each(strangers)('something else %s is told as such', async (_what, greet, said) => {
      const server = createTcpServer((socket) => greet(socket.on('error', () => {}).resume()));
      await withListener(server, async (port) => {
        expect(await run(['one'], { port })).toMatchObject({ code: 1, stderr: expect.stringMatching(said) });
      });
    });
  });
}

async function withListener<T>(server: Server, act: (port: number) => Promise<T>): Promise<T> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    return await act((server.address() as AddressInfo).port);
  } finally {
    await new Promise((resolve) => server.close(resolve));
  }
}
