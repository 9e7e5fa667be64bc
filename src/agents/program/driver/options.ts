import type { Log } from '../../../core/ports/log.ts';
import type { SendSignal } from '../../processes/signals.ts';
import type { Tmux } from '../../tmux/tmux.ts';
import type { AgentFiles } from '../files/agent-files.ts';
import type { LaunchOptions } from '../launch/launch.ts';
import type { PriceTable } from '../prices/price-table.ts';

/** What each driver of the program is made of. */
export interface ProgramOptions extends LaunchOptions {
  readonly tmux: Tmux;
  readonly files: AgentFiles;
  /** To a process of the agents' user. */
  readonly sendSignal: SendSignal;
  /** Where the driver keeps a folder for each workspace, with its launch record. */
  readonly folder: string;
  /** Of models, for what the program tells no cost of. */
  readonly prices: PriceTable;
  readonly log: Log;
}
