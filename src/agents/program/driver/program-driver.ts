import type { AgentName } from '../../../core/model/agent.ts';
import { toSessionName, toWorkspace } from '../../../core/model/workspace.ts';
import type {
  AgentDriver,
  AgentStartError,
  SessionListener,
  SessionSpec,
  StartListener,
  TurnPast,
  TurnTrace,
} from '../../../core/ports/agent.ts';
import { endEarlier } from '../ending/end-agent.ts';
import { check } from '../launch/check.ts';
import { inspect } from '../launch/inspect.ts';
import type { LaunchRecords } from '../launch/launch-record.ts';
import { toAgentEnvironment } from '../launch/launch.ts';
import { open } from '../launch/open.ts';
import { probe } from '../launch/probe.ts';
import type { Live, ProgramSession } from './live.ts';
import type { ProgramOptions } from './options.ts';

/** A start of an agent. */
export interface ProgramStart {
  readonly spec: SessionSpec;
  readonly listener: StartListener;
  readonly isLastTry: boolean;
  /** The conversation that the session had, and of which the CLI found nothing in its file. */
  readonly unreadable: string | null;
}

/** What a look for a turn of an earlier process does with its agent. */
export interface TraceNeeds<S extends ProgramSession> {
  readonly adopt: (spec: SessionSpec) => Promise<S | null>;
  /** Ends what is left of it. */
  readonly end: (workspace: string) => Promise<void>;
}

export interface ProgramDriverParts<S extends ProgramSession> {
  readonly agent: AgentName;
  readonly options: ProgramOptions;
  readonly launches: Pick<LaunchRecords, 'read'>;
  readonly live: Live<S>;
  readonly launch: (start: ProgramStart, signal: AbortSignal) => Promise<S>;
  /** Whether another try can help. */
  readonly mayPass: (error: AgentStartError) => boolean;
  /** Takes over an agent that lives, by the record of its launch; null when there is none that is surely this one. */
  readonly adopt: (spec: SessionSpec, listener: SessionListener) => Promise<S | null>;
  readonly trace: (needs: TraceNeeds<S>, spec: SessionSpec, past: TurnPast) => Promise<TurnTrace>;
  readonly readUsage: AgentDriver['readUsage'];
}

const nobody: SessionListener = { moved() {}, noticed() {} };

/** Drives Claude Code, however it is talked to. */
export function createProgramDriver<S extends ProgramSession>(parts: ProgramDriverParts<S>): AgentDriver {
  const { options, launches, live, mayPass, adopt } = parts;
  const { tmux, files, home, sendSignal, log } = options;
  const close = async (workspace: string): Promise<void> => live.get(workspace)?.close();

  async function endLeft(workspace: string): Promise<void> {
    const agent = (await launches.read(workspace))?.agent ?? null;
    await endEarlier({ tmux, sendSignal }, toSessionName(workspace), agent);
  }

  return {
    agent: parts.agent,
    check: () => check(options),
    open(spec, signal, listener = nobody) {
      const launch = (known: SessionSpec, isLastTry: boolean, unreadable: string | null): Promise<S> =>
        parts.launch({ spec: known, listener, isLastTry, unreadable }, signal);
      return open({ close, check: () => check(options), launch, mayPass, log }, spec);
    },
    adopt: (spec, listener = nobody) => adopt(spec, listener),
    trace: (spec, past, listener = nobody) =>
      parts.trace({ adopt: (known) => adopt(known, listener), end: endLeft }, spec, past),
    readUsage: parts.readUsage,
    async end(workspace) {
      await close(workspace);
      await endLeft(workspace);
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
