import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { hasCode, toCode } from '../../../src/lib/error-code.ts';

test('an error has the code of the system, or says what it is', async () => {
  const missing: unknown = await readFile('/nothing/there').catch((error: unknown) => error);
  expect([toCode(missing), toCode(new Error('broke')), toCode('odd')]).toEqual(['ENOENT', 'broke', 'odd']);
  expect([hasCode(missing, 'EEXIST', 'ENOENT'), hasCode(missing, 'EEXIST'), hasCode(null, 'ENOENT')]).toEqual([
    true,
    false,
    false,
  ]);
});
