import { readFile } from 'node:fs/promises';
import path from 'node:path';

/** A settings file of Claude Code that is not the gateway's, and holds for an agent in this folder. */
export interface OtherSettings {
  readonly file: string;
  /** `managed` stands above what the gateway passes, all others below it. */
  readonly source: 'managed' | 'user' | 'project' | 'local';
  readonly settings: Readonly<Record<string, unknown>>;
}

const MANAGED = {
  linux: '/etc/claude-code/managed-settings.json',
  darwin: '/Library/Application Support/ClaudeCode/managed-settings.json',
} as const;

/** Those that are there and can be read; the CLI itself says what it cannot read. */
export async function readOtherSettings(home: string, cwd: string): Promise<readonly OtherSettings[]> {
  const files = [
    ['managed', process.platform === 'darwin' ? MANAGED.darwin : MANAGED.linux],
    ['user', path.join(home, '.claude', 'settings.json')],
    ['project', path.join(cwd, '.claude', 'settings.json')],
    ['local', path.join(cwd, '.claude', 'settings.local.json')],
  ] as const;
  const found = await Promise.all(
    files.map(async ([source, file]) => {
      const settings = await readObject(file);
      return settings === null ? [] : [{ file, source, settings }];
    }),
  );
  return found.flat();
}

async function readObject(file: string): Promise<Readonly<Record<string, unknown>> | null> {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}
