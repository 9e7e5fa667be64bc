import type { AgentDriver } from '../../../core/ports/agent.ts';
import type { ProgramOptions } from '../../program/driver/options.ts';
import { createProgramDriver } from '../../program/driver/program-driver.ts';
import { createLaunchRecords } from '../../program/launch/launch-record.ts';
import type { PrintSession } from '../session/session.ts';
import { adopt } from './adopt.ts';
import { launchPrint } from './launch-print.ts';
import { createLiveSessions } from './live-sessions.ts';
import { trace } from './trace.ts';

/** Drives `claude -p`: one process for each session, which stays between its turns. */
export function createPrintDriver(options: ProgramOptions): AgentDriver {
  const { tmux, files, prices, log } = options;
  const launches = createLaunchRecords(options.folder);
  const live = createLiveSessions(options, launches);
  return createProgramDriver<PrintSession>({
    agent: 'claude-print',
    options,
    launches,
    live,
    launch: async (start, signal) =>
      live.add(start.spec, await launchPrint(options, launches, start, signal), start.listener),
    mayPass: () => false,
    adopt: (spec, listener) => adopt({ tmux, files, live, launches }, spec, listener),
    // It comes with each end.
    readUsage: async () => null,
    trace: (needs, spec, past) => trace({ files, launches, prices, log, ...needs }, spec, past),
  });
}
