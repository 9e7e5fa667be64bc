import type { ProcessMark } from '../processes/process-mark.ts';
import type { Signal } from '../processes/signals.ts';
import type { TmuxAnswer } from '../tmux/server/command.ts';
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
  ensureWorkspace(call: { readonly workspace: string }): Promise<string>;
  checkWorkspaces(call: object): Promise<void>;
  sendSignal(call: { readonly process: ProcessMark; readonly signal: Signal }): Promise<boolean>;
}

interface AskTmuxCall {
  readonly socket: string;
  readonly args: readonly string[];
  readonly input: string | null;
}

export function createOperations(side: AgentSide): Operations {
  const { files, workspaces } = side;
  return {
    askTmux: ({ socket, args, input }, signal) => side.askTmux(socket)(args, { input: input ?? undefined, signal }),
    sizeOf: ({ file }) => files.sizeOf(file),
    readFrom: ({ file, offset }) => files.readFrom(file, offset),
    list: ({ folder }) => files.list(folder),
    hasRoom: () => files.hasRoom(),
    seedHome: ({ cwd, apiKey }) => files.seedHome(cwd, apiKey),
    writeSettings: ({ workspace, settings }) => files.writeSettings(workspace, settings),
    ensureWorkspace: ({ workspace }) => workspaces.ensure(workspace),
    checkWorkspaces: () => workspaces.check(),
    sendSignal: ({ process, signal }) => side.sendSignal(process, signal),
  };
}
