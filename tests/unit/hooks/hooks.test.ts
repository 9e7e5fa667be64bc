import { chmodSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, test } from '@jest/globals';
import { type HookEntry, toEntry } from '../../../src/hooks/file/entry.ts';
import type { HookSetting } from '../../../src/hooks/file/schema.ts';
import { createHooks, type FileHooks } from '../../../src/hooks/hooks.ts';
import type { RunEnd, Runner } from '../../../src/hooks/run/order.ts';
import { createRunner } from '../../../src/hooks/run/runner.ts';
import { readNotes, writeHook, writePlugin } from '../../helpers/hook-files.ts';
import { createTempFolder } from '../../helpers/temp-folder.ts';
import { until } from '../../helpers/until.ts';
import { openHouse, type House, type HouseOptions } from '../core/flows/house.ts';

const ENV = { PATH: '/usr/local/bin:/usr/bin:/bin' };
const runners: Runner[] = [];
afterEach(() => Promise.all(runners.splice(0).map((runner) => runner.close())));

function load(...entries: readonly HookEntry[]): FileHooks {
  const runner = createRunner(ENV);
  runners.push(runner);
  const hooks = createHooks(runner);
  hooks.replace(entries, 'one');
  return hooks;
}

function entry(ref: string, more: Partial<HookSetting> = {}): HookEntry {
  return toEntry({ ref, events: ['pre_session'], ...more }, more.name ?? 'check', ref);
}

/** Flows that ask and tell these hooks. */
async function openWith(hooks: FileHooks, options: HouseOptions = {}): Promise<House> {
  const house = await openHouse({ ...options, hooks, transports: new Map([['hook', hooks.transport]]) });
  await house.store.setHooks(hooks.list());
  return house;
}

const TOO_LATE = 'did not end within 300 ms';

/** Lines of sh, and what such a hook comes to. */
const FAILURES: readonly (readonly [string, string | null, string])[] = [
  ['exits with 1', 'exit 1', 'exited with 1'],
  ['does not end in time', 'exec sleep 30', TOO_LATE],
  ['leaves the pipes to a child', 'sleep 30', TOO_LATE],
  ['prints garbage', 'echo garbage', 'printed what is no JSON'],
  ['says a wrong type', `echo '{"allow": "yes"}'`, 'said allow in a wrong type'],
  ['is not there', null, 'cannot be run (ENOENT)'],
  ['prints 10 MB', 'head -c 10000000 /dev/zero', 'printed more than 256 kB'],
];

describe('a hook that fails before a turn', () => {
  test.each(FAILURES.flatMap((failure) => [[...failure, false] as const, [...failure, true] as const]))(
    'for it %s (%j): %s; with fail_closed %4$s',
    async (_, lines, why, failClosed) => {
      using folder = createTempFolder();
      const ref = writeHook(folder.path, 'check', lines ?? '');
      if (lines === null) rmSync(ref);
      await using house = await openWith(
        load(entry(ref, { fail_closed: failClosed, timeout_ms: why === TOO_LATE ? 300 : 20_000 })),
      );
      await house.start();
      const request = await house.ended(await house.ask('a', 'hello'));
      const denied = { state: 'failed', reason: 'hook_denied', error: `The hook check could not be asked: it ${why}.` };
      expect(request).toMatchObject(failClosed ? denied : { state: 'completed', error: null });
      expect(house.logged).toContain('hook.failed');
      expect((await house.api.health.check()).checks['gateway']).toMatchObject({
        transports: [{ name: 'hook', problems: [`the hook check ${why}`] }],
      });
    },
  );

  test.each([
    [true, false, 'completed'],
    [true, true, 'completed'],
    [false, false, 'failed'],
    [false, true, 'failed'],
  ])('metadata that is null is none: its word stands (allow %s, fail_closed %s)', async (allow, failClosed, state) => {
    using folder = createTempFolder();
    const ref = writeHook(folder.path, 'check', `echo '{"allow": ${allow}, "metadata": null}'`);
    await using house = await openWith(load(entry(ref, { fail_closed: failClosed })));
    await house.start();
    expect((await house.ended(await house.ask('a', 'hello'))).state).toBe(state);
    expect(house.logged).not.toContain('hook.failed');
  });
});

