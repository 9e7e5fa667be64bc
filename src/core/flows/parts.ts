import type { AgentName } from '../model/agent.ts';
import type { ChatAccess } from '../model/chat.ts';
import { GatewayError } from '../model/errors.ts';
import type { AgentDriver } from '../ports/agent.ts';
import type { Clock } from '../ports/clock.ts';
import type { Hooks } from '../ports/hooks/hooks.ts';
import type { Ids } from '../ports/ids.ts';
import type { Log } from '../ports/log.ts';
import type { Worktrees } from '../ports/quick/worktrees.ts';
import type { Store } from '../ports/store.ts';
import type { TaskChannels } from '../ports/task-channels.ts';
import type { Terminals } from '../ports/terminal.ts';
import type { Transport } from '../ports/transport.ts';
import type { WorkspaceFiles } from '../ports/workspace-files.ts';
import type { Workspaces } from '../ports/workspaces.ts';

export interface RetentionSettings {
  /** What ended so long ago is forgotten; null: nothing is for its age. */
  readonly retentionMs: number | null;
  /** Beyond it the oldest is forgotten whatever its age; null: as much as the disk takes. */
  readonly retentionMaxBytes: number | null;
}

export interface FlowSettings extends RetentionSettings {
  readonly defaultAgent: AgentName;
  readonly turnTimeoutMs: number;
  /** How long a request may wait, from its acceptance. */
  readonly queueTimeoutMs: number;
  /** From the begin of a pause to the first probe; the later ones are twice as far apart each. */
  readonly pauseProbeMs: number;
  readonly queueMax: number;
  readonly sessionQueueMax: number;
  /** Agents that are live, start or end at the same time. */
  readonly maxLiveSessions: number;
  /** A session sleeps after so long without a turn. */
  readonly sessionIdleMs: number;
  readonly maxRunningTurns: number;
  readonly approvalTimeoutMs: number;
  /** Lets people type through the terminals that the gateway opens. */
  readonly terminalWriteEnabled: boolean;
  /** What an address did not take for so long is given up. */
  readonly deliveryGiveUpMs: number;
  /** Who may speak in each chat network that is configured. */
  readonly chats: ReadonlyMap<string, ChatAccess>;
  /** The largest file that is taken from a chat; 0: none. */
  readonly chatFileMaxBytes: number;
  /** What all work of a day (UTC) may cost, in millionths of a US dollar; null: as much as it takes. */
  readonly dailyMaxMicroUsd: number | null;
  /** What one session of quick tasks may cost. */
  readonly quickMaxMicroUsd: number | null;
  /** The gateway tells spans of its own. */
  readonly isTraced: boolean;
  /** The audit log has prompts, too. */
  readonly notesPrompts: boolean;
  /** How long an Idempotency-Key is remembered. */
  readonly idempotencyTtlMs: number;
}

/** What the flows stand on. */
export interface FlowParts {
  readonly store: Store;
  readonly drivers: ReadonlyMap<AgentName, AgentDriver>;
  readonly workspaces: Workspaces;
  readonly workspaceFiles: WorkspaceFiles;
  /** Null: there are no quick tasks. */
  readonly worktrees: Worktrees | null;
  readonly terminals: Terminals;
  /** What opens threads for new tasks. */
  readonly taskChannels: TaskChannels;
  readonly hooks: Hooks;
  /** By their names. */
  readonly transports: ReadonlyMap<string, Transport>;
  readonly clock: Clock;
  readonly ids: Ids;
  /** 0 to 1, to spread what would come all at once. */
  readonly chance: () => number;
  readonly log: Log;
  readonly settings: FlowSettings;
}

export function driverOf({ drivers }: Pick<FlowParts, 'drivers'>, agent: AgentName): AgentDriver {
  const driver = drivers.get(agent);
  if (driver === undefined) throw new GatewayError('internal', `no driver for ${agent}`);
  return driver;
}
