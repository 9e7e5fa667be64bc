import type { IncomingMessage } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import type { Worktrees } from '../../core/ports/quick/worktrees.ts';
import { postToSocket } from '../../lib/net/post-to-socket.ts';
import type { AgentSide } from './agent-side.ts';
import { toBase64, type Operations } from './operations.ts';
import { toError, type Problem } from './problem.ts';
import { createRemoteTerminals } from './remote-terminals.ts';

/** Above the steward's own limit for an answer of tmux. */
const ANSWER_TIMEOUT_MS = 25_000;
/** For git, which has deadlines of its own for each of its steps, and may wait for its turn. */
const GIT_ANSWER_TIMEOUT_MS = 30 * 60_000;
/** How long a steward may be away: it starts, or starts again. */
const ABSENT_MAX_MS = 10_000;

export interface StewardOptions {
  readonly absentMs?: number;
  /** It was started with their folders. */
  readonly hasWorktrees?: boolean;
}

/** The agents' side, as the steward at this socket does it. Each call has a connection of its own: one that breaks
 *  has done its work or not, and nobody can tell, so none is ever sent again. */
export function createStewardClient(
  socketPath: string,
  { absentMs = ABSENT_MAX_MS, hasWorktrees = false }: StewardOptions = {},
): AgentSide {
  const call = createCall(socketPath, absentMs);

  return {
    askTmux:
      (socket) =>
      (args, { input, signal } = {}) =>
        call('askTmux', { socket, args, input: input ?? null }, signal),
    files: {
      sizeOf: (file) => call('sizeOf', { file }),
      readFrom: (file, offset) => call('readFrom', { file, offset }),
      list: (folder) => call('list', { folder }),
      hasRoom: () => call('hasRoom', {}),
      seedHome: (cwd, apiKey) => call('seedHome', { cwd, apiKey }),
      writeSettings: (workspace, settings) => call('writeSettings', { workspace, settings }),
      readOtherSettings: (cwd) => call('readOtherSettings', { cwd }),
      version: (program) => call('readVersion', { program }),
      door: {
        prepare: (workspace) => call('prepareDoor', { workspace }),
        renew: (workspace) => call('renewDoor', { workspace }),
        ask: (workspace, ask) => call('askDoor', { workspace, ask }),
        hear: (workspace, ask, withinMs) => call('hearDoor', { workspace, ask, withinMs }),
      },
      stream: {
        prepare: (workspace) => call('prepareStream', { workspace }),
        say: (workspace, line, at) => call('sayInStream', { workspace, line, at: at ?? null }),
        mend: (workspace) => call('mendStream', { workspace }),
        saidBytes: (workspace) => call('saidBytesInStream', { workspace }),
        said: (workspace, offset) => call('saidInStream', { workspace, offset }),
        hear: (workspace, offset, withinMs, signal) => call('hearStream', { workspace, offset, withinMs }, signal),
      },
      trace: {
        prepare: (workspace) => call('prepareTrace', { workspace }),
        put: (workspace, traceparent) => call('putTrace', { workspace, traceparent }),
      },
      isRoot: () => call('isRoot', {}),
    },
    workspaces: {
      ensure: (workspace) => call('ensureWorkspace', { workspace }),
      locate: (workspace) => call('locateWorkspace', { workspace }),
      check: () => call('checkWorkspaces', {}),
    },
    worktrees: hasWorktrees ? createRemoteWorktrees(call) : null,
    workspaceFiles: {
      receive: (workspace, name, bytes) => call('receiveFile', { workspace, name, bytes: toBase64(bytes) }),
      async read(workspace, path, maxBytes) {
        const found = await call('readWorkspaceFile', { workspace, path, maxBytes });
        return found.kind === 'found' ? { kind: 'found', bytes: Buffer.from(found.bytes, 'base64') } : found;
      },
    },
    sendSignal: (process, signal) => call('sendSignal', { process, signal }),
    terminals: (tmux) => createRemoteTerminals(socketPath, tmux),
  };
}

type Answer<N extends keyof Operations> = Promise<Awaited<ReturnType<Operations[N]>>>;

type Call = <N extends keyof Operations>(
  name: N,
  what: Parameters<Operations[N]>[0],
  signal?: AbortSignal,
  timeoutMs?: number,
) => Answer<N>;

function createCall(socketPath: string, absentMs: number): Call {
  return async (name, what, signal, timeoutMs = ANSWER_TIMEOUT_MS) => {
    const late = AbortSignal.timeout(timeoutMs);
    const either = signal === undefined ? late : AbortSignal.any([late, signal]);
    const response = await post(socketPath, `/${name}`, what, { signal: either, absentMs });
    const body: unknown = JSON.parse(await readAnswer(response));
    if (response.statusCode !== 200) throw toError(body as Problem);
    // The steward is of the same version, and says what it means.
    return body as never;
  };
}

function createRemoteWorktrees(call: Call): Worktrees {
  const ask: Call = (name, what, signal) =>
    call(name, what, signal, GIT_ANSWER_TIMEOUT_MS).catch((error: unknown) => {
      // The steward undoes what it began.
      signal?.throwIfAborted();
      throw error;
    });
  return {
    find: (repo) => ask('findRepository', { repo }),
    add: (name, signal) => ask('addWorktree', name, signal),
    diff: (of, maxBytes, signal) => ask('diffWorktree', { of, maxBytes }, signal),
    commit: (name, message, signal) => ask('commitWorktree', { name, message }, signal),
    remove: (name, signal) => ask('removeWorktree', name, signal),
    publish: (name, words, signal) => ask('publishWorktree', { name, words }, signal),
    sweep: (known, signal) => ask('sweepWorktrees', { known }, signal),
  };
}

const LOOK_EVERY_MS = 50;

/** Resolves when the steward answers: it starts at the same time as the gateway.
 *  @throws Error that names the variable when it does not, or cannot work. */
export async function untilStewardAnswers(side: AgentSide, socketPath: string): Promise<void> {
  await side.workspaces.check().catch((cause: unknown) => {
    throw new Error(`STEWARD_SOCKET: no steward at ${socketPath} that can work: ${String(cause)}`, { cause });
  });
}

/** A steward that crashed is started again at once. What could not be handed to it was not done, and is handed to the
 *  next one. */
async function post(socketPath: string, path: string, body: unknown, patience: Patience): Promise<IncomingMessage> {
  for (const until = performance.now() + patience.absentMs; ;) {
    try {
      return await postToSocket(socketPath, path, body, patience.signal);
    } catch (error) {
      if (!isAbsent(error) || performance.now() > until) throw error;
      await delay(LOOK_EVERY_MS, undefined, { signal: patience.signal });
    }
  }
}

interface Patience {
  readonly signal: AbortSignal;
  readonly absentMs: number;
}

function isAbsent(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code ?? '';
  return code === 'ENOENT' || code === 'ECONNREFUSED';
}

/** An agent may have taken the steward's place, and answer without an end. */
const ANSWER_MAX_BYTES = 128 * 1024 * 1024;

async function readAnswer(response: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of response as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > ANSWER_MAX_BYTES) throw new Error('the steward answers too much');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
