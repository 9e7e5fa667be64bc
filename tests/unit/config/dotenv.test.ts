import { expect, test } from '@jest/globals';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { withDotEnv } from '../../../src/config/dotenv.ts';
import { createTempFolder } from '../../helpers/temp-folder.ts';

test('what is set for real goes before the file', () => {
  using folder = createTempFolder();
  writeFileSync(join(folder.path, '.env'), '# note\nHTTP_API_PORT=1\nLOG_LEVEL="debug"\n');
  expect(withDotEnv({ HTTP_API_PORT: '2' }, folder.path)).toEqual({ HTTP_API_PORT: '2', LOG_LEVEL: 'debug' });
});

test('the file does not reach the process, so agents do not inherit it', () => {
  using folder = createTempFolder();
  writeFileSync(join(folder.path, '.env'), 'GATEHOUSE_DOTENV_PROBE=1\n');
  withDotEnv({}, folder.path);
  expect(process.env['GATEHOUSE_DOTENV_PROBE']).toBeUndefined();
});

test('no file is fine, and one that cannot be read is told', () => {
  using folder = createTempFolder();
  expect(withDotEnv({ A: 'b' }, folder.path)).toEqual({ A: 'b' });
  mkdirSync(join(folder.path, '.env'));
  expect(() => withDotEnv({}, folder.path)).toThrow('EISDIR');
});
