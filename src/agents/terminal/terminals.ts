import { GatewayError } from '../../core/model/errors.ts';
import { toSessionName } from '../../core/model/workspace.ts';
import type { AttachedTerminal, TerminalExit, Terminals, TerminalSpec } from '../../core/ports/terminal.ts';
import type { Tmux } from '../tmux/tmux.ts';

/** What is used of node-pty. Its own types leave out that it takes bytes, and its errors. */
export interface PtyModule {
  spawn(
    file: string,
    args: readonly string[],
    options: {
      readonly cols: number;
      readonly rows: number;
      readonly cwd: string;
      readonly env: Readonly<Record<string, string>>;
      /** Null: bytes. */
      readonly encoding: null;
    },
  ): Pty;
}

interface Pty {
  onData(listener: (bytes: Uint8Array) => void): unknown;
  onExit(listener: () => void): unknown;
  on(event: 'error' | 'close', listener: () => void): unknown;
  write(bytes: Uint8Array): void;
  resize(columns: number, rows: number): void;
  pause(): void;
  resume(): void;
  kill(signal: string): void;
}

export interface TerminalsOptions {
  readonly tmux: Tmux;
  /** The environment of the tmux server. */
  readonly env: Readonly<Record<string, string>>;
  /** Loaded when the first terminal is asked for. */
  readonly load?: () => Promise<PtyModule>;
}

/** Terminals are tmux clients on pseudo terminals. */
export function createTerminals({ tmux, env, load = loadPty }: TerminalsOptions): Terminals {
  return {
    async open(spec) {
      const nodePty = await load().catch((cause: unknown) => {
        throw new GatewayError('terminal_unavailable', UNAVAILABLE, { cause });
      });
      const session = toSessionName(spec.workspace);
      // A socket that was lost is there again then.
      await tmux.pane(session);
      const pty = nodePty.spawn('tmux', toArguments(tmux.socket, session, spec), {
        cols: spec.columns,
        rows: spec.rows,
        cwd: '/',
        env: toClientEnvironment(env),
        encoding: null,
      });
      return attach(pty, spec, async () => ((await tmux.pane(session)) === null ? 'session_ended' : 'detached'));
    },
  };
}

function attach(pty: Pty, { readOnly }: TerminalSpec, findReason: () => Promise<TerminalExit>): AttachedTerminal {
  let isGone = false;
  let isShut = false;
  const gone = Promise.withResolvers<void>();
  pty.onExit(() => {
    isGone = true;
    gone.resolve();
  });
  // The pseudo terminal shuts before the end of the program is told; its number may soon be another file's. An error
  // without a listener of ours, from a write into it, would end the gateway.
  for (const event of ['error', 'close'] as const) pty.on(event, () => (isShut = true));
  pty.pause();
  const keys = createKeys((bytes) => {
    if (!isShut) pty.write(bytes);
  });
  return {
    onOutput(listener) {
      pty.onData((bytes) => {
        keys.release();
        listener(bytes);
      });
      pty.resume();
    },
    write(bytes) {
      if (!readOnly) keys.write(bytes);
    },
    resize({ columns, rows }) {
      if (isShut) return;
      try {
        pty.resize(columns, rows);
      } catch {
        // It shut just now, and the event follows.
        isShut = true;
      }
    },
    pause: () => pty.pause(),
    resume: () => pty.resume(),
    exited: gone.promise.then(findReason).catch(() => 'detached'),
    async close() {
      // No farewell: nobody reads any more what tmux would write to its terminal.
      if (!isGone) pty.kill('SIGKILL');
      await gone.promise;
    },
  };
}

/** Keys wait for the first output of tmux. Until then the pseudo terminal takes lines: it loses what goes beyond 4,095
 *  bytes of one, and Ctrl-C is a signal. */
function createKeys(write: (bytes: Uint8Array) => void): {
  readonly write: (bytes: Uint8Array) => void;
  readonly release: () => void;
} {
  let waiting: Uint8Array[] | null = [];
  return {
    write(bytes) {
      if (waiting === null) write(bytes);
      else waiting.push(bytes);
    },
    release() {
      const held = waiting ?? [];
      waiting = null;
      for (const bytes of held) write(bytes);
    },
  };
}

function toArguments(socket: string, session: string, { readOnly }: TerminalSpec): readonly string[] {
  const flags = readOnly ? 'ignore-size,read-only' : 'ignore-size';
  return ['-u', '-N', '-S', socket, 'attach-session', '-f', flags, '-t', `=${session}`];
}

/** Enough for a tmux client to run. */
function toClientEnvironment(env: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return { PATH: env['PATH'] ?? '', TERM: 'xterm-256color', LANG: 'C.UTF-8' };
}

async function loadPty(): Promise<PtyModule> {
  // @ts-expect-error its types declare a module of this name instead of being one
  return (await import('node-pty')) as PtyModule;
}

const UNAVAILABLE =
  'Terminals need the package node-pty with a build for this platform: run npm ci without --omit=optional. GET /session/{workspace}/screen works without it';
