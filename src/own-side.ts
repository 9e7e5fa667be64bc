import path from 'node:path';
import { createAgentFiles } from './agents/program/files/agent-files.ts';
import type { AgentSide } from './agents/steward/agent-side.ts';
import { sendSignal } from './agents/processes/signals.ts';
import { createTerminals } from './agents/terminal/terminals.ts';
import { createAskTmux } from './agents/tmux/server/ask.ts';
import type { AskTmux } from './agents/tmux/server/command.ts';
import { readAgentEnvironment, readEditor } from './config/agent-environment.ts';
import { createShell } from './lib/shell.ts';
import { openFolder } from './lib/open-folder.ts';
import { createWorkspaceFiles } from './workspaces/files.ts';
import { createWorkspaces } from './workspaces/folders.ts';

export interface OwnSideOptions {
  /** The agents' HOME; it is made. */
  readonly home: string;
  /** WORKSPACES_ROOT; it is made. */
  readonly workspaces: string;
  /** Where the settings of the agents go. */
  readonly settings: string;
}

/** The agents' side by the rights of this process: of the gateway where the agents are of its own user, else of the
 *  steward. @throws Error that names the variable to change. */
export async function openOwnSide({ home, workspaces, settings }: OwnSideOptions): Promise<AgentSide> {
  await openFolder('WORKSPACES_ROOT', workspaces);
  await openFolder('AGENT_HOME', home, 0o700);
  const env = readAgentEnvironment(home);
  const asking = new Map<string, AskTmux>();
  const shell = createShell(env);
  const folders = createWorkspaces(workspaces);
  return {
    files: createAgentFiles({ home, settings, editor: readEditor(), env }),
    workspaces: folders,
    workspaceFiles: createWorkspaceFiles(folders),
    askTmux(socket) {
      // One for each server: whoever starts it, or looks for its socket, does so alone.
      const known = asking.get(socket) ?? createAskTmux({ socket, env, shell });
      asking.set(socket, known);
      return known;
    },
    sendSignal,
    terminals: (tmux) => createTerminals({ tmux, env }),
    close: () => shell.close(),
  };
}

/** Of agents that a steward looks after: nothing that they read lies in the gateway's data folder. */
export function toSettingsFolder(home: string): string {
  return path.join(home, '.gatehouse');
}
