import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from '@jest/globals';
import { createDroppingSink, createLog, gatherLines, openReadable } from '../../src/log.ts';
import type { LogOptions } from '../../src/log.ts';

function logOf(fields: Readonly<Record<string, unknown>>, options: LogOptions = {}): string {
  const lines: string[] = [];
  createLog('info', { write: (line) => lines.push(line) }, options).info(fields, 'request.completed');
  return lines.join('');
}

describe('createLog', () => {
  test('the event is the message and data are fields', () => {
    expect(JSON.parse(logOf({ requestId: 'req-1', ms: 4 }))).toMatchObject({
      level: 'info',
      msg: 'request.completed',
      requestId: 'req-1',
      ms: 4,
    });
  });

  test.each([
    { apiKey: 'SECRET' },
    { headers: { 'x-api-key': 'SECRET', authorization: 'Bearer SECRET' } },
    { req: { headers: { authorization: 'SECRET' } } },
    { env: { ANTHROPIC_API_KEY: 'SECRET', CLAUDE_CODE_OAUTH_TOKEN: 'SECRET' } },
    { agent: { credentials: { apiKey: 'SECRET' } } },
    { agent: { env: { HTTP_API_KEY: 'SECRET' } } },
    { agents: [{ token: 'SECRET' }] },
    { err: Object.assign(new Error('broken'), { token: 'SECRET', config: { password: 'SECRET' } }) },
  ])('keys are blotted out of %j', (fields) => {
    expect(logOf(fields)).not.toContain('SECRET');
  });

  test('prompts and answers are let through only when asked for', () => {
    expect(logOf({ prompt: 'WORDS', summary: 'WORDS', request: { text: 'WORDS' } })).not.toContain('WORDS');
    expect(logOf({ prompt: 'WORDS', apiKey: 'SECRET' }, { prompts: true })).toMatch(/WORDS/);
    expect(logOf({ prompt: 'WORDS', apiKey: 'SECRET' }, { prompts: true })).not.toMatch(/SECRET/);
  });

  test('what is not secret is kept as it is, however deep', () => {
    const fields = { at: new Date(0), deep: { a: { b: { c: [{ d: 1 }] } } }, list: [[1], 'two', null] };
    expect(JSON.parse(logOf(fields))).toMatchObject({ ...fields, at: '1970-01-01T00:00:00.000Z' });
  });

  test('lines below the level are left out', () => {
    const lines: string[] = [];
    const log = createLog('warn', { write: (line) => lines.push(line) });
    log.debug({}, 'a');
    log.info({}, 'b');
    log.warn({}, 'c');
    log.error({}, 'd');
    expect(lines).toHaveLength(2);
  });

  test('an error is told with its message and stack', () => {
    const err = new TypeError('broken', { cause: new Error('the disk') });
    expect(JSON.parse(logOf({ err }))).toMatchObject({
      err: { type: 'TypeError', message: 'broken: the disk', stack: expect.stringContaining('log.test.ts') },
    });
  });
});

test('on a terminal a line is readable, with its fields and without its secrets', async () => {
  const lines: string[] = [];
  const stream = { writableLength: 0, write: (line: string) => void lines.push(line) };
  createLog('info', await openReadable(stream, false)).info({ requestId: 'req-1', apiKey: 'canary' }, 'turn.ended');
  expect(lines.join('')).toMatch(/^\[\d\d:\d\d:\d\d\.\d+\] INFO: turn\.ended \{"requestId":"req-1"\}\n$/);
});

describe('gathered lines', () => {
  test('of one turn of the loop are written at once, in order, and count as unread until then', async () => {
    const written: string[] = [];
    const stream = { writableLength: 5, write: (text: string) => void written.push(text) };
    const log = createLog('info', gatherLines(stream));
    const gathered = gatherLines(stream);
    for (const line of ['one\n', 'two\n']) gathered.write(line);
    expect([written, gathered.writableLength]).toEqual([[], 13]);
    await nextTurn();
    expect([written, gathered.writableLength]).toEqual([['one\ntwo\n'], 5]);
    log.info({}, 'three');
    await nextTurn();
    expect(written[1]).toMatch(/"msg":"three"\}\n$/);
  });

  test('are written also by a process that ends in the same turn', async () => {
    const program = fileURLToPath(new URL('../helpers/last-words.ts', import.meta.url));
    const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'ignore'] });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
    await once(child, 'close');
    expect(said).toBe('the last words\n');
  });
});

describe('A17: a log that nobody reads', () => {
  test('is dropped and counted', () => {
    const lines: string[] = [];
    const stream = { writableLength: 0, write: (line: string) => void lines.push(line) };
    const log = createLog('info', createDroppingSink(stream));
    stream.writableLength = 2_000_000;
    log.info({}, 'one');
    log.info({}, 'two');
    stream.writableLength = 0;
    log.info({}, 'three');
    log.info({}, 'four');
    const told = lines.map((line) => JSON.parse(line) as { readonly msg: string });
    expect(told.map(({ msg }) => msg)).toEqual(['log.dropped', 'three', 'four']);
    expect(told[0]).toMatchObject({ level: 'warn', lines: 2 });
  });

  test('holds up neither the work nor the stop', async () => {
    const program = fileURLToPath(new URL('../helpers/unread-program.ts', import.meta.url));
    const child = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'pipe'] });
    // Nothing reads stdout.
    await once(child.stderr, 'data');
    const ended = once(child, 'exit');
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
  });
});
