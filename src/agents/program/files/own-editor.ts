import { readFile } from 'node:fs/promises';
import path from 'node:path';

const USUAL_EDITOR = 'vi';

/** What opens when a person presses Ctrl-G in a composer: what their own settings of Claude Code name, else the machine's
 *  editor. A command for the shell, as git takes it. */
export async function findOwnEditor(home: string, editor: string | null): Promise<string> {
  const { VISUAL, EDITOR } = await readOwnEnvironment(path.join(home, '.claude', 'settings.json'));
  return [VISUAL, EDITOR, editor].find(isNamed) ?? USUAL_EDITOR;
}

function isNamed(value: unknown): value is string {
  return typeof value === 'string' && value.trim() !== '' && !value.includes('\n');
}

async function readOwnEnvironment(file: string): Promise<Readonly<Record<string, unknown>>> {
  try {
    const settings = JSON.parse(await readFile(file, 'utf8')) as {
      readonly env?: Readonly<Record<string, unknown>>;
    } | null;
    return settings?.env ?? {};
  } catch {
    // Missing, or not to be read: Claude Code itself says so.
    return {};
  }
}
