import { constants, open, readdir, stat, statfs } from 'node:fs/promises';
import path from 'node:path';
import { writeWhole } from '../../../lib/files/write-whole.ts';
import { seedAgentHome } from './agent-home.ts';
import { createReadVersion } from '../versions/read-version.ts';
import { createDoorFiles, type DoorFiles } from './door-files.ts';
import { readOtherSettings, type OtherSettings } from './other-settings.ts';
import { findOwnEditor } from './own-editor.ts';
import { createStreamFiles, type StreamFiles } from './stream-files.ts';
import { createTraceFiles, type TraceFiles } from './trace-files.ts';

/** Files of the agents, as their user sees them: another one than the gateway's in the container. */
export interface AgentFiles {
  /** Bytes; null when there is no such file. */
  sizeOf(file: string): Promise<number | null>;
  /** The text from this byte on; empty when there is none. */
  readFrom(file: string, offset: number): Promise<string>;
  /** The names in a folder; none when there is no such folder. */
  list(folder: string): Promise<readonly string[]>;
  /** Prepares the home so that an agent starts in this folder without a dialog. */
  seedHome(cwd: string, apiKey: string | null): Promise<void>;
  /** Settings files that hold for an agent in this folder beside the gateway's. */
  readOtherSettings(cwd: string): Promise<readonly OtherSettings[]>;
  /** Whether something can be written into the home. */
  hasRoom(): Promise<boolean>;
  /** The settings file of one workspace's agent; returns its path. */
  writeSettings(workspace: string, settings: object): Promise<string>;
  /** Of the agents' program at this path, as it says itself; null when it does not. */
  version(program: string): Promise<string | null>;
  /** The way to the composers of the agents. */
  readonly door: DoorFiles;
  /** What is said to agents, and by them, line by line. */
  readonly stream: StreamFiles;
  /** The trace of the present turn, for the agents' shells. */
  readonly trace: TraceFiles;
  /** Whether the agents' user may do all on this machine. */
  isRoot(): Promise<boolean>;
}

export interface AgentFilesOptions {
  /** The agents' HOME. */
  readonly home: string;
  /** Where a folder for each workspace is made. */
  readonly settings: string;
  /** What a person at the terminal edits with, as VISUAL or EDITOR of this machine say; null: the usual one. */
  readonly editor?: string | null;
  /** What a program of the agents is run with. */
  readonly env?: Readonly<Record<string, string>>;
}

/** By the rights of this process. */
export function createAgentFiles({
  home,
  settings: root,
  editor = null,
  env = { HOME: home },
}: AgentFilesOptions): AgentFiles {
  return {
    sizeOf: (file) =>
      stat(file).then(
        (found) => found.size,
        () => null,
      ),
    readFrom,
    list: (folder) => readdir(folder).catch(() => []),
    readOtherSettings: (cwd) => readOtherSettings(home, cwd),
    hasRoom: async () => {
      const { bavail, bsize } = await statfs(home);
      return bavail * bsize >= ROOM_MIN_BYTES;
    },
    seedHome: (cwd, apiKey) => seedAgentHome(home, cwd, apiKey),

    async writeSettings(workspace, settings) {
      const file = path.join(root, workspace, 'settings.json');
      await writeWhole(file, JSON.stringify(settings, null, 2));
      return file;
    },

    version: createReadVersion(env),
    door: createDoorFiles(root, () => findOwnEditor(home, editor)),
    stream: createStreamFiles(root),
    trace: createTraceFiles(root),
    isRoot: async () => process.getuid?.() === 0,
  };
}

/** An answer with less is not written down whole. */
const ROOM_MIN_BYTES = 256 * 1024;

/** What is behind it is not read: the file is the agent's to fill. */
const READ_MAX_BYTES = 16 * 1024 * 1024;

async function readFrom(file: string, offset: number): Promise<string> {
  // An agent may have put a pipe in its place, whose opening would never end.
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => null);
  if (handle === null) return '';
  try {
    const found = await handle.stat();
    if (!found.isFile()) return '';
    const buffer = Buffer.alloc(Math.min(READ_MAX_BYTES, Math.max(0, found.size - offset)));
    const { bytesRead } = await handle.read(buffer, 0, buffer.length, offset);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}
