import { toSessionName, toWorkspace } from '../../../core/model/workspace.ts';
import type { AgentDriver, SessionListener, SessionSpec, StartListener } from '../../../core/ports/agent.ts';
import { endEarlier } from '../../program/ending/end-agent.ts';
import { check } from '../../program/launch/check.ts';
import { inspect } from '../../program/launch/inspect.ts';
import { createLaunchRecords } from '../../program/launch/launch-record.ts';
import { toAgentEnvironment } from '../../program/launch/launch.ts';
import { open } from '../../program/launch/open.ts';
import { probe } from '../../program/launch/probe.ts';
import type { PrintSession } from '../session/session.ts';
import { adopt } from './adopt.ts';
import { launchPrint } from './launch-print.ts';
import { createLiveSessions } from './live-sessions.ts';
import type { PrintOptions } from './options.ts';
import { trace } from './trace.ts';

const nobody: SessionListener = { moved() {}, noticed() {} };

/** Drives `claude -p`: one process for each session, which stays between its turns. */
export function createPrintDriver(options: PrintOptions): AgentDriver {
  const { tmux, files, home, sendSignal, log } = options;
  const launches = createLaunchRecords(options.folder);
  const live = createLiveSessions(options, launches);
  const adoptFor = (listener: SessionListener) => (spec: SessionSpec) =>
    adopt({ tmux, files, live, launches }, spec, listener);

  async function end(workspace: string): Promise<void> {
    const agent = (await launches.read(workspace))?.agent ?? null;
    await endEarlier({ tmux, sendSignal }, toSessionName(workspace), agent);
  }

  return {
    agent: 'claude-print',
    check: () => check(options),
    open(spec, signal, listener: StartListener = nobody) {
      const launch = async (
        known: SessionSpec,
        _isLastTry: boolean,
        unreadable: string | null,
      ): Promise<PrintSession> =>
        live.add(known, await launchPrint(options, launches, { spec: known, unreadable }, signal), listener);
      const close = async (workspace: string): Promise<void> => live.get(workspace)?.close();
      return open({ close, check: () => check(options), launch, mayPass: () => false, log }, spec);
    },
    adopt: (spec, listener = nobody) => adoptFor(listener)(spec),
    trace: (spec, past, listener = nobody) =>
      trace({ files, launches, log, adopt: adoptFor(listener), end }, spec, past),
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
      inspect(tmux, workspaces, async (workspace) => live.get(workspace)?.readPermissionMode() ?? null),
    screen: (workspace) => tmux.capture(toSessionName(workspace)),
    listLive: async () => (await tmux.list()).flatMap((name) => toWorkspace(name) ?? []),
    countSessions: async () => (await tmux.list()).length,
    close: async () => live.letGo(),
  };
}
