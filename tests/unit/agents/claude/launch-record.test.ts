import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { createLaunchFolder, type LaunchRecord } from '../../../../src/agents/claude/launch-record.ts';
import { createTempFolder } from '../../../helpers/temp-folder.ts';

const RECORD: LaunchRecord = { agentSessionId: 's1', token: 'secret', hookPort: 3010, transcript: null };

const modeOf = async (file: string): Promise<number> => (await stat(file)).mode & 0o777;

describe('the launch record of a workspace', () => {
  test('is null before one was written', async () => {
    using folder = createTempFolder();
    expect(await createLaunchFolder(path.join(folder.path, 'none')).read('a')).toBeNull();
  });

  test('is what a later process reads', async () => {
    using folder = createTempFolder();
    await createLaunchFolder(folder.path).write('a', RECORD);
    expect(await createLaunchFolder(folder.path).read('a')).toEqual(RECORD);
  });

  test('is the last one that was written, and one for each workspace', async () => {
    using folder = createTempFolder();
    const launches = createLaunchFolder(folder.path);
    const moved = { ...RECORD, agentSessionId: 's2', transcript: '/home/s2.jsonl' };
    await Promise.all([launches.write('a', RECORD), launches.write('b', { ...RECORD, agentSessionId: 'b' })]);
    await launches.write('a', moved);
    expect(await launches.read('a')).toEqual(moved);
    expect(await launches.read('b')).toMatchObject({ agentSessionId: 'b' });
  });

  test('is the last one of those that were written at once', async () => {
    using folder = createTempFolder();
    const launches = createLaunchFolder(folder.path);
    const record = (index: number) => ({ agentSessionId: `id-${index}`, token: 't', hookPort: 3010, transcript: null });
    await Promise.all(Array.from({ length: 20 }, (_, index) => launches.write('a', record(index))));
    expect(await launches.read('a')).toEqual(record(19));
  });

  test('is nobody else’s to read, for it holds the token', async () => {
    using folder = createTempFolder();
    await createLaunchFolder(folder.path).write('a', RECORD);
    expect(await modeOf(path.join(folder.path, 'a'))).toBe(0o700);
    expect(await modeOf(path.join(folder.path, 'a', 'launch.json'))).toBe(0o600);
  });

  test('stands beside the settings of the CLI, and no draft is left', async () => {
    using folder = createTempFolder();
    const launches = createLaunchFolder(folder.path);
    await launches.write('a', RECORD);
    const file = await launches.writeSettings('a', { hooks: { Stop: [] } });
    expect(JSON.parse(await readFile(file, 'utf8'))).toEqual({ hooks: { Stop: [] } });
    expect(await modeOf(file)).toBe(0o600);
    expect(await launches.read('a')).toEqual(RECORD);
    expect((await readdir(path.join(folder.path, 'a'))).toSorted()).toEqual(['launch.json', path.basename(file)]);
  });
});
