import { mkdir, readdir, readFile, rmdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { seedAgentHome } from '../../../../../src/agents/program/files/agent-home.ts';
import { createTempFolder } from '../../../../helpers/temp-folder.ts';

const KEY = `sk-ant-test-${'a'.repeat(20)}`;
const TAIL = 'a'.repeat(20);
const TRUSTED = { hasTrustDialogAccepted: true, hasCompletedProjectOnboarding: true };

const fileOf = (home: string): string => path.join(home, '.claude.json');
const readHome = async (home: string): Promise<unknown> => JSON.parse(await readFile(fileOf(home), 'utf8'));
const modeOf = async (file: string): Promise<number> => (await stat(file)).mode & 0o777;

describe('the agent’s home', () => {
  test('is made when it is missing, and nobody else may read it', async () => {
    using folder = createTempFolder();
    const home = path.join(folder.path, 'new', 'home');
    await seedAgentHome(home, '/work/a', KEY);
    expect(await readHome(home)).toEqual({
      hasCompletedOnboarding: true,
      resumeReturnDismissed: true,
      customApiKeyResponses: { approved: [TAIL] },
      projects: { '/work/a': TRUSTED },
    });
    expect(await modeOf(fileOf(home))).toBe(0o600);
    expect(await modeOf(path.join(home, '.claude'))).toBe(0o700);
    expect((await readdir(home)).toSorted()).toEqual(['.claude', '.claude.json']);
  });

  test('keeps what is there', async () => {
    using home = createTempFolder();
    const there = {
      numStartups: 7,
      oauthAccount: { emailAddress: 'a@b' },
      customApiKeyResponses: { approved: ['other'], rejected: ['bad'] },
      projects: { '/work/a': { allowedTools: ['Bash'], hasTrustDialogAccepted: false }, '/work/b': { history: [1] } },
    };
    await writeFile(fileOf(home.path), JSON.stringify(there));
    await seedAgentHome(home.path, '/work/a', KEY);
    expect(await readHome(home.path)).toEqual({
      ...there,
      hasCompletedOnboarding: true,
      resumeReturnDismissed: true,
      customApiKeyResponses: { approved: ['other', TAIL], rejected: ['bad'] },
      projects: { ...there.projects, '/work/a': { allowedTools: ['Bash'], ...TRUSTED } },
    });
  });

  test('approves no key when there is none', async () => {
    using home = createTempFolder();
    await seedAgentHome(home.path, '/work/a', null);
    expect(await readHome(home.path)).toMatchObject({ customApiKeyResponses: { approved: [] } });
  });

  test('is not written again when nothing is missing', async () => {
    using home = createTempFolder();
    await seedAgentHome(home.path, '/work/a', KEY);
    const before = await stat(fileOf(home.path));
    await seedAgentHome(home.path, '/work/a', KEY);
    await seedAgentHome(home.path, '/work/a', null);
    expect((await stat(fileOf(home.path))).ino).toBe(before.ino);
    await seedAgentHome(home.path, '/work/a', `${KEY}-${'b'.repeat(20)}`);
    expect(await readHome(home.path)).toMatchObject({
      customApiKeyResponses: { approved: [TAIL, 'b'.repeat(20)] },
    });
  });

  test.each<[string, unknown]>([
    ['a list', []],
    ['a number', 5],
    ['odd parts', { projects: [1], customApiKeyResponses: { approved: 'x' } }],
  ])('is repaired when the file holds %s', async (_name, content) => {
    using home = createTempFolder();
    await writeFile(fileOf(home.path), JSON.stringify(content));
    await seedAgentHome(home.path, '/work/a', KEY);
    expect(await readHome(home.path)).toMatchObject({
      hasCompletedOnboarding: true,
      resumeReturnDismissed: true,
      customApiKeyResponses: { approved: [TAIL] },
      projects: { '/work/a': TRUSTED },
    });
  });

  test('puts a file aside that it cannot read, and leaves its lock free', async () => {
    using home = createTempFolder();
    await writeFile(fileOf(home.path), '{"torn": ');
    await seedAgentHome(home.path, '/work/a', KEY);
    expect(await readFile(`${fileOf(home.path)}.unreadable`, 'utf8')).toBe('{"torn": ');
    expect(await readHome(home.path)).toMatchObject({ projects: { '/work/a': TRUSTED } });
    expect((await readdir(home.path)).toSorted()).toEqual(['.claude', '.claude.json', '.claude.json.unreadable']);
  });

  test('waits for the lock of the CLI, and keeps what was written under it', async () => {
    using home = createTempFolder();
    const lock = `${fileOf(home.path)}.lock`;
    await mkdir(lock);
    let isDone = false;
    const seeded = seedAgentHome(home.path, '/work/a', KEY).then(() => (isDone = true));
    // Many times as many steps on the disk as it would need without a lock.
    for (let look = 0; look < 200; look += 1) expect(await readdir(home.path)).not.toContain('.claude.json');
    expect(isDone).toBe(false);
    await writeFile(fileOf(home.path), JSON.stringify({ numStartups: 7 }));
    await rmdir(lock);
    await seeded;
    expect(await readHome(home.path)).toMatchObject({ numStartups: 7, projects: { '/work/a': TRUSTED } });
    expect(await readdir(home.path)).not.toContain('.claude.json.lock');
  });

  test('loses nothing when several folders are trusted at once', async () => {
    using home = createTempFolder();
    const folders = Array.from({ length: 8 }, (_, index) => `/work/${index}`);
    await Promise.all(folders.map((cwd) => seedAgentHome(home.path, cwd, KEY)));
    expect(await readHome(home.path)).toMatchObject({
      customApiKeyResponses: { approved: [TAIL] },
      projects: Object.fromEntries(folders.map((cwd) => [cwd, TRUSTED])),
    });
  });
});
