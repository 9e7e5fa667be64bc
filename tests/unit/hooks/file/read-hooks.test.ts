import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { type HooksFileError, readHooksFile } from '../../../../src/hooks/file/read-hooks.ts';
import { writeHook, writePlugin } from '../../../helpers/hook-files.ts';
import { createTempFolder } from '../../../helpers/temp-folder.ts';

function write(folder: string, value: unknown): string {
  const file = join(folder, 'hooks.json');
  writeFileSync(file, typeof value === 'string' ? value : JSON.stringify(value));
  return file;
}

async function problemsOf(file: string): Promise<readonly string[]> {
  try {
    await readHooksFile(file);
    return [];
  } catch (error) {
    if ((error as Error).name !== 'HooksFileError') throw error;
    return (error as HooksFileError).problems;
  }
}

describe('HOOKS_FILE', () => {
  test('names hooks by their files, relative to its own folder, and fills up what is left out', async () => {
    using folder = createTempFolder();
    writeHook(folder.path, 'office-hours.sh', '');
    writePlugin(folder.path, 'log.mjs', '');
    const file = write(folder.path, {
      $schema: './hooks.schema.json',
      hooks: [
        { ref: './office-hours.sh', events: ['pre_session'], fail_closed: true, workspaces: ['prod-*'] },
        { ref: 'log.mjs', events: ['post_session', 'on_error'], name: 'audit', timeout_ms: 900, config: { a: 1 } },
      ],
    });
    expect(await readHooksFile(file)).toEqual([
      {
        name: 'office-hours',
        ref: join(folder.path, 'office-hours.sh'),
        events: ['pre_session'],
        failClosed: true,
        timeoutMs: null,
        config: {},
        env: {},
        sources: null,
        workspaces: ['prod-*'],
      },
      {
        name: 'audit',
        ref: join(folder.path, 'log.mjs'),
        events: ['post_session', 'on_error'],
        failClosed: false,
        timeoutMs: 900,
        config: { a: 1 },
        env: {},
        sources: null,
        workspaces: null,
      },
    ]);
  });

  test('tells every problem at once, with the place of each and no value', async () => {
    using folder = createTempFolder();
    writeHook(folder.path, 'fine.sh', '');
    writePlugin(folder.path, 'plain.txt', '');
    const file = write(folder.path, {
      hooks: [
        { ref: 'fine.sh', events: ['pre_session'] },
        { ref: './fine.sh', events: ['post_session'] },
        { ref: 'missing.sh', events: ['pre_session'] },
        { ref: 'plain.txt', events: ['on_error'] },
        { events: ['pre', 'pre'], timeout_ms: 0, fail_closed: 'yes', config: [], timeout: 5, env: { 'a b': '' } },
        { ref: '', events: [], sources: ['mail'], workspaces: ['a b', '-'], name: '../x' },
        7,
      ],
    });
    expect(await problemsOf(file)).toEqual([
      'hooks[4].timeout: is not known',
      'hooks[4].ref: is missing; it must be the path of a program, or of a plugin that ends in .mjs or .ts',
      'hooks[4].events: must be a list of pre_session, post_session, on_error, each once',
      'hooks[4].timeout_ms: must be a whole number from 10 to 60000',
      'hooks[4].fail_closed: must be true or false',
      'hooks[4].config: must be an object',
      'hooks[4].env: must be an object of variables, each a text',
      'hooks[5].ref: must be the path of a program, or of a plugin that ends in .mjs or .ts',
      'hooks[5].events: must be a list of pre_session, post_session, on_error, each once',
      'hooks[5].name: must be at most 63 letters, digits, _ and -, first a letter or digit',
      expect.stringMatching(/^hooks\[5\]\.sources: must be a list of http, /),
      expect.stringMatching(/^hooks\[5\]\.workspaces: must be a list of names/),
      'hooks[6]: must be an object with ref and events',
      'hooks[6].ref: is missing; it must be the path of a program, or of a plugin that ends in .mjs or .ts',
      'hooks[6].events: is missing; it must be a list of pre_session, post_session, on_error, each once',
      'hooks[1].name: is that of hooks[0], too; give it another one',
      'hooks[2].ref: names a file that does not exist',
      'hooks[3].ref: may not be run: chmod +x it, or end it in .mjs or .ts',
    ]);
  });

  test.each([
    ['{"hooks": [}', /^is no JSON/],
    ['[]', /^hooks: must be a list/],
    ['{"hooks": {}, "hook": []}', /^hook: is not known$/],
  ])('%s is refused', async (text, problem) => {
    using folder = createTempFolder();
    expect((await problemsOf(write(folder.path, text)))[0]).toMatch(problem);
  });

  test('that is not there says so', async () => {
    using folder = createTempFolder();
    expect(await problemsOf(join(folder.path, 'hooks.json'))).toEqual(['cannot be read (ENOENT)']);
  });
});
