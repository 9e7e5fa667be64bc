import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { hasCode } from '../lib/error-code.ts';
import { ConfigError } from './config.ts';
import type { Environment } from './env.ts';

/** The environment, filled up from `.env` in `folder`: what is set for real goes first. Nothing is written to
 *  `process.env`, so that agents do not inherit the file.
 *  @throws ConfigError when the file is there and cannot be read. */
export function withDotEnv(env: Environment, folder: string): Environment {
  let file: string;
  try {
    file = readFileSync(join(folder, '.env'), 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return env;
    throw new ConfigError([
      `.env in ${folder} cannot be read (${String(error)}): make it a file that this user may read`,
    ]);
  }
  return { ...parseEnv(file), ...env };
}
