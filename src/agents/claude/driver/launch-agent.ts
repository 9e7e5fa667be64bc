import { randomBytes, randomUUID } from 'node:crypto';
import { toSessionName } from '../../../core/model/workspace.ts';
import { AgentStartError, type SessionSpec } from '../../../core/ports/agent.ts';
import type { NewPane } from '../../tmux/open-session.ts';
import type { HookPayload } from '../hooks/hook-payload.ts';
import type { HookReceiver } from '../hooks/hook-receiver.ts';
import { TOKEN_VARIABLE, toSettings } from '../hooks/settings.ts';
import type { LaunchRecords } from '../process/launch-record.ts';
import { toAgentEnvironment, toAgentVariables, toArgv } from '../process/launch.ts';
import { startAgent } from '../process/start.ts';
import type { Conversation } from '../transcript/conversation.ts';
import { findTranscript } from '../transcript/transcript.ts';
import type { NewSession } from './live-sessions.ts';
import type { ClaudeOptions } from './options.ts';
import { toPast } from './past.ts';
import { refuseSilencing, toPins } from './pins.ts';

/** Starts the CLI for this session, or resumes its conversation, and waits for its word. Its launch is written before,
 *  so that a later process can take it over.
 *  @throws AgentStartError */
export async function launchAgent(
  options: ClaudeOptions,
  launches: LaunchRecords,
  spec: SessionSpec,
  signal: AbortSignal,
  unreadable: string | null = null,
): Promise<Omit<NewSession, 'listener'>> {
  const { files, hooks, home } = options;
  const version = await files.version(options.bin ?? 'claude');
  const { workspace, cwd } = spec;
  await files.seedHome(cwd, options.credentials.apiKey);
  // An id works once with --session-id; once the conversation has a transcript it is resumed.
  const known = spec.agentSessionId === null ? null : await findTranscript(files, home, spec.agentSessionId);
  const past = toPast(await launches.read(workspace), spec.agentSessionId, known, unreadable);
  const agentSessionId = known === null ? randomUUID() : (spec.agentSessionId ?? randomUUID());
  const token = randomBytes(32).toString('base64url');
  const record = { token, hookPort: hooks.port, version, ...past };
  await launches.write(workspace, { ...record, agentSessionId, transcript: null });
  const others = await files.readOtherSettings(cwd);
  refuseSilencing(others);
  const editor = await files.door.prepare(workspace);
  const settings = await files.writeSettings(workspace, {
    ...toSettings(hooks.port, spec.rules, options.permissionMode, editor, toAgentVariables(version)),
    ...toPins(others, hooks.port),
  });
  const pane = {
    session: toSessionName(workspace),
    cwd,
    env: { ...toAgentEnvironment(options, version), [TOKEN_VARIABLE]: token },
    argv: toArgv(options, settings, { ...spec, agentSessionId }, known !== null),
  };
  const word = hearStart(hooks, token);
  try {
    const conversation = await start(options, pane, word.started, signal);
    await launches.write(workspace, { ...record, ...conversation });
    return { ...record, conversation, origin: known === null ? 'started' : 'resumed' };
  } finally {
    word.unregister();
  }
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
  { tmux }: ClaudeOptions,
  pane: NewPane,
  started: Promise<HookPayload>,
  signal: AbortSignal,
): Promise<Conversation> {
  const payload = await startAgent({ tmux, pane, mark: TOKEN_VARIABLE, started }, signal);
  if (payload.transcript_path === null) {
    await tmux.kill(pane.session);
    throw new AgentStartError('agent_error', 'The agent named no transcript: is CLAUDE_BIN the pinned version?');
  }
  return { agentSessionId: payload.session_id, transcript: payload.transcript_path };
}
