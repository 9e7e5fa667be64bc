import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, globSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import path from 'node:path';
import { createOwnTmux, tmuxSocketOf } from './own-tmux.ts';
import { isRunning, killAll } from './process-tree.ts';
import { until } from './until.ts';

/** A shell block of a page, as a reader would type it. */
export interface Block {
  readonly page: string;
  readonly lines: string;
}

export const PAGES = ['README.md', ...globSync('docs/*.md').toSorted()];

export function readBlocks(page: string): readonly Block[] {
  const found = readFileSync(page, 'utf8').matchAll(/^```(?:sh|bash|console)\n([\s\S]*?)^```/gm);
  return [...found].map(([, lines = '']) => ({ page, lines }));
}

/** A clone of the project in a folder, with what a reader has at hand. Its `node` is the project's own. */
export interface Clone {
  /** Types the line that starts the gateway into a terminal of its own, and waits until it takes work. */
  start(line: string): Promise<void>;
  /** What a shell says to these lines; throws when one of them fails. */
  type(lines: string): Promise<string>;
  close(): Promise<void>;
}

export interface CloneOptions {
  readonly folder: string;
  /** Ports, and what the agents need. */
  readonly env: Readonly<Record<string, string>>;
  /** Where the pages have addresses and folders of their own. */
  readonly instead: readonly (readonly [RegExp, string])[];
  /** Of the gateway that answers at this address. */
  readonly isReady: () => Promise<boolean>;
}

/** What a clone holds beside what is made in it. */
const FILES = ['package.json', 'package-lock.json', 'src', 'public', 'scripts', 'node_modules', 'inject', 'docs'];

export function openClone({ folder, env, instead, isReady }: CloneOptions): Clone {
  for (const name of FILES) symlinkSync(path.resolve(name), path.join(folder, name));
  for (const name of readdirSync('docs/hooks'))
    if (!existsSync(path.join(folder, name))) copyFileSync(path.join('docs/hooks', name), path.join(folder, name));
  mkdirSync(path.join(folder, 'commands'));
  // As `npm link` would.
  symlinkSync(path.resolve('bin/gatehouse.mjs'), path.join(folder, 'commands/gatehouse'));
  // Nothing is set up by a test: `npm start` does without what npm runs before it.
  const own = {
    ...env,
    npm_config_ignore_scripts: 'true',
    HOME: folder,
    PATH: `${path.join(folder, 'commands')}:${path.resolve('node_modules/.bin')}:${process.env['PATH']}`,
  };
  const adapt = (lines: string): string =>
    instead.reduce((text, [pattern, other]) => text.replaceAll(pattern, other), lines);
  const socket = tmuxSocketOf(path.join(folder, 'data'));
  let terminal: ChildProcess | null = null;

  function open(lines: string, output: 'ignore' | 'pipe'): ChildProcess {
    return spawn('bash', ['-euo', 'pipefail', '-c', adapt(lines)], {
      cwd: folder,
      env: own,
      stdio: ['ignore', output, output],
      detached: true,
    });
  }

  return {
    async start(line) {
      terminal = open(line, 'ignore');
      await until(isReady);
    },
    async type(lines) {
      const shell = open(lines, 'pipe');
      let said = '';
      for (const stream of [shell.stdout, shell.stderr]) stream?.on('data', (data: Buffer) => (said += data));
      const [code] = (await once(shell, 'close')) as [number | null];
      if (code !== 0) throw new Error(`ended with ${code}:\n${lines}\n${said}`);
      return said;
    },
    async close() {
      const gone = terminal === null ? null : once(terminal, 'exit');
      const pid = readPid(path.join(folder, 'data/gateway.pid'));
      if (pid !== null) process.kill(pid, 'SIGTERM');
      // One that never got so far is ended with its shell.
      else if (terminal?.pid !== undefined) killAll([-terminal.pid]);
      if (pid !== null) await until(() => !isRunning(pid));
      if (terminal?.exitCode === null && terminal.signalCode === null) await gone;
      await createOwnTmux(socket, { PATH: process.env['PATH'] ?? '' }).killServer();
    },
  };
}

function readPid(file: string): number | null {
  return existsSync(file) ? Number(readFileSync(file, 'utf8')) : null;
}
