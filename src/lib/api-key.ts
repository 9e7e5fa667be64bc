import { randomBytes } from 'node:crypto';
import { link, mkdir, open, readFile, unlink } from 'node:fs/promises';
import { join } from 'node:path';

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
  const file = toKeyFile(dataDir);
  if (configured !== null) return { key: configured, source: 'configured', file };
  const stored = await readApiKey(dataDir);
  if (stored !== null) return { key: stored, source: 'stored', file };
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  const key = randomBytes(32).toString('base64url');
  if (await createWhole(file, `${key}\n`)) return { key, source: 'generated', file };
  return loadApiKey({ configured, dataDir });
}

/** Null when no key was ever generated here.
 *  @throws when the file holds no key. */
export async function readApiKey(dataDir: string): Promise<string | null> {
  const file = toKeyFile(dataDir);
  try {
    const key = (await readFile(file, 'utf8')).trim();
    if (/^[\x21-\x7e]{24,}$/.test(key)) return key;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw error;
  }
  throw new Error(`${file} holds no usable key: delete it to have a new one generated`);
}

function toKeyFile(dataDir: string): string {
  return join(dataDir, 'api-key');
}

/** The file appears with all of its content or not at all, readable by its owner only. False: it is there already. */
async function createWhole(file: string, content: string): Promise<boolean> {
  const draft = `${file}.${randomBytes(6).toString('hex')}`;
  const handle = await open(draft, 'wx', 0o600);
  try {
    await handle.writeFile(content);
    await handle.sync();
    await link(draft, file);
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    throw error;
  } finally {
    await handle.close();
    await unlink(draft);
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error !== null && typeof error === 'object' && 'code' in error && error.code === code;
}
