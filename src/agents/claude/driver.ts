import { randomBytes, randomUUID } from 'node:crypto';
import { access, constants } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { GatewayError } from '../../core/model/errors.ts';
import { toSessionName, toWorkspace } from '../../core/model/workspace.ts';
import {
  AgentStartError,
  type AgentDriver,
  type AgentReadiness,
  type SessionListener,
  type SessionSpec,
  type TurnPast,
  type TurnTrace,
} from '../../core/ports/agent.ts';
import type { Log } from '../../core/ports/log.ts';
import type { Tmux } from '../tmux/tmux.ts';
import type { AgentFiles } from './process/agent-files.ts';
import { toComposerText } from './screen/composer.ts';
import type { HookPayload } from './hooks/hook-payload.ts';
import type { HookReceiver } from './hooks/hook-receiver.ts';
import { inspect } from './process/inspect.ts';
import { toAgentEnvironment, toArgv, type LaunchOptions } from './process/launch.ts';
import { createLaunchRecords } from './process/launch-record.ts';
import { probe } from './process/probe.ts';
import type { Conversation } from './transcript/conversation.ts';
import { createClaudeSession, type ClaudeSession } from './session/session.ts';
import { TOKEN_VARIABLE, toSettings } from './hooks/settings.ts';
import { endEarlier, FirstRunDialogError, startAgent } from './process/start.ts';
import { toEnd } from './watch/turn-ends.ts';
import { findTranscript, readTurn, type TranscriptFinding } from './transcript/transcript.ts';

export interface ClaudeOptions extends LaunchOptions {
  readonly tmux: Tmux;
  readonly files: AgentFiles;
  readonly hooks: HookReceiver;
  /** Where the driver keeps a folder for each workspace, with its launch record. */
  readonly folder: string;
  readonly log: Log;
}

interface NewSession {
  readonly token: string;
  readonly conversation: Conversation;
  readonly origin: 'started' | 'resumed' | 'adopted' | 'deaf';
  readonly listener: SessionListener;
}

/** A first-run dialog may stand although they are answered beforehand, when another agent's own write to the same
 *  file undid that. */
const START_TRIES = 3;
const nobody: SessionListener = { moved() {}, noticed() {} };
/** The transcript of a fresh prompt lags behind the model by up to 0.2 s. */
const TRANSCRIPT_LAG_MS = 1_000;
const TRANSCRIPT_LOOK_MS = 100;

