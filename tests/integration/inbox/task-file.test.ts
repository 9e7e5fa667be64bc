import { writeFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { withTaskFile } from '../../../src/inbox/task-file.ts';
import { createTempFolder } from '../../helpers/temp-folder.ts';

test('what the machine fails at is no fault of the file: it is tried again, not refused', async () => {
  using folder = createTempFolder();
  writeFileSync(`${folder.path}/a`, '');
  const reading = withTaskFile(`${folder.path}/a/b.md`, async ({ kind }) => kind);
  await expect(reading).rejects.toMatchObject({ code: 'ENOTDIR' });
});
