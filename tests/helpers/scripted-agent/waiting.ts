import { existsSync, mkdirSync, readFileSync, watch } from 'node:fs';
import path from 'node:path';

/** Rejects when the signal aborts; resolves never. */
export function never(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    const give = (): void => reject(new DOMException('interrupted', 'AbortError'));
    if (signal.aborted) give();
    else signal.addEventListener('abort', give, { once: true });
  });
}

/** Resolves with the file's text once it exists. */
export async function waitForFile(file: string, signal: AbortSignal): Promise<string> {
  mkdirSync(path.dirname(file), { recursive: true });
  const appeared = Promise.withResolvers<void>();
  const watcher = watch(path.dirname(file), () => {
    if (existsSync(file)) appeared.resolve();
  });
  try {
    if (!existsSync(file)) await Promise.race([appeared.promise, never(signal)]);
    return readFileSync(file, 'utf8');
  } finally {
    watcher.close();
  }
}
