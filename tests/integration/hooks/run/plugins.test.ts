import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { RunOrder } from '../../../../src/hooks/run/order.ts';
import { createPlugins, type Plugins } from '../../../../src/hooks/run/plugins.ts';
import { closestBeside } from '../../../helpers/beside.ts';
import { writePlugin } from '../../../helpers/hook-files.ts';
import { isRunning } from '../../../helpers/process-tree.ts';
import { createTempFolder } from '../../../helpers/temp-folder.ts';
import { until } from '../../../helpers/until.ts';

const never = new AbortController().signal;
let plugins: Plugins;

beforeEach(() => {
  plugins = createPlugins({ PATH: '/bin' });
});
afterEach(() => plugins.close());

function order(ref: string, more: Partial<RunOrder> = {}): RunOrder {
  const input = '{"type":"pre_session","sender_id":1,"identity":{"user_id":"1"},"config":{"n":2}}';
  return { ref, event: 'pre_session', input, timeoutMs: 20_000, env: {}, edition: 'one', ...more };
}

describe('a hook that is a plugin', () => {
  test.each(['hook.mjs', 'hook.ts'])(
    '%s is called with its context, and what it returns is what it says',
    async (name) => {
      using folder = createTempFolder();
      const type = name.endsWith('.ts') ? ': { config: { n: number } }' : '';
      const ref = writePlugin(
        folder.path,
        name,
        `export async function preSession(context${type}) {
        return { allow: false, reason: String(context.config.n), metadata: { sees: Object.keys(context) } };
      }`,
      );
      expect(await plugins.run(order(ref), never)).toEqual({
        kind: 'done',
        text: '{"allow":false,"reason":"2","metadata":{"sees":["type","identity","config"]}}',
        complaint: '',
      });
    },
  );

  test('may export its functions as one object, and may return nothing', async () => {
    using folder = createTempFolder();
    const ref = writePlugin(folder.path, 'hook.mjs', 'export default { preSession() {}, postSession: () => null };');
    expect(await plugins.run(order(ref), never)).toMatchObject({ kind: 'done', text: '' });
    expect(await plugins.run(order(ref, { event: 'post_session' }), never)).toMatchObject({
      kind: 'done',
      text: 'null',
    });
    expect(await plugins.run(order(ref, { event: 'on_error' }), never)).toMatchObject({ why: 'exports no onError' });
  });

  test('sees nothing of this process’s environment', async () => {
    using folder = createTempFolder();
    process.env['HOOK_TEST_SECRET'] = 'a-secret';
    const ref = writePlugin(folder.path, 'env.mjs', 'export const preSession = () => ({ metadata: process.env });');
    const end = await plugins.run(order(ref, { env: { TOKEN: 't' } }), never);
    delete process.env['HOOK_TEST_SECRET'];
    expect(end.kind === 'done' && JSON.parse(end.text)).toEqual({ metadata: { PATH: '/bin', TOKEN: 't' } });
  });

  test.each([
    ['throws', 'export function preSession() { throw new Error("oh"); }', 'threw an error'],
    ['ends its thread', 'export const preSession = () => process.exit(3);', 'ended its thread with 3'],
    ['cannot be read', 'export const = 1;', 'cannot be loaded'],
    [
      'takes too much memory',
      'export const preSession = () => { const all = []; for (;;) all.push(new Array(1e6).fill(1)); };',
      'crashed',
    ],
    ['returns what JSON does not know', 'export const preSession = () => ({ metadata: { n: 1n } });', 'threw an error'],
    ['returns a function', 'export const preSession = () => () => ({ allow: false });', 'returned what is no JSON'],
    [
      'throws null when nobody awaits it',
      'export const preSession = () => new Promise(() => setTimeout(() => { throw null; }));',
      'crashed',
    ],
    [
      'speaks with this process itself',
      `import { parentPort } from 'node:worker_threads';
      export const preSession = () => { parentPort.postMessage('hi'); };`,
      'said what is no answer',
    ],
    ['returns 10 MB', 'export const preSession = () => "x".repeat(1e7);', 'printed more than 256 kB'],
  ])('has failed when it %s', async (_, text, why) => {
    using folder = createTempFolder();
    expect(await plugins.run(order(writePlugin(folder.path, 'bad.mjs', text)), never)).toMatchObject({
      kind: 'failed',
      why,
    });
  });

  test.each([
    ['blocks', 'for (;;);'],
    ['waits', 'return new Promise((resolve) => setTimeout(resolve, 60_000));'],
  ])('that %s is ended when its time is up, within 100 ms, and the next call gets another thread', async (_, lines) => {
    using folder = createTempFolder();
    const text = `let calls = 0; export function preSession({ config }) { if (config.n === 2) { ${lines} } return { reason: String(++calls) }; }`;
    const ref = writePlugin(folder.path, 'slow.mjs', text);
    const { ends, lateMs } = await closestBeside(500, 100, () => plugins.run(order(ref, { timeoutMs: 500 }), never));
    for (const end of ends) expect(end).toMatchObject({ kind: 'failed', why: 'did not end within 500 ms' });
    expect(Math.abs(lateMs)).toBeLessThan(100);
    expect(await plugins.run(order(ref, { input: '{"config":{}}' }), never)).toMatchObject({ text: '{"reason":"1"}' });
  });

  test.each([
    ['waits for it', 'execSync(`echo $$ > ${pid}; exec sleep 60`); for (;;);', 2_000, 'did not end within 2000 ms'],
    ['goes on beside it', 'exec(`echo $$ > ${pid}; exec sleep 60`); for (;;);', 2_000, 'did not end within 2000 ms'],
    [
      'ends its thread',
      'spawn("sleep", ["60"]).once("spawn", function () { writeFileSync(pid, String(this.pid)); process.exit(3); }); return new Promise(() => {});',
      20_000,
      'ended its thread',
    ],
  ])('that started a program and %s takes it along', async (_, lines, timeoutMs, why) => {
    using folder = createTempFolder();
    const text = `import { exec, execSync, spawn } from 'node:child_process';
      import { writeFileSync } from 'node:fs';
      const pid = '${folder.path}/pid';
      export function preSession() { ${lines} }`;
    const run = plugins.run(order(writePlugin(folder.path, 'starts.mjs', text), { timeoutMs }), never);
    expect(await run).toMatchObject({ kind: 'failed', why: expect.stringContaining(why) });
    const pid = Number(readFileSync(join(folder.path, 'pid'), 'utf8'));
    await until(() => !isRunning(pid));
  });

  test('has failed when it can have no thread, and to make it ready then harms nobody', async () => {
    using folder = createTempFolder();
    const ref = writePlugin(folder.path, 'hook.mjs', 'export const preSession = () => {};');
    const impossible = order(ref, { env: { NODE_OPTIONS: '--title=x' } });
    plugins.warm(impossible);
    expect(await plugins.run(impossible, never)).toMatchObject({
      kind: 'failed',
      why: 'cannot be given a thread',
      complaint: expect.stringContaining('NODE_OPTIONS'),
    });
  });

  test('that one call keeps busy does not keep another one waiting', async () => {
    using folder = createTempFolder();
    const ref = writePlugin(
      folder.path,
      'busy.mjs',
      `import { writeFileSync } from 'node:fs';
      export function preSession({ config }) { if (config.n === 2) { writeFileSync('${folder.path}/began', ''); for (;;); } }`,
    );
    const gone = new AbortController();
    const busy = plugins.run(order(ref, { timeoutMs: 60_000 }), gone.signal);
    await until(() => existsSync(join(folder.path, 'began')));
    expect(await plugins.run(order(ref, { input: '{"config":{}}' }), never)).toMatchObject({ kind: 'done' });
    gone.abort(new Error('cancelled'));
    await expect(busy).rejects.toThrow('cancelled');
  });

  test('is read again for another edition of the file that names it', async () => {
    using folder = createTempFolder();
    const ref = writePlugin(folder.path, 'hook.mjs', 'export const preSession = () => ({ reason: "old" });');
    await plugins.run(order(ref), never);
    writePlugin(folder.path, 'hook.mjs', 'export const preSession = () => ({ reason: "new" });');
    expect(await plugins.run(order(ref), never)).toMatchObject({ text: '{"reason":"old"}' });
    expect(await plugins.run(order(ref, { edition: 'two' }), never)).toMatchObject({ text: '{"reason":"new"}' });
  });
});
