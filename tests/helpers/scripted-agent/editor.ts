import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** The external editor of the composer, as the settings file's `env` names it, cut at spaces as the CLI does. Null when it
 *  cannot be started or fails: the composer stays as it is. */
export function editOutside(settings: string | null, text: string): string | null {
  const [program, ...args] = findEditor(settings).split(' ');
  if (program === undefined || program === '') return null;
  const file = path.join(tmpdir(), `claude-prompt-${randomUUID()}.md`);
  writeFileSync(file, text, { mode: 0o600 });
  try {
    process.stdin.setRawMode(false);
    const { status } = spawnSync(program, [...args, file], { stdio: 'inherit' });
    return status === 0 ? readFileSync(file, 'utf8') : null;
  } finally {
    process.stdin.setRawMode(true);
    rmSync(file, { force: true });
  }
}

function findEditor(settings: string | null): string {
  const known = settings === null ? {} : (JSON.parse(readFileSync(settings, 'utf8')) as { readonly env?: Environment });
  const { VISUAL, EDITOR } = { ...process.env, ...known.env };
  return VISUAL ?? EDITOR ?? '';
}

type Environment = Readonly<Record<string, string | undefined>>;