test('what a hook of a HOOKS_FILE before met is no problem of its successor', async () => {
  const { promise: end, resolve } = Promise.withResolvers<RunEnd>();
  const hooks = createHooks({ run: () => end, warm: () => {}, close: async () => {} });
  const identity = { transport: 'http', user_id: 'key', channel_id: 'http-api', thread_id: null };
  const fields = { identity, message_text: 'hello', engine: 'claude', project: 'a', raw_message: {} };
  const check = entry('/bin/check');
  const ask = () => hooks.ask(check, { eventId: 'x', fields }, new AbortController().signal);
  hooks.replace([check], 'one');
  const asked = ask();
  hooks.replace([entry('/bin/check')], 'two');
  resolve({ kind: 'failed', why: 'exited with 1', complaint: '' });
  expect(await asked).toMatchObject({ kind: 'failed' });
  expect(hooks.transport.problems?.()).toEqual([]);
  await ask();
  expect(hooks.transport.problems?.()).toEqual(['the hook check exited with 1']);
});

/** As scripts for the code of seed 002 were written. */
const SEED_SCRIPT = `#!/usr/bin/env node
const told = JSON.parse(require('node:fs').readFileSync(0, 'utf8'));
const ids = [told.sender_id, told.chat_id, told.thread_id];
if (told.type === 'pre_session') {
  const known = ids.every((id) => id === null || Number.isInteger(id)) && told.identity.user_id === String(told.sender_id);
  const allow = known && told.sender_id === 7;
  console.log(JSON.stringify({ allow, reason: allow ? null : 'unauthorized', silent: false, metadata: { user: told.sender_id } }));
} else {
  require('node:fs').appendFileSync('log', JSON.stringify([told.type, told.status, told.pre_session_metadata.user]) + '\\n');
}
`;

test('a script that was written for the seed’s own code runs unchanged', async () => {
  using folder = createTempFolder();
  const ref = writePlugin(folder.path, 'auth', SEED_SCRIPT);
  chmodSync(ref, 0o755);
  const events = ['pre_session', 'post_session'] as const;
  const runner = createRunner({ PATH: `${dirname(process.execPath)}:${ENV.PATH}` });
  runners.push(runner);
  const hooks = createHooks(runner);
  hooks.replace([entry(ref, { events: [...events], timeout_ms: 20_000, fail_closed: true })], 'one');
  await using house = await openWith(hooks);
  await house.start();
  const identity = (user_id: string) => ({ transport: 'telegram', user_id, channel_id: '-100', thread_id: null });
  const ours = await house.ended(await house.ask('a', 'hello', { identity: identity('7') }));
  const theirs = await house.ended(await house.ask('a', 'hello', { identity: identity('8') }));
  expect([ours.state, theirs.error]).toEqual(['completed', 'unauthorized']);
  await until(async () => (await house.store.countOwed()) === 0);
  expect(readFileSync(join(folder.path, 'log'), 'utf8')).toBe('["post_session","success",7]\n');
});

