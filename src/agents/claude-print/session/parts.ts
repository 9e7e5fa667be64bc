import type { SessionListener } from '../../../core/ports/agent.ts';
import type { Log } from '../../../core/ports/log.ts';
import type { ProcessMark } from '../../processes/process-mark.ts';
import type { SendSignal } from '../../processes/signals.ts';
import type { AgentFiles } from '../../program/files/agent-files.ts';
import type { Memory } from '../../program/launch/memory.ts';
import type { PriceTable } from '../../program/prices/price-table.ts';
import type { Tmux } from '../../tmux/tmux.ts';

/** What a session is made of. */
export interface PrintSessionParts {
  readonly tmux: Tmux;
  readonly files: Pick<AgentFiles, 'stream' | 'trace' | 'hasRoom'>;
  readonly sendSignal: SendSignal;
  readonly prices: PriceTable;
  readonly log: Log;
  readonly workspace: string;
  /** The name of the tmux session. */
  readonly name: string;
  /** Of the launch. */
  readonly token: string;
  readonly version: string | null;
  readonly agentSessionId: string;
  /** Its program; null when it ended just now. */
  readonly agent: ProcessMark | null;
  /** In which its prompts run. */
  readonly permissionMode: string;
  readonly memory: Memory;
  readonly listener: SessionListener;
  /** Resolves when a later process would find the new conversation. */
  readonly onMoved: (agentSessionId: string) => Promise<void>;
  /** Called once, when the session is closed or its agent is gone. */
  readonly onClosed: () => void;
}
