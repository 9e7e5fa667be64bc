import type { Terminals } from '../../core/ports/terminal.ts';
import type { WorkspaceFiles } from '../../core/ports/workspace-files.ts';
import type { Workspaces } from '../../core/ports/workspaces.ts';
import type { Worktrees } from '../../core/ports/quick/worktrees.ts';
import type { AgentFiles } from '../program/files/agent-files.ts';
import type { SendSignal } from '../processes/signals.ts';
import type { AskTmux } from '../tmux/server/command.ts';
import type { Tmux } from '../tmux/tmux.ts';

/** What is done with the rights of the agents' user: by this process where that is its own user, else by the steward. */
export interface AgentSide {
  readonly files: AgentFiles;
  readonly workspaces: Workspaces;
  /** Null: there are no quick tasks. */
  readonly worktrees: Worktrees | null;
  readonly workspaceFiles: WorkspaceFiles;
  /** Asks the tmux server at this socket. */
  askTmux(socket: string): AskTmux;
  /** To a process of the agents' user. */
  readonly sendSignal: SendSignal;
  terminals(tmux: Tmux): Terminals;
}
