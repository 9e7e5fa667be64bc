import { readdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { createLaunchRecords, type LaunchRecord } from '../../../../../src/agents/program/launch/launch-record.ts';
import { createTempFolder } from '../../../../helpers/temp-folder.ts';

const RECORD: LaunchRecord = {
  agentSessionId: 's1',
  token: 'secret',
  said: true,
  lost: null,
  version: '2.1.332',
  agent: { pid: 7, startedAt: '100 boot' },
};

const modeOf = async (file: string): Promise<number> => (await stat(file)).mode & 0o777;

describe('the launch record of a workspace', () => {
  test('is null before one was written', async () => {
    using folder = createTempFolder();
    expect(await createLaunchRecords(path.join(folder.path, 'none')).read('a')).toBeNull();
  });

  test('is what a later process reads', async () => {
    using folder = createTempFolder();
    await createLaunchRecords(folder.path).write('a', RECORD);
    expect(await createLaunchRecords(folder.path).read('a')).toEqual(RECORD);
  });

  test('is the last one that was written, and one for each workspace', async () => {
    using folder = createTempFolder();
    const launches = createLaunchRecords(folder.path);
    const moved = { ...RECORD, agentSessionId: 's2', said: false };
    await Promise.all([launches.write('a', RECORD), launches.write('b', { ...RECORD, agentSessionId: 'b' })]);
    await launches.write('a', moved);
    expect(await launches.read('a')).toEqual(moved);
    expect(await launches.read('b')).toMatchObject({ agentSessionId: 'b' });
  });

  test('of an earlier gateway tells no version', async () => {
    using folder = createTempFolder();
    const { version: _version, ...earlier } = RECORD;
    const launches = createLaunchRecords(folder.path);
    await launches.write('a', earlier as LaunchRecord);
    expect(await launches.read('a')).toEqual({ ...earlier, version: null, said: true, lost: null });
  });

  test('is the last one of those that were written at once', async () => {
    using folder = createTempFolder();
    const launches = createLaunchRecords(folder.path);
    const record = (index: number) => ({ ...RECORD, agentSessionId: `id-${index}` });
    await Promise.all(Array.from({ length: 20 }, (_, index) => launches.write('a', record(index))));
    expect(await launches.read('a')).toEqual(record(19));
  });

  test('of a version that did not know the agent’s process is read without one', async () => {
    using folder = createTempFolder();
    await createLaunchRecords(folder.path).write('a', RECORD);
    const { agent: _agent, ...old } = RECORD;
    await writeFile(path.join(folder.path, 'a', 'launch.json'), JSON.stringify(old));
    expect(await createLaunchRecords(folder.path).read('a')).toEqual({ ...old, agent: null });
  });

  test('is nobody else’s to read, for it holds the token', async () => {
    using folder = createTempFolder();
    await createLaunchRecords(folder.path).write('a', RECORD);
    expect(await modeOf(path.join(folder.path, 'a'))).toBe(0o700);
    expect(await modeOf(path.join(folder.path, 'a', 'launch.json'))).toBe(0o600);
  });

  test('leaves no draft beside it', async () => {
    using folder = createTempFolder();
    await createLaunchRecords(folder.path).write('a', RECORD);
    expect(await readdir(path.join(folder.path, 'a'))).toEqual(['launch.json']);
  });
});
