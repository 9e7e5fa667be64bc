import { toSessionName, toWorkspace } from '../../../core/model/workspace.ts';
import type { AgentDriver, SessionListener, SessionSpec, StartListener } from '../../../core/ports/agent.ts';
import { inspect } from '../../program/launch/inspect.ts';
import { createLaunchRecords } from '../../program/launch/launch-record.ts';
import { toAgentEnvironment } from '../../program/launch/launch.ts';
import { probe } from '../../program/launch/probe.ts';
import { endEarlier } from '../../program/ending/end-agent.ts';
import { adopt } from './adopt.ts';
import type { ClaudeLaunch } from './claude-launch.ts';
import { check } from '../../program/launch/check.ts';
import { launchAgent } from './launch-agent.ts';
import { createLiveSessions } from './live-sessions.ts';
import { open } from '../../program/launch/open.ts';
import type { ClaudeOptions } from './options.ts';
import { FirstRunDialogError } from './start-dialogs.ts';
import { trace } from './trace.ts';

const nobody: SessionListener = { moved() {}, noticed() {} };

export function createClaudeDriver(options: ClaudeOptions): AgentDriver {
  const { tmux, files, hooks, home, sendSignal, log } = options;
  const launches = createLaunchRecords<ClaudeLaunch>(options.folder);
  const live = createLiveSessions(options, launches);
  const adoptFor = (listener: SessionListener) => (spec: SessionSpec) =>
    adopt({ tmux, hooks, live, launches }, spec, listener);

  async function end(workspace: string): Promise<void> {
    const agent = (await launches.read(workspace))?.agent ?? null;
    await endEarlier({ tmux, sendSignal }, toSessionName(workspace), agent);
  }

  return {
    agent: 'claude',
    check: () => check(options),
    open(spec, signal, listener: StartListener = nobody) {
      const launch = async (known: SessionSpec, isLastTry: boolean, unreadable: string | null) => {
        const start = { spec: known, asked: listener.asked, isLastTry, unreadable };
        return live.add(known, { ...(await launchAgent(options, launches, start, signal)), listener });
      };
      const close = async (workspace: string): Promise<void> => live.get(workspace)?.close();
      const mayPass = (error: unknown): boolean => error instanceof FirstRunDialogError;
      return open({ close, check: () => check(options), launch, mayPass, log }, spec);
    },
    adopt: (spec, listener = nobody) => adoptFor(listener)(spec),
    trace: (spec, past, listener = nobody) => trace({ files, home, adopt: adoptFor(listener), end }, spec, past),
    async end(workspace) {
      await live.get(workspace)?.close();
      await end(workspace);
    },
    async probe(signal) {
      const bin = options.bin ?? 'claude';
      const args = [...(options.model === null ? [] : ['--model', options.model]), ...options.extraArgs];
      const env = toAgentEnvironment(options, await files.version(bin));
      return probe({ tmux, bin, cwd: home, env, args }, signal);
    },
    inspect: (workspaces) =>
      inspect(tmux, workspaces, async (workspace) => (await live.get(workspace)?.readPermissionMode()) ?? null),
    screen: (workspace) => tmux.capture(toSessionName(workspace)),
    listLive: async () => (await tmux.list()).flatMap((name) => toWorkspace(name) ?? []),
    countSessions: async () => (await tmux.list()).length,
    close: async () => live.letGo(),
  };
}
