import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** A settings file of Claude Code that is not the gateway's, and holds for an agent in this folder. */
export interface OtherSettings {
  readonly file: string;
  /** `managed` stands above what the gateway passes, all others below it. `keys`: which key does what. `plugin`: the hooks
   *  alone. */
  readonly source: 'managed' | 'user' | 'project' | 'local' | 'keys' | 'plugin';
  readonly settings: Readonly<Record<string, unknown>>;
}

const MANAGED = { linux: '/etc/claude-code', darwin: '/Library/Application Support/ClaudeCode' } as const;

/** Those that are there and can be read; the CLI itself says what it cannot read. */
export async function readOtherSettings(
  home: string,
  cwd: string,
  managed: string = process.platform === 'darwin' ? MANAGED.darwin : MANAGED.linux,
): Promise<readonly OtherSettings[]> {
  const found = await Promise.all([
    readSettings('managed', path.join(managed, 'managed-settings.json')),
    readMoreManaged(path.join(managed, 'managed-settings.d')),
    readSettings('keys', path.join(home, '.claude', 'keybindings.json')),
    readSettings('user', path.join(home, '.claude', 'settings.json')),
    readSettings('project', path.join(cwd, '.claude', 'settings.json')),
    readSettings('local', path.join(cwd, '.claude', 'settings.local.json')),
    readPluginHooks(path.join(home, '.claude', 'plugins')),
  ]);
  return found.flat();
}

async function readMoreManaged(folder: string): Promise<readonly OtherSettings[]> {
  const names = await readdir(folder).catch(() => []);
  const found = await Promise.all(names.filter(isRead).map((name) => readSettings('managed', path.join(folder, name))));
  return found.flat();
}

async function readSettings(source: OtherSettings['source'], file: string): Promise<readonly OtherSettings[]> {
  const settings = await readObject(file);
  return settings === null ? [] : [{ file, source, settings }];
}

/** Of all that are installed; which of them are on, other settings say. */
async function readPluginHooks(folder: string): Promise<readonly OtherSettings[]> {
  const installed = await readObject(path.join(folder, 'installed_plugins.json'));
  const places = Object.values({ ...(installed?.['plugins'] as object | undefined) }).flat();
  const found = await Promise.all(
    places.map(async (place: unknown) => {
      const { installPath } = { ...(place as object | null) } as { readonly installPath?: unknown };
      if (typeof installPath !== 'string') return [];
      const file = path.join(installPath, 'hooks', 'hooks.json');
      const settings = await readObject(file);
      return settings === null ? [] : [{ file, source: 'plugin' as const, settings: { hooks: settings['hooks'] } }];
    }),
  );
  return found.flat();
}

function isRead(name: string): boolean {
  return name.endsWith('.json') && !name.startsWith('.');
}

async function readObject(file: string): Promise<Readonly<Record<string, unknown>> | null> {
  try {
    const value: unknown = JSON.parse(decode(await readFile(file)));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
}

/** As the CLI reads it: some editors write UTF-16, or a mark in front. */
function decode(bytes: Buffer): string {
  return new TextDecoder(bytes.includes(0) ? 'utf-16le' : 'utf-8').decode(bytes);
}
