import { GatewayError } from '../../core/model/errors.ts';
import type { Worktrees } from '../../core/ports/quick/worktrees.ts';
import type { DoorAsk, DoorWord } from '../program/files/door-files.ts';
import type { Heard, StreamPaths } from '../program/files/stream-files.ts';
import type { OtherSettings } from '../program/files/other-settings.ts';
import type { ProcessMark } from '../processes/process-mark.ts';
import type { Signal } from '../processes/signals.ts';
import type { TmuxAnswer } from '../tmux/server/command.ts';
import type { FoundFile } from '../../core/ports/workspace-files.ts';
import type { AgentSide } from './agent-side.ts';

/** What the steward does when it is asked: `POST /<name>` with the call as JSON, answered by the result as JSON. */
export interface Operations {
  askTmux(call: AskTmuxCall, signal: AbortSignal): Promise<TmuxAnswer>;
  sizeOf(call: { readonly file: string }): Promise<number | null>;
  readFrom(call: { readonly file: string; readonly offset: number }): Promise<string>;
  list(call: { readonly folder: string }): Promise<readonly string[]>;
  hasRoom(call: object): Promise<boolean>;
  seedHome(call: { readonly cwd: string; readonly apiKey: string | null }): Promise<void>;
  writeSettings(call: { readonly workspace: string; readonly settings: object }): Promise<string>;
  readOtherSettings(call: { readonly cwd: string }): Promise<readonly OtherSettings[]>;
  readVersion(call: { readonly program: string }): Promise<string | null>;
  prepareDoor(call: { readonly workspace: string }): Promise<string | null>;
  renewDoor(call: { readonly workspace: string }): Promise<void>;
  askDoor(call: { readonly workspace: string; readonly ask: DoorAsk }): Promise<void>;
  hearDoor(call: DoorCall): Promise<DoorWord | null>;
  prepareStream(call: { readonly workspace: string }): Promise<StreamPaths>;
  sayInStream(call: SayCall): Promise<boolean>;
  mendStream(call: { readonly workspace: string }): Promise<void>;
  saidBytesInStream(call: { readonly workspace: string }): Promise<number>;
  saidInStream(call: { readonly workspace: string; readonly offset: number }): Promise<Heard | null>;
  hearStream(call: HearCall, signal: AbortSignal): Promise<Heard>;
  prepareTrace(call: { readonly workspace: string }): Promise<string>;
  putTrace(call: { readonly workspace: string; readonly traceparent: string | null }): Promise<void>;
  isRoot(call: object): Promise<boolean>;
  ensureWorkspace(call: { readonly workspace: string }): Promise<string>;
  locateWorkspace(call: { readonly workspace: string }): Promise<string>;
  checkWorkspaces(call: object): Promise<void>;
  findRepository(call: { readonly repo: string }): ReturnType<Worktrees['find']>;
  addWorktree(call: First<'add'>, signal: AbortSignal): ReturnType<Worktrees['add']>;
  diffWorktree(call: DiffCall, signal: AbortSignal): ReturnType<Worktrees['diff']>;
  commitWorktree(call: CommitCall, signal: AbortSignal): ReturnType<Worktrees['commit']>;
  removeWorktree(call: First<'remove'>, signal: AbortSignal): ReturnType<Worktrees['remove']>;
  publishWorktree(call: PublishCall, signal: AbortSignal): ReturnType<Worktrees['publish']>;
  sweepWorktrees(call: { readonly known: First<'sweep'> }, signal: AbortSignal): ReturnType<Worktrees['sweep']>;
  receiveFile(call: ReceiveFileCall): Promise<string>;
  readWorkspaceFile(call: ReadFileCall): Promise<CarriedFile>;
  sendSignal(call: { readonly process: ProcessMark; readonly signal: Signal }): Promise<boolean>;
}

type First<N extends keyof Worktrees> = Parameters<Worktrees[N]>[0];

interface DiffCall {
  readonly of: First<'diff'>;
  readonly maxBytes: number;
}

interface CommitCall {
  readonly name: First<'commit'>;
  readonly message: string;
}

interface PublishCall {
  readonly name: First<'publish'>;
  readonly words: Parameters<Worktrees['publish']>[1];
}

interface DoorCall {
  readonly workspace: string;
  readonly ask: Pick<DoorAsk, 'nonce' | 'isOurs'>;
  readonly withinMs: number;
}