export function createClaudeDriver(options: ClaudeOptions): AgentDriver {
  const { tmux, files, hooks, home, log } = options;
  const live = new Map<string, ClaudeSession>();
  const launches = createLaunchRecords(options.folder);

  async function check(): Promise<AgentReadiness> {
    const installed = options.bin !== null && (await isExecutable(options.bin));
    const { apiKey, oauthToken } = options.credentials;
    const credentials =
      apiKey !== null ||
      oauthToken !== null ||
      (await files.sizeOf(path.join(home, '.claude', '.credentials.json'))) !== null;
    return { installed, credentials, hint: toHint(installed, credentials, options.bin) };
  }

  function createSession(
    { workspace, cwd }: SessionSpec,
    { token, conversation, origin, listener }: NewSession,
  ): ClaudeSession {
    const session = createClaudeSession({
      tmux,
      files,
      name: toSessionName(workspace),
      cwd,
      conversation,
      origin,
      log,
      listener,
      onMoved: (moved) => launches.write(workspace, { token, hookPort: hooks.port, ...moved }),
      onClosed: () => {
        unregister();
        if (live.get(workspace) === session) live.delete(workspace);
      },
    });
    const unregister = hooks.register(token, (payload, gone) => session.tell(payload, gone));
    live.set(workspace, session);
    return session;
  }

  async function open(spec: SessionSpec, signal: AbortSignal, listener = nobody): Promise<ClaudeSession> {
    await live.get(spec.workspace)?.close();
    const ready = await check();
    if (!ready.installed || !ready.credentials) {
      throw new GatewayError('agent_unavailable', ready.hint ?? 'The agent cannot be started.', { retry: 'later' });
    }
    let known = spec;
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await launch(known, signal, listener);
      } catch (error) {
        if (!(error instanceof AgentStartError) || attempt === START_TRIES) throw error;
        if (isLost(error) && known.agentSessionId !== null) known = { ...spec, agentSessionId: null };
        else if (!(error instanceof FirstRunDialogError)) throw error;
        log.warn({ workspace: spec.workspace, attempt, error: error.message }, 'agent.started_again');
      }
    }
  }

  async function launch(spec: SessionSpec, signal: AbortSignal, listener: SessionListener): Promise<ClaudeSession> {
    const { workspace, cwd } = spec;
    await files.seedHome(cwd, options.credentials.apiKey);
    // An id works once with --session-id; once the conversation has a transcript it is resumed.
    const known = spec.agentSessionId === null ? null : await findTranscript(files, home, spec.agentSessionId);
    const agentSessionId = known === null ? randomUUID() : (spec.agentSessionId ?? randomUUID());
    const token = randomBytes(32).toString('base64url');
    await launches.write(workspace, { agentSessionId, token, hookPort: hooks.port, transcript: null });
    const settings = await files.writeSettings(workspace, toSettings(hooks.port, spec.rules, options.permissionMode));

    const started = Promise.withResolvers<HookPayload>();
    const unregister = hooks.register(token, (payload) => {
      if (payload.hook_event_name === 'SessionStart') started.resolve(payload);
      return {};
    });
    const pane = {
      session: toSessionName(workspace),
      cwd,
      env: { ...toAgentEnvironment(options), [TOKEN_VARIABLE]: token },
      argv: toArgv(options, settings, { ...spec, agentSessionId }, known !== null),
    };
    try {
      const payload = await startAgent({ tmux, pane, mark: TOKEN_VARIABLE, started: started.promise }, signal);
      if (payload.transcript_path === null) {
        await tmux.kill(pane.session);
        throw new AgentStartError('agent_error', 'The agent named no transcript: is CLAUDE_BIN the pinned version?');
      }
      const conversation = { agentSessionId: payload.session_id, transcript: payload.transcript_path };
      await launches.write(workspace, { token, hookPort: hooks.port, ...conversation });
      unregister();
      return createSession(spec, {
        token,
        conversation,
        origin: known === null ? 'started' : 'resumed',
        listener,
      });
    } catch (error) {
      unregister();
      throw error;
    }
  }

  async function adopt(spec: SessionSpec, listener = nobody): Promise<ClaudeSession | null> {
    const known = live.get(spec.workspace);
    if (known?.isClosing() === false) return known;
    await known?.close();
    const name = toSessionName(spec.workspace);
    const record = await launches.read(spec.workspace);
    // A conversation that the store does not know was deleted, or nothing was ever said in it.
    if (record === null || record.transcript === null || spec.agentSessionId === null) return null;
    const found = await tmux.pane(name);
    if (found === null || found.dead || (await tmux.variable(name, TOKEN_VARIABLE)) !== record.token) return null;
    const conversation = { agentSessionId: record.agentSessionId, transcript: record.transcript };
    const origin = record.hookPort === hooks.port ? 'adopted' : 'deaf';
    return createSession(spec, { token: record.token, conversation, origin, listener });
  }

  /** Looks again for a moment while the prompt is not there, when it may have been submitted just now. */
  async function findTurn(file: string | null, { prompt, transcriptOffset, entered }: TurnPast, isLive: boolean) {
    const { expected } = toComposerText(prompt);
    const lastLook = performance.now() + (entered && isLive ? TRANSCRIPT_LAG_MS : 0);
    let found: TranscriptFinding = { kind: 'absent' };
    if (file === null || transcriptOffset === null) return found;
    for (;;) {
      found = await readTurn(files, { file, offset: transcriptOffset }, expected);
      if (found.kind !== 'absent' || performance.now() >= lastLook) return found;
      await delay(TRANSCRIPT_LOOK_MS);
    }
  }

  async function trace(spec: SessionSpec, past: TurnPast, listener = nobody): Promise<TurnTrace> {
    const session = await adopt(spec, listener);
    const agentSessionId = session?.agentSessionId ?? spec.agentSessionId;
    const file = agentSessionId === null ? null : await findTranscript(files, home, agentSessionId);
    const found = await findTurn(file, past, session !== null);
    if (session !== null) {
      if (past.reported || found.kind !== 'absent') return { kind: 'alive', session };
      if (!past.entered) return { kind: 'unsubmitted', session };
      if (await session.holds(past.prompt)) return { kind: 'alive', session };
      // Whether it has the prompt, nobody can tell: it is resumed without it.
      await session.close();
    } else await endEarlier(tmux, toSessionName(spec.workspace), TOKEN_VARIABLE);
    const end = toEnd(found, null);
    if (end !== null) return { kind: 'ended', end };
    return found.kind === 'begun' ? { kind: 'cut_off', text: found.text } : { kind: 'no_proof' };
  }

  return {
    agent: 'claude',
    check,
    open,
    adopt,
    trace,

    async end(workspace) {
      await live.get(workspace)?.close();
      await endEarlier(tmux, toSessionName(workspace), TOKEN_VARIABLE);
    },

    async probe(signal) {
      const args = [...(options.model === null ? [] : ['--model', options.model]), ...options.extraArgs];
      const env = toAgentEnvironment(options);
      return probe({ tmux, bin: options.bin ?? 'claude', cwd: home, env, args }, signal);
    },

    inspect: (workspaces) => inspect(tmux, workspaces),
    screen: (workspace) => tmux.capture(toSessionName(workspace)),

    async listLive() {
      return (await tmux.list()).flatMap((name) => toWorkspace(name) ?? []);
    },

    async countSessions() {
      return (await tmux.list()).length;
    },

    async close() {
      for (const session of live.values()) session.letGo();
      live.clear();
    },
  };
}

/** The conversation was ended before its first words were on disk: there is nothing to resume. */
function isLost(error: AgentStartError): boolean {
  return error.message.includes('No conversation found with session ID');
}

function toHint(installed: boolean, credentials: boolean, bin: string | null): string | null {
  if (!installed)
    return `Claude Code is not installed${bin === null ? '' : ` at ${bin}`}: run npm ci, or set CLAUDE_BIN to its program.`;
  if (!credentials)
    return 'No Claude credentials: set ANTHROPIC_API_KEY or CLAUDE_CODE_OAUTH_TOKEN, or point AGENT_HOME at a home with a login.';
  return null;
}

function isExecutable(file: string): Promise<boolean> {
  return access(file, constants.X_OK).then(
    () => true,
    () => false,
  );
}
