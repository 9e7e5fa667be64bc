import type { AgentDriver } from '../../../core/ports/agent.ts';
import { createProgramDriver } from '../../program/driver/program-driver.ts';
import { createLaunchRecords } from '../../program/launch/launch-record.ts';
import type { ClaudeSession } from '../session/session.ts';
import { adopt } from './adopt.ts';
import type { ClaudeLaunch } from './claude-launch.ts';
import { launchAgent } from './launch-agent.ts';
import { createLiveSessions } from './live-sessions.ts';
import type { ClaudeOptions } from './options.ts';
import { FirstRunDialogError } from './start-dialogs.ts';
import { readPastUsage, trace } from './trace.ts';

export function createClaudeDriver(options: ClaudeOptions): AgentDriver {
  const { tmux, files, hooks, home, prices } = options;
  const launches = createLaunchRecords<ClaudeLaunch>(options.folder);
  const live = createLiveSessions(options, launches);
  return createProgramDriver<ClaudeSession>({
    agent: 'claude',
    options,
    launches,
    live,
    async launch(start, signal) {
      const { spec, listener } = start;
      return live.add(spec, { ...(await launchAgent(options, launches, start, signal)), listener });
    },
    mayPass: (error) => error instanceof FirstRunDialogError,
    adopt: (spec, listener) => adopt({ tmux, hooks, files, live, launches }, spec, listener),
    trace: (needs, spec, past) => trace({ files, home, prices, ...needs }, spec, past),
    readUsage: (spec, past) => readPastUsage({ files, home, prices }, spec, past),
  });
}