interface SayCall {
  readonly workspace: string;
  readonly line: string;
  readonly at: number | null;
}

interface HearCall {
  readonly workspace: string;
  readonly offset: number;
  readonly withinMs: number;
}

/** Bytes go as base64. */
interface ReceiveFileCall {
  readonly workspace: string;
  readonly name: string;
  readonly bytes: string;
}

interface ReadFileCall {
  readonly workspace: string;
  readonly path: string;
  readonly maxBytes: number;
}

export type CarriedFile =
  | { readonly kind: 'found'; readonly bytes: string }
  | Extract<FoundFile, { readonly kind: 'refused' }>;

interface AskTmuxCall {
  readonly socket: string;
  readonly args: readonly string[];
  readonly input: string | null;
}

export function createOperations(side: AgentSide): Operations {
  const { files, workspaces, workspaceFiles } = side;
  return {
    askTmux: ({ socket, args, input }, signal) => side.askTmux(socket)(args, { input: input ?? undefined, signal }),
    sizeOf: ({ file }) => files.sizeOf(file),
    readFrom: ({ file, offset }) => files.readFrom(file, offset),
    list: ({ folder }) => files.list(folder),
    hasRoom: () => files.hasRoom(),
    seedHome: ({ cwd, apiKey }) => files.seedHome(cwd, apiKey),
    writeSettings: ({ workspace, settings }) => files.writeSettings(workspace, settings),
    readOtherSettings: ({ cwd }) => files.readOtherSettings(cwd),
    readVersion: ({ program }) => files.version(program),
    prepareDoor: ({ workspace }) => files.door.prepare(workspace),
    renewDoor: ({ workspace }) => files.door.renew(workspace),
    askDoor: ({ workspace, ask }) => files.door.ask(workspace, ask),
    hearDoor: ({ workspace, ask, withinMs }) => files.door.hear(workspace, ask, withinMs),
    prepareStream: ({ workspace }) => files.stream.prepare(workspace),
    sayInStream: ({ workspace, line, at }) => files.stream.say(workspace, line, at ?? undefined),
    mendStream: ({ workspace }) => files.stream.mend(workspace),
    saidBytesInStream: ({ workspace }) => files.stream.saidBytes(workspace),
    saidInStream: ({ workspace, offset }) => files.stream.said(workspace, offset),
    hearStream: ({ workspace, offset, withinMs }, signal) => files.stream.hear(workspace, offset, withinMs, signal),
    prepareTrace: ({ workspace }) => files.trace.prepare(workspace),
    putTrace: ({ workspace, traceparent }) => files.trace.put(workspace, traceparent),
    isRoot: () => files.isRoot(),
    ensureWorkspace: ({ workspace }) => workspaces.ensure(workspace),
    locateWorkspace: ({ workspace }) => workspaces.locate(workspace),
    checkWorkspaces: () => workspaces.check(),
    ...createWorktreeOperations(side),
    receiveFile: ({ workspace, name, bytes }) => workspaceFiles.receive(workspace, name, Buffer.from(bytes, 'base64')),
    async readWorkspaceFile({ workspace, path, maxBytes }) {
      const found = await workspaceFiles.read(workspace, path, maxBytes);
      return found.kind === 'found' ? { kind: 'found', bytes: toBase64(found.bytes) } : found;
    },
    sendSignal: ({ process, signal }) => side.sendSignal(process, signal),
  };
}

export function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}

type WorktreeOperation = Extract<keyof Operations, 'findRepository' | `${string}Worktree` | `${string}Worktrees`>;

function createWorktreeOperations(side: AgentSide): Pick<Operations, WorktreeOperation> {
  const its = (): Worktrees => {
    if (side.worktrees !== null) return side.worktrees;
    throw new GatewayError('internal', 'the steward was started without REPOS_ROOT and WORKTREES_ROOT');
  };
  return {
    findRepository: async ({ repo }) => its().find(repo),
    addWorktree: async (name, signal) => its().add(name, signal),
    diffWorktree: async ({ of, maxBytes }, signal) => its().diff(of, maxBytes, signal),
    commitWorktree: async ({ name, message }, signal) => its().commit(name, message, signal),
    removeWorktree: async (name, signal) => its().remove(name, signal),
    publishWorktree: async ({ name, words }, signal) => its().publish(name, words, signal),
    sweepWorktrees: async ({ known }, signal) => its().sweep(known, signal),
  };
}
