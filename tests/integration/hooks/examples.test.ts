import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { HookEvent, PostSessionFields, PreSessionFields } from '../../../src/core/model/hooks/contexts.ts';
import { toEntry } from '../../../src/hooks/file/entry.ts';
import { readHooksFile } from '../../../src/hooks/file/read-hooks.ts';
import type { HookSetting } from '../../../src/hooks/file/schema.ts';
import { toOrder } from '../../../src/hooks/hooks.ts';
import type { RunEnd, Runner } from '../../../src/hooks/run/order.ts';
import { createRunner } from '../../../src/hooks/run/runner.ts';
import { toOutcome } from '../../../src/hooks/words/answer.ts';
import { readNotes } from '../../helpers/hook-files.ts';
import { createTempFolder } from '../../helpers/temp-folder.ts';

const FOLDER = 'docs/hooks';
const identity = { transport: 'telegram', user_id: '7', channel_id: '-100', thread_id: null };
const before: PreSessionFields = {
  ...{ identity, message_text: 'Fix it', engine: 'claude', project: 'shop', raw_message: {} },
};
const after: PostSessionFields = {
  ...{
    identity,
    engine: 'claude',
    project: 'shop',
    duration_ms: 4_200,
    tokens_in: 1_000_000,
    tokens_out: 200_000,
    cost_usd: null,
  },
  ...{ status: 'success', error: null, message_text: 'Fix it', response_text: 'The key is AKIA0123456789ABCDEF.' },
  pre_session_metadata: {},
};

