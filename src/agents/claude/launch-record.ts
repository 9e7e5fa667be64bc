import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Written before a launch, so that a later gateway process can take the session over. */
export interface LaunchRecord {
  readonly agentSessionId: string;
  /** Of the session's agent hooks. */
  readonly token: string;
  /** Where they go. */
  readonly hookPort: number;
  /** Null until the agent has named it. */
  readonly transcript: string | null;
}

/** A folder for each workspace: its launch record and the CLI's settings. */
export interface LaunchFolder {
  read(workspace: string): Promise<LaunchRecord | null>;
  write(workspace: string, record: LaunchRecord): Promise<void>;
  /** Returns the path of the file. */
  writeSettings(workspace: string, settings: object): Promise<string>;
}

export function createLaunchFolder(folder: string): LaunchFolder {
  let last: Promise<unknown> = Promise.resolve();

  /** One after the other: the last one that was asked for stands. */
  function place(workspace: string, name: string, content: unknown): Promise<string> {
    const placed = last.then(() => placeNow(workspace, name, content));
    last = placed.catch(() => {});
    return placed;
  }

  async function placeNow(workspace: string, name: string, content: unknown): Promise<string> {
    await mkdir(path.join(folder, workspace), { recursive: true, mode: 0o700 });
    const file = path.join(folder, workspace, name);
    // Synced, so that a power cut leaves the old one or the new one.
    await writeFile(`${file}.tmp`, JSON.stringify(content, null, 2), { mode: 0o600, flush: true });
    await rename(`${file}.tmp`, file);
    return file;
  }

  return {
    async read(workspace) {
      const text = await readFile(path.join(folder, workspace, 'launch.json'), 'utf8').catch(() => null);
      return text === null ? null : parseRecord(text);
    },
    async write(workspace, record) {
      await place(workspace, 'launch.json', record);
    },
    writeSettings: (workspace, settings) => place(workspace, 'settings.json', settings),
  };
}

/** Null when it is none: the session is then started anew. */
function parseRecord(text: string): LaunchRecord | null {
  try {
    const record = JSON.parse(text) as LaunchRecord | null;
    return typeof record?.agentSessionId === 'string' && typeof record.token === 'string' ? record : null;
  } catch {
    return null;
  }
}
