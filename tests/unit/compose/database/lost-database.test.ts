import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { refuseLostDatabase } from '../../../../src/compose/database/lost-database.ts';
import { createTempFolder } from '../../../helpers/temp-folder.ts';

interface Found {
  readonly database?: string;
  readonly journal?: string;
  readonly launched?: boolean;
}

async function look({ database, journal, launched = false }: Found): Promise<string> {
  using temp = createTempFolder();
  const [file, agents] = [path.join(temp.path, 'gatehouse.db'), path.join(temp.path, 'claude')];
  await mkdir(path.join(agents, 'web'), { recursive: true });
  if (database !== undefined) await writeFile(file, database);
  if (journal !== undefined) await writeFile(`${file}-wal`, journal);
  if (launched) await writeFile(path.join(agents, 'web', 'launch.json'), '{}');
  try {
    await refuseLostDatabase(file, agents);
    return 'begins';
  } catch (error) {
    return String(error);
  }
}

describe('A18: a database', () => {
  test.each<[string, Found, RegExp]>([
    ['empty beside its journal', { database: '', journal: 'x' }, /is empty, but there is its journal .*-wal/],
    ['missing beside its journal', { journal: 'x' }, /is missing, but there is its journal/],
    ['empty beside conversations', { database: '', launched: true }, /the conversations of 1 workspaces/],
    ['missing beside conversations', { launched: true }, /is missing.*restore the database from a backup/],
  ])('that is %s is not begun anew', async (_name, found, refusal) => {
    expect(await look(found)).toMatch(refusal);
  });

  test.each<[string, Found]>([
    ['is not there yet', {}],
    ['was made and not filled by a start that was killed', { database: '' }],
    ['is full', { database: 'x', journal: 'x', launched: true }],
  ])('that %s is opened', async (_name, found) => {
    expect(await look(found)).toBe('begins');
  });
});
