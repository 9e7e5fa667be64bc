import { describe, expect, test } from '@jest/globals';
import { readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { loadApiKey, readApiKey } from '../../../../src/lib/secrets/api-key.ts';
import { createTempFolder } from '../../../helpers/temp-folder.ts';

describe('loadApiKey', () => {
  test('a configured key is used and nothing is written', async () => {
    using folder = createTempFolder();
    const loaded = await loadApiKey({ configured: 'mine', dataDir: folder.path });
    expect(loaded).toMatchObject({ key: 'mine', source: 'configured' });
    expect(readdirSync(folder.path)).toEqual([]);
  });

  test('the first start generates one that only its owner can read, the next one reuses it', async () => {
    using folder = createTempFolder();
    const dataDir = join(folder.path, 'deep', 'data');
    const first = await loadApiKey({ configured: null, dataDir });
    expect(first).toMatchObject({ source: 'generated', key: expect.stringMatching(/^[\w-]{43}$/) });
    expect(readFileSync(first.file, 'utf8')).toBe(`${first.key}\n`);
    expect(statSync(first.file).mode & 0o777).toBe(0o600);
    expect(await loadApiKey({ configured: null, dataDir })).toEqual({ ...first, source: 'stored' });
    expect(readdirSync(dataDir)).toEqual(['api-key']);
  });

  test('of several first starts at once, one generates and all agree', async () => {
    using folder = createTempFolder();
    const loads = Array.from({ length: 8 }, () => loadApiKey({ configured: null, dataDir: folder.path }));
    const loaded = await Promise.all(loads);
    expect(new Set(loaded.map(({ key }) => key)).size).toBe(1);
    expect(loaded.filter(({ source }) => source === 'generated')).toHaveLength(1);
    expect(readdirSync(folder.path)).toEqual(['api-key']);
  });

  test('a damaged file is told, not overwritten and not repeated', async () => {
    using folder = createTempFolder();
    writeFileSync(join(folder.path, 'api-key'), 'half');
    const loading = loadApiKey({ configured: null, dataDir: folder.path });
    await expect(loading).rejects.toThrow(/api-key holds no usable key/);
    expect(readFileSync(join(folder.path, 'api-key'), 'utf8')).toBe('half');
  });
});

test('reading a key never makes one', async () => {
  using folder = createTempFolder();
  expect(await readApiKey(folder.path)).toBeNull();
  expect(readdirSync(folder.path)).toEqual([]);
});
