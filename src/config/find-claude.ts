import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { delimiter, join, resolve } from 'node:path';

/** The package that is pinned here ships its program under this name on every platform. */
const PINNED_PROGRAM = join('bin', 'claude.exe');

/** Null: it is not there. */
export function findClaude(configured: string | null, searchPath: string): string | null {
  if (configured) {
    const candidates = configured.includes('/')
      ? [resolve(configured)]
      : searchPath.split(delimiter).map((folder) => resolve(folder, configured));
    return candidates.find((candidate) => existsSync(candidate)) ?? null;
  }
  try {
    const manifest = createRequire(import.meta.url).resolve('@anthropic-ai/claude-code/package.json');
    const program = resolve(manifest, '..', PINNED_PROGRAM);
    return existsSync(program) ? program : null;
  } catch {
    // Not installed: health says so, and requests fail with `agent_unavailable`.
    return null;
  }
}