describe('the examples of docs/hooks', () => {
  let runner: Runner;
  beforeAll(() => {
    runner = createRunner({ PATH: process.env['PATH'] ?? '', TZ: 'UTC' });
  });
  afterAll(() => runner.close());

  async function call(
    name: string,
    event: HookEvent,
    fields: Partial<PreSessionFields & PostSessionFields> = {},
    more: Partial<HookSetting> & { readonly eventId?: string } = {},
  ): Promise<RunEnd> {
    const { eventId = 'event-1', ...setting } = more;
    const ref = path.resolve(FOLDER, name);
    const entry = toEntry({ ref, events: [event], timeout_ms: 20_000, ...setting }, name, ref);
    const told = { ...(event === 'pre_session' ? before : after), ...fields };
    return runner.run(toOrder(entry, { event, eventId, fields: told }, 'x'), AbortSignal.timeout(30_000));
  }

  async function ask(...args: Parameters<typeof call>) {
    const outcome = toOutcome(await call(...args));
    if (outcome.kind === 'failed') throw new Error(`${outcome.why}: ${outcome.complaint}`);
    return outcome.answer;
  }

  test('are all in hooks.json, which is right as it stands, and by the schema', async () => {
    const entries = await readHooksFile(path.resolve(FOLDER, 'hooks.json'));
    const files = readdirSync(FOLDER).filter((name) => name !== 'hooks.json');
    expect(entries.map(({ ref }) => path.basename(ref)).toSorted()).toEqual(files.toSorted());
    const check = new Ajv2020({ strict: false }).compile(JSON.parse(readFileSync('docs/hooks.schema.json', 'utf8')));
    expect([check(JSON.parse(readFileSync(`${FOLDER}/hooks.json`, 'utf8'))), check.errors]).toEqual([true, null]);
  });

  test.each([
    ['0-24', '1-7', true],
    ['0-0', '1-7', false],
    ['0-24', '8-9', false],
  ])('office-hours.sh, open from %s on the days %s: %s', async (HOURS, DAYS, allow) => {
    const reason = allow ? null : expect.stringContaining('The office is open');
    expect(await ask('office-hours.sh', 'pre_session', {}, { env: { HOURS, DAYS } })).toMatchObject({ allow, reason });
  });

  test('ask-production.sh asks a person', async () => {
    expect(await ask('ask-production.sh', 'pre_session')).toMatchObject({ ask: 'May this run in production?' });
  });

  test('log-json.sh writes a line for each session', async () => {
    using folder = createTempFolder();
    const LOG_FILE = path.join(folder.path, 'log');
    for (const eventId of ['one', 'two']) {
      expect(await call('log-json.sh', 'post_session', {}, { env: { LOG_FILE }, eventId })).toMatchObject({
        kind: 'done',
      });
    }
    expect(readNotes(LOG_FILE)).toMatchObject([{ event_id: 'one', project: 'shop' }, { event_id: 'two' }]);
  });

  test('redact.mjs denies a prompt that holds a secret, and writes answers down without any', async () => {
    using folder = createTempFolder();
    const file = path.join(folder.path, 'answers');
    const config = { patterns: ['AKIA[0-9A-Z]{16}'], file };
    const message_text = 'Use AKIA0123456789ABCDEF';
    expect(await ask('redact.mjs', 'pre_session', { message_text }, { config })).toMatchObject({ allow: false });
    expect(await ask('redact.mjs', 'pre_session', {}, { config })).toMatchObject({ allow: true });
    expect(await call('redact.mjs', 'post_session', {}, { config })).toMatchObject({ kind: 'done' });
    expect(readFileSync(file, 'utf8')).toBe('shop: The key is [redacted].\n');
  });

  test('budget.ts denies once a workspace has spent what it may in a day, and counts no session twice', async () => {
    using folder = createTempFolder();
    const file = path.join(folder.path, 'spent');
    const config = { file, usdPerDay: 10, usdPerMillionIn: 3, usdPerMillionOut: 15 };
    const spend = (eventId: string) => call('budget.ts', 'post_session', {}, { config, eventId });
    for (const eventId of ['one', 'one']) expect(await spend(eventId)).toMatchObject({ kind: 'done' });
    expect(await ask('budget.ts', 'pre_session', {}, { config })).toMatchObject({ metadata: { spentUsd: 6 } });
    await spend('two');
    expect(await ask('budget.ts', 'pre_session', {}, { config })).toMatchObject({
      allow: false,
      reason: 'The workspace shop has spent its budget of the day.',
    });
    expect(await ask('budget.ts', 'pre_session', { project: 'blog' }, { config })).toMatchObject({ allow: true });
  });

  test('budget.ts fails, and counts nothing as 0, when its file or a number of its config cannot be read', async () => {
    using folder = createTempFolder();
    const file = path.join(folder.path, 'spent');
    const config = { file, usdPerDay: 10 };
    expect(await call('budget.ts', 'post_session', {}, { config })).toMatchObject({
      kind: 'failed',
      complaint: expect.stringContaining('config.usdPerMillionIn must be a number'),
    });
    const free = { tokens_in: null, tokens_out: null };
    expect(await call('budget.ts', 'post_session', free, { config })).toMatchObject({ kind: 'done' });
    expect(await call('budget.ts', 'pre_session', {}, { config: { file } })).toMatchObject({ kind: 'failed' });
    writeFileSync(file, '{"day":"2026-11-29","workspace":"shop","us');
    expect(await call('budget.ts', 'pre_session', {}, { config })).toMatchObject({ kind: 'failed' });
  });

  test('chat-webhook.mjs says how it ended, and is called again when the chat did not take it', async () => {
    const said: string[] = [];
    let status = 503;
    const server = createServer((request, response) => {
      void text(request).then((body) => {
        said.push(`${request.headers['idempotency-key']} ${body}`);
        response.writeHead(status).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const config = { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` };
    const tell = () => call('chat-webhook.mjs', 'post_session', { status: 'error', error: 'It broke.' }, { config });
    expect(await tell()).toMatchObject({ kind: 'failed', complaint: expect.stringContaining('the chat answered 503') });
    status = 200;
    expect(await tell()).toMatchObject({ kind: 'done' });
    expect(said).toEqual(Array(2).fill('event-1 {"text":"shop: error after 4 s: It broke."}'));
    server.closeAllConnections();
    server.close();
  });
});
