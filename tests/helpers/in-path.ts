import { existsSync } from 'node:fs';
import path from 'node:path';

/** The first of these programs that this machine has; null when it has none. */
export function findInPath(...names: readonly string[]): string | null {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  const files = names.flatMap((name) => folders.map((folder) => path.join(folder, name)));
  return files.find((file) => existsSync(file)) ?? null;
}