describe('hooks that are told of the end of a turn', () => {
  const NOTE = 'cat >> notes; echo >> notes';

  test('are told with its event_id, its usage and what was said before it', async () => {
    using folder = createTempFolder();
    const before = writePlugin(
      folder.path,
      'before.mjs',
      'export const preSession = ({ message_text }) => ({ metadata: { asked: message_text } });',
    );
    const events = ['post_session', 'on_error'] as const;
    const after = entry(writeHook(folder.path, 'note', NOTE), { name: 'note', events: [...events], config: { a: 1 } });
    await using house = await openWith(load(entry(before, { timeout_ms: 20_000 }), after));
    await house.start();
    const id = await house.ask('a', 'hello');
    await house.ended(id);
    await until(() => readNotes(join(folder.path, 'notes')).length === 1);
    const [delivery] = await house.api.deliveries.list({ requestId: id }, null, 10);
    expect(delivery).toMatchObject({ to: 'hook:note', kind: 'hook' });
    expect(readNotes(join(folder.path, 'notes'))).toEqual([
      {
        type: 'post_session',
        sender_id: 'key',
        chat_id: 'http-api',
        thread_id: null,
        engine: 'claude',
        project: 'a',
        duration_ms: 0,
        tokens_in: 1,
        tokens_out: 2,
        cost_usd: 0.000006,
        status: 'success',
        error: null,
        message_text: 'hello',
        response_text: 'answer to hello',
        pre_session_metadata: { asked: 'hello' },
        identity: { transport: 'http', user_id: 'key', channel_id: 'http-api', thread_id: null },
        event_id: delivery?.id,
        config: { a: 1 },
      },
    ]);
  });

  test('are told of an error before they are told of its end', async () => {
    using folder = createTempFolder();
    const note = entry(writeHook(folder.path, 'note', NOTE), { name: 'note', events: ['post_session', 'on_error'] });
    await using house = await openWith(load(note), {
      runTurn: async () => ({ kind: 'failed', reason: 'agent_error', error: 'It broke.', text: 'a part' }),
    });
    await house.start();
    await house.ended(await house.ask('a', 'hello'));
    await until(() => readNotes(join(folder.path, 'notes')).length === 2);
    expect(readNotes(join(folder.path, 'notes'))).toMatchObject([
      { type: 'on_error', error_type: 'agent_error', error_message: 'It broke.', traceback: null },
      { type: 'post_session', status: 'error', error: 'It broke.', response_text: 'a part', tokens_in: null },
    ]);
  });

  test('one that fails is called again, with the same event_id, so often and no more; others go their way', async () => {
    using folder = createTempFolder();
    const fails = entry(writeHook(folder.path, 'bad', 'cat >> bad-notes; echo >> bad-notes; echo oh >&2; exit 3'), {
      name: 'bad',
      events: ['post_session'],
    });
    const fine = entry(writeHook(folder.path, 'note', NOTE), { name: 'note', events: ['post_session'] });
    const hooks = load(fails, fine);
    await using house = await openWith(hooks);
    await house.start();
    const id = await house.ask('a', 'hello');
    await house.ended(id);
    const tries = (): number => readNotes(join(folder.path, 'bad-notes')).length;
    // The steps of the clock below would end its call, too.
    await until(async () => (await house.api.deliveries.list({ to: 'hook:note' }, null, 1))[0]?.state === 'sent');
    const failing = async () => (await house.store.readLaneHead('hook:bad'))?.failing ?? null;
    // The clock that goes on below would be too late for it.
    await until(async () => (await house.store.readLaneHead('hook:note')) === null);
    for (let attempt = 1; attempt <= 5; attempt += 1) {
      await until(() => tries() === attempt);
      if (attempt === 5) break;
      await until(async () => (await failing())?.failures === attempt);
      if (attempt === 1) {
        expect((await house.api.health.check()).checks['gateway']).toMatchObject({
          transports: [{ name: 'hook', failing: 1, problems: ['the hook bad exited with 3'] }],
        });
      }
      house.clock.advance(400_000);
    }
    await until(async () => (await failing()) === null);
    const [delivery] = await house.api.deliveries.list({ to: 'hook:bad' }, null, 10);
    expect(delivery).toMatchObject({ state: 'refused', attempts: 5, lastError: 'it exited with 3: oh' });
    expect(new Set(readNotes(join(folder.path, 'bad-notes')).map(({ event_id }) => event_id))).toEqual(
      new Set([delivery?.id]),
    );
    expect(readFileSync(join(folder.path, 'notes'), 'utf8').split('\n').filter(Boolean)).toHaveLength(1);
  });

  test('one that is no longer in the file is told nothing more', async () => {
    using folder = createTempFolder();
    const note = entry(writeHook(folder.path, 'note', NOTE), { name: 'note', events: ['post_session'] });
    const hooks = load(note);
    await using house = await openWith(hooks);
    hooks.replace([], 'two');
    await house.start();
    await house.ended(await house.ask('a', 'hello'));
    await until(async () => (await house.store.countOwed()) === 0);
    expect(await house.api.deliveries.list({}, null, 10)).toMatchObject([
      { state: 'refused', lastError: 'HOOKS_FILE has no hook of this name any more' },
    ]);
  });

  test('never delay an answer', async () => {
    using folder = createTempFolder();
    const waits = writeHook(folder.path, 'slow', 'until test -e go; do sleep 0.05; done');
    const slow = entry(waits, { name: 'slow', events: ['post_session'], timeout_ms: 60_000 });
    await using house = await openWith(load(slow));
    // However this ends: the house waits for what it tells.
    using over = new DisposableStack();
    over.defer(() => writeFileSync(join(folder.path, 'go'), ''));
    await house.start();
    for (const prompt of ['one', 'two'])
      expect((await house.ended(await house.ask('a', prompt))).state).toBe('completed');
    expect(await house.store.countOwed()).toBe(2);
  });
});
