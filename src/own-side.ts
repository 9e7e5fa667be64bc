import path from 'node:path';
import { createAgentFiles } from './agents/program/files/agent-files.ts';
import type { AgentSide } from './agents/steward/agent-side.ts';
import { sendSignal } from './agents/processes/signals.ts';
import { createTerminals } from './agents/terminal/terminals.ts';
import { createAskTmux } from './agents/tmux/server/ask.ts';
import type { AskTmux } from './agents/tmux/server/command.ts';
import type { Worktrees } from './core/ports/quick/worktrees.ts';
import { readAgentEnvironment, readEditor } from './config/agent-environment.ts';
import { openFolder } from './lib/files/open-folder.ts';
import { createWorkspaceFiles } from './workspaces/files.ts';
import { createWorkspaces } from './workspaces/folders.ts';
import { createWorktrees, type WorktreeSettings } from './worktrees/worktrees.ts';

export interface OwnSideOptions {
  /** The agents' HOME; it is made. */
  readonly home: string;
  /** WORKSPACES_ROOT; it is made. */
  readonly workspaces: string;
  /** Where the settings of the agents go. */
  readonly settings: string;
  /** For quick tasks; null: there are none. */
  readonly quick: QuickFolders | null;
}

/** The agents' side by the rights of this process: of the gateway where the agents are of its own user, else of the
 *  steward. @throws Error that names the variable to change. */
export async function openOwnSide({ home, workspaces, settings, quick }: OwnSideOptions): Promise<AgentSide> {
  await openFolder('WORKSPACES_ROOT', workspaces);
  await openFolder('AGENT_HOME', home, 0o700);
  const env = readAgentEnvironment(home);
  const asking = new Map<string, AskTmux>();
  const folders = createWorkspaces(workspaces, quick?.worktrees ?? null);
  return {
    files: createAgentFiles({ home, settings, editor: readEditor(), env }),
    workspaces: folders,
    workspaceFiles: createWorkspaceFiles(folders),
    worktrees: quick === null ? null : await openWorktrees(quick, env),
    askTmux(socket) {
      // One for each server: whoever starts it, or looks for its socket, does so alone.
      const known = asking.get(socket) ?? createAskTmux({ socket, env });
      asking.set(socket, known);
      return known;
    },
    sendSignal,
    terminals: (tmux) => createTerminals({ tmux, env }),
  };
}

/** Where repositories are, where their worktrees go (it is made), and how long git may take. */
export type QuickFolders = Omit<WorktreeSettings, 'env'>;

async function openWorktrees(quick: QuickFolders, env: Readonly<Record<string, string>>): Promise<Worktrees> {
  return createWorktrees({ ...quick, worktrees: await openFolder('WORKTREES_ROOT', quick.worktrees), env });
}

/** Of agents that a steward looks after: nothing that they read lies in the gateway's data folder. */
export function toSettingsFolder(home: string): string {
  return path.join(home, '.gatehouse');
}
