import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { loadKept, readKept, type KeptSecret } from './kept-secret.ts';

export interface ApiKey {
  readonly key: string;
  /** `generated`: just now, nobody has seen it yet; `stored`: at an earlier start. */
  readonly source: 'configured' | 'generated' | 'stored';
  /** Where a generated key is kept; read by the command line. */
  readonly file: string;
}

export interface ApiKeyPlace {
  readonly configured: string | null;
  readonly dataDir: string;
}

/** The key of the HTTP API. There is no default: with none configured, one is generated once and kept.
 *  @throws when the data folder cannot be written, or the file holds no key. */
export async function loadApiKey({ configured, dataDir }: ApiKeyPlace): Promise<ApiKey> {
  const kept = toKept(dataDir);
  const { file } = kept;
  if (configured !== null) return { key: configured, source: 'configured', file };
  const { secret, source } = await loadKept(kept, () => randomBytes(32).toString('base64url'));
  return { key: secret, source, file };
}

/** Null when no key was ever generated here.
 *  @throws when the file holds no key. */
export function readApiKey(dataDir: string): Promise<string | null> {
  return readKept(toKept(dataDir));
}

function toKept(dataDir: string): KeptSecret {
  return { file: join(dataDir, 'api-key'), isUsable: (key) => /^[\x21-\x7e]{24,}$/.test(key), what: 'key' };
}
