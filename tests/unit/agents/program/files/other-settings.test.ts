import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { readOtherSettings } from '../../../../../src/agents/program/files/other-settings.ts';
import { createTempFolder } from '../../../../helpers/temp-folder.ts';

test('all files that hold for an agent are read, however they are encoded, the managed ones first', async () => {
  using folder = createTempFolder();
  const place = (...names: readonly string[]): string => path.join(folder.path, ...names);
  const mark = '\ufeff';
  const files: readonly (readonly [string, string | Buffer])[] = [
    [place('etc', 'managed-settings.json'), '{"a":1}'],
    [place('etc', 'managed-settings.d', '10-more.json'), '{"b":1}'],
    [place('etc', 'managed-settings.d', '.hidden.json'), '{"no":1}'],
    [place('etc', 'managed-settings.d', 'readme.txt'), '{"no":1}'],
    [place('home', '.claude', 'settings.json'), `${mark}{"c":1}`],
    [place('work', '.claude', 'settings.json'), Buffer.from(`${mark}{"d":1}`, 'utf16le')],
    [place('work', '.claude', 'settings.local.json'), 'not settings'],
  ];
  for (const [file, text] of files) {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, text);
  }
  const found = await readOtherSettings(place('home'), place('work'), place('etc'));
  expect(found.map(({ source, settings }) => [source, settings])).toEqual([
    ['managed', { a: 1 }],
    ['managed', { b: 1 }],
    ['user', { c: 1 }],
    ['project', { d: 1 }],
  ]);
});

test('of a plugin that is installed its hooks are read, and nothing else', async () => {
  using folder = createTempFolder();
  const write = async (file: string, value: object): Promise<string> => {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, JSON.stringify(value));
    return file;
  };
  const home = path.join(folder.path, 'home');
  const [installPath, gone] = [path.join(folder.path, 'own'), path.join(folder.path, 'gone')];
  const file = await write(path.join(installPath, 'hooks', 'hooks.json'), { hooks: { Stop: [] }, model: 'x' });
  const plugins = { 'own@m': [{ installPath }], 'gone@m': [{ installPath: gone }], 'odd@m': 'no' };
  await write(path.join(home, '.claude', 'plugins', 'installed_plugins.json'), { version: 2, plugins });
  const found = await readOtherSettings(home, path.join(folder.path, 'work'), path.join(folder.path, 'etc'));
  expect(found).toEqual([{ file, source: 'plugin', settings: { hooks: { Stop: [] } } }]);
});
