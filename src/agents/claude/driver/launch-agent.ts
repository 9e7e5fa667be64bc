import { toSessionName } from '../../../core/model/workspace.ts';
import { AgentStartError } from '../../../core/ports/agent.ts';
import type { ProcessMark } from '../../processes/process-mark.ts';
import type { HookPayload } from '../hooks/hook-payload.ts';
import type { HookReceiver } from '../hooks/hook-receiver.ts';
import { toSettings } from '../hooks/settings.ts';
import { TOKEN_VARIABLE } from '../../program/settings/session-settings.ts';
import { endAgent } from '../../program/ending/end-agent.ts';
import type { ClaudeLaunches } from './claude-launch.ts';
import { toAgentEnvironment, toAgentVariables, toArgv } from '../../program/launch/launch.ts';
import { startAgent, type StartParts } from '../../program/launch/start.ts';
import { createTerminal, type Terminal } from '../screen/terminal.ts';
import { findLists } from '../../program/files/silencing.ts';
import type { NewSession } from './live-sessions.ts';
import type { ClaudeOptions } from './options.ts';
import type { ProgramStart } from '../../program/driver/program-driver.ts';
import { prepare } from '../../program/launch/prepare.ts';
import { refuseSilencing, toPins } from './pins.ts';
import { attendStartDialogs } from './start-dialogs.ts';

/** Starts the CLI for this session, or resumes its conversation, and waits for its word. Its launch is written before,
 *  and its program as soon as it runs, so that a later process can take it over, or end it.
 *  @throws AgentStartError */
export async function launchAgent(
  options: ClaudeOptions,
  launches: ClaudeLaunches,
  { spec, listener, isLastTry, unreadable }: ProgramStart,
  signal: AbortSignal,
): Promise<Omit<NewSession, 'listener'>> {
  const { files, hooks } = options;
  const { workspace, cwd } = spec;
  const { record: prepared, earlier, isResumed } = await prepare(options, launches, spec, unreadable);
  const { agentSessionId, token, version } = prepared;
  const others = await files.readOtherSettings(cwd);
  const lists = findLists(others).map(({ key }) => key);
  const record = { ...prepared, hookPort: hooks.port, transcript: null, lists };
  await launches.write(workspace, { ...record, agent: earlier });
  refuseSilencing(others);
  const editor = await files.door.prepare(workspace);
  const trace = await files.trace.prepare(workspace);
  const variables = { ...toAgentVariables(version), [TOKEN_VARIABLE]: token };
  const settings = await files.writeSettings(workspace, {
    ...toSettings(hooks.port, spec.rules, options.permissionMode, editor, variables, trace),
    ...toPins(others, hooks.port),
  });
  const pane = {
    session: toSessionName(workspace),
    cwd,
    env: { ...toAgentEnvironment(options, version), [TOKEN_VARIABLE]: token },
    argv: toArgv(options, settings, { ...spec, agentSessionId }, isResumed),
  };
  const onRunning = (agent: ProcessMark): Promise<void> => launches.write(workspace, { ...record, agent });
  const word = hearStart(hooks, token);
  try {
    const terminal = openStartTerminal(options, pane.session);
    const attendDialog = attendStartDialogs({ terminal, asked: listener.asked, isLastTry, log: options.log });
    const parts = { pane, earlier, onRunning, started: word.started, attendDialog };
    const { conversation, agent } = await start(options, parts, signal);
    await launches.write(workspace, { ...record, agent, ...conversation });
    return { ...prepared, lists, conversation, agent, origin: isResumed ? 'resumed' : 'started' };
  } finally {
    word.unregister();
  }
}

/** Of a program that has said nothing yet. */
function openStartTerminal({ tmux, sendSignal }: ClaudeOptions, session: string): Terminal {
  const readActivity = async (): Promise<'idle'> => 'idle';
  return createTerminal({ tmux, sendSignal, session, readActivity, agent: null, isStarting: true, onContinued() {} });
}

interface StartWord {
  readonly started: Promise<HookPayload>;
  readonly unregister: () => void;
}

function hearStart(hooks: HookReceiver, token: string): StartWord {
  const started = Promise.withResolvers<HookPayload>();
  const unregister = hooks.register(token, (payload) => {
    if (payload.hook_event_name === 'SessionStart') started.resolve(payload);
    return {};
  });
  return { started: started.promise, unregister };
}

async function start(
  { tmux, sendSignal }: ClaudeOptions,
  parts: Omit<StartParts<HookPayload>, 'tmux' | 'sendSignal'>,
  signal: AbortSignal,
): Promise<Pick<NewSession, 'conversation' | 'agent'>> {
  const { word: payload, agent } = await startAgent({ tmux, sendSignal, ...parts }, signal);
  if (payload.transcript_path === null) {
    await endAgent({ tmux, sendSignal }, parts.pane.session, agent);
    throw new AgentStartError('agent_error', 'The agent named no transcript: is CLAUDE_BIN the pinned version?');
  }
  return { agent, conversation: { agentSessionId: payload.session_id, transcript: payload.transcript_path } };
}
