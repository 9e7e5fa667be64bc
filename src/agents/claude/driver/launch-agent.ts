import { randomBytes, randomUUID } from 'node:crypto';
import { toSessionName } from '../../../core/model/workspace.ts';
import { AgentStartError, type SessionSpec, type StartListener } from '../../../core/ports/agent.ts';
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
import { findTranscript } from '../../program/files/find-transcript.ts';
import type { NewSession } from './live-sessions.ts';
import type { ClaudeOptions } from './options.ts';
import { toPast } from '../../program/launch/past.ts';
import { refuseSilencing, toPins } from './pins.ts';
import { attendStartDialogs } from './start-dialogs.ts';

export interface Launch {
  readonly spec: SessionSpec;
  readonly asked: StartListener['asked'];
  readonly isLastTry: boolean;
  /** The conversation that the session had, and of which the CLI found nothing in its file. */
  readonly unreadable: string | null;
}

/** Starts the CLI for this session, or resumes its conversation, and waits for its word. Its launch is written before,
 *  and its program as soon as it runs, so that a later process can take it over, or end it.
 *  @throws AgentStartError */
export async function launchAgent(
  options: ClaudeOptions,
  launches: ClaudeLaunches,
  { spec, asked, isLastTry, unreadable }: Launch,
  signal: AbortSignal,
): Promise<Omit<NewSession, 'listener'>> {
  const { files, hooks, home } = options;
  const version = await files.version(options.bin ?? 'claude');
  const { workspace, cwd } = spec;
  await files.seedHome(cwd, options.credentials.apiKey);
  // An id works once with --session-id; once the conversation has a transcript it is resumed.
  const known = spec.agentSessionId === null ? null : await findTranscript(files, home, spec.agentSessionId);
  const before = await launches.read(workspace);
  const past = toPast(before, spec.agentSessionId, known, unreadable);
  const agentSessionId = known === null ? randomUUID() : (spec.agentSessionId ?? randomUUID());
  const token = randomBytes(32).toString('base64url');
  const earlier = before?.agent ?? null;
  const others = await files.readOtherSettings(cwd);
  const lists = findLists(others).map(({ key }) => key);
  const record = { agentSessionId, token, hookPort: hooks.port, transcript: null, version, lists, ...past };
  await launches.write(workspace, { ...record, agent: earlier });
  refuseSilencing(others);
  const editor = await files.door.prepare(workspace);
  const variables = { ...toAgentVariables(version), [TOKEN_VARIABLE]: token };
  const settings = await files.writeSettings(workspace, {
    ...toSettings(hooks.port, spec.rules, options.permissionMode, editor, variables),
    ...toPins(others, hooks.port),
  });
  const pane = {
    session: toSessionName(workspace),
    cwd,
    env: { ...toAgentEnvironment(options, version), [TOKEN_VARIABLE]: token },
    argv: toArgv(options, settings, { ...spec, agentSessionId }, known !== null),
  };
  const onRunning = (agent: ProcessMark): Promise<void> => launches.write(workspace, { ...record, agent });
  const word = hearStart(hooks, token);
  try {
    const terminal = openStartTerminal(options, pane.session);
    const attendDialog = attendStartDialogs({ terminal, asked, isLastTry, log: options.log });
    const parts = { pane, earlier, onRunning, started: word.started, attendDialog };
    const { conversation, agent } = await start(options, parts, signal);
    await launches.write(workspace, { ...record, agent, ...conversation });
    return { token, version, lists, ...past, conversation, agent, origin: known === null ? 'started' : 'resumed' };
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
